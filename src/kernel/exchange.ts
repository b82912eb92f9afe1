import type { JsonObject } from './canonical-json.ts'
import type { AnswerAction, AnswerKind } from './duties.ts'
import type { Language } from './refusal-messages.ts'
import type { Narrowing } from './verdict.ts'
import type { Zone } from './destination.ts'
import type { DataClass } from './label.ts'
import type { Grant, Permission } from './permission.ts'
import type { EpochMs } from './units.ts'

/** What a key narrows; null narrows nothing. Each is one more condition, never one less. */
export interface Restrictions {
  /** Names, aliases or `destination/model`, where `*` stands for any characters. */
  readonly models: readonly string[] | null
  /** Names of surfaces as the evidence has them: `openai-chat`, `anthropic-messages` ... */
  readonly surfaces: readonly string[] | null
  /** The highest class of a request. */
  readonly maxClass: DataClass | null
  readonly zones: readonly Zone[] | null
  /** Addresses and blocks (CIDR) that the caller may come from. */
  readonly addresses: readonly string[] | null
}

export const NO_RESTRICTIONS: Restrictions = {
  models: null,
  surfaces: null,
  maxClass: null,
  zones: null,
  addresses: null,
}

/** Who asks, as the key, session or token says; never what the request claims. */
export interface Caller {
  /** The organisation. */
  readonly tenant: string
  /** Id of the key; for a session of a person or a token the id that stands for it in the evidence. */
  readonly keyId: string
  readonly name: string
  readonly grants: readonly Grant[]
  /** What all of that allows, the owner of the key and the organisation counted in. */
  readonly permissions: readonly Permission[]
  readonly team: string | null
  readonly application: string | null
  readonly person: string | null
  readonly purpose: string | null
  readonly restrictions: Restrictions
}

/** A caller of whom nothing but the key is known, and who may only use models; for tests and as a start. */
export const plainCaller = (tenant: string, keyId: string, name: string): Caller => ({
  tenant,
  keyId,
  name,
  grants: ['inference'],
  permissions: ['inference', 'status.read'],
  team: null,
  application: null,
  person: null,
  purpose: null,
  restrictions: NO_RESTRICTIONS,
})

/** All of a request that an answer can depend on: to tell two requests apart, and for nothing else. */
export interface RequestLikeness {
  /** Path and query, without a key. */
  readonly path: string
  /** Headers that the surface reads. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: JsonObject
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
  /** Built when asked for; absent where the body is no JSON. */
  readonly likeness?: () => RequestLikeness
}

/** What came of looking through an answer: kinds and counts, never values. */
export interface AnswerReport {
  readonly found: Readonly<Partial<Record<AnswerKind, number>>>
  /** The strictest of what was done; pass: nothing. */
  readonly done: AnswerAction
  /** What could not be read was not let through. */
  readonly isUnreadable: boolean
}

/** What another model says of an answer; none: it did not say, or could not be asked. */
export const OPINIONS = ['yes', 'no', 'none'] as const
export type Opinion = (typeof OPINIONS)[number]

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
  /** What was found in the answer so far, by kind, and what was done about it; absent when nobody looked. */
  readonly answer?: () => AnswerReport
  /** What other models said of the answer; absent when none was asked. */
  readonly opinion?: Opinion
  /** The answer must say that a machine wrote it. */
  readonly isDisclosed?: true
  /** How many values were masked, and what became of their placeholders so far; absent when none was. */
  readonly masked?: () => {
    readonly values: number
    readonly restored: number
    readonly kept: number
    readonly unknown: number
  }
  /** The budget that binds most, and what is left of it in its smallest unit; absent when none has a hard limit. */
  readonly budget?: {
    readonly id: string
    readonly remaining: number
    readonly unit: string
    readonly isOverSoft: boolean
  }
  /** Whether the answer was kept before, and since when; absent where no cache is kept. */
  readonly cache?: CacheReceipt
}

export interface CacheReceipt {
  readonly state: 'hit' | 'miss' | 'bypass'
  /** Of a hit. */
  readonly ageSeconds?: number
}
