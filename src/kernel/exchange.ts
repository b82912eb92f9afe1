import type { JsonObject } from './canonical-json.ts'
import type { Language } from './refusal-messages.ts'
import type { Narrowing } from './verdict.ts'
import type { EpochMs } from './units.ts'

/** What a key may do. */
export const SCOPES = ['inference', 'classify', 'audit', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

/** Who asks, as the key says; never what the request claims. */
export interface Caller {
  readonly tenant: string
  readonly keyId: string
  readonly name: string
  readonly scopes: readonly Scope[]
}

/** One request on its way through the house. */
export interface Exchange {
  readonly id: string
  readonly receivedAt: EpochMs
  readonly surface: 'openai-chat'
  readonly caller: Caller
  readonly language: Language
  readonly requestedModel: string
  readonly stream: boolean
  readonly body: JsonObject
  readonly narrowing: Narrowing
}
