import type { Language } from './refusal-messages.ts'
import type { Narrowing } from './verdict.ts'
import type { DataClass } from './label.ts'
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

/** One request on its way through the house; its content stays with the surface that read it. */
export interface Exchange {
  readonly id: string
  readonly receivedAt: EpochMs
  readonly caller: Caller
  readonly language: Language
  readonly narrowing: Narrowing
  /** As it was sent; absent where nobody measured it. */
  readonly size?: {
    readonly bytes: number
    /** Most tokens that the answer may have; null: not said. */
    readonly outputLimit: number | null
  }
}

/** What the caller gets to hold: the label, where it went, and the proof that the decision was recorded. */
export interface Receipt {
  readonly decision: string
  /** Leaf hash of the decision's ledger record, hex. */
  readonly leaf: string
  readonly class: DataClass
  readonly undetermined: boolean
  readonly destination: string | null
  /** How often the request was sent, so far; 0 or absent when it was not. */
  readonly attempts?: number
  /** Names of what the destination's dialect could not say. */
  readonly dropped: readonly string[]
}
