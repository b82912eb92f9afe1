import type { Category, DataClass } from '#kernel/label.ts'
import type { AnswerAction } from '#kernel/duties.ts'
import type { Opinion } from '#kernel/exchange.ts'
import type { Zone } from '#kernel/destination.ts'
import type { EpochMs } from '#kernel/units.ts'
import type { KeyLimits } from '#kernel/verdict.ts'
import type {
  BillEvent,
  CheckpointEvent,
  ConfigurationEvent,
  ErasureEvent,
  ModelAdmissionEvent,
  PolicyVersionEvent,
  RefusalEvent,
  ReviewEvent,
  SigningKeyEvent,
  SignInEvent,
} from './house-event.ts'

/** What was decided for one request, before anything left. No content: types and counts only. */
export interface DecisionEvent {
  readonly type: 'decision'
  readonly v: 1
  readonly surface: string
  /** Id of the caller's key. */
  readonly key: string
  readonly model: string
  readonly class: DataClass
  readonly categories: readonly Category[]
  readonly undetermined: boolean
  /** Distinct finding types and how many of each. */
  readonly findings: Readonly<Record<string, number>>
  /** Destination id, or null when nothing was eligible. */
  readonly destination: string | null
  readonly served: string | null
  readonly zone: Zone | null
  /** Refusal code when nothing was eligible. */
  readonly refusal: string | null
  readonly zones: readonly Zone[] | null
  readonly inputTokens: number
  readonly policy: string
  readonly catalogue: string
  /** The destinations that were not ready, so that the decision can be replayed. */
  readonly health: Readonly<Record<string, 'not-ready' | 'down'>>
  /** Ids of the team and the application that the key belongs to; absent when it has none. */
  readonly team?: string
  readonly application?: string
  /** What the key narrowed, so that the decision can be replayed; absent when it narrowed nothing. */
  readonly limits?: KeyLimits
  /** Id of the person that the key belongs to, and its purpose: rules may speak of them. */
  readonly person?: string
  readonly purpose?: string
  /** What budgets hold for it until its outcome, by `budget@second the period began`; absent when nothing. */
  readonly held?: Readonly<Record<string, number>>
  /** How soon the answer had to begin, and what was measured then; absent where nobody asked. */
  readonly latency?: {
    /** What the caller asked for, milliseconds; null: rules of the policy did. */
    readonly asked: number | null
    /** Mean milliseconds to the first byte of late, by `destination/model`. */
    readonly measured: Readonly<Record<string, number>>
  }
  /** What it was where some rule had it masked; absent when none had. */
  readonly masked?: readonly MaskedEvidence[]
  /** A model was asked what it says of the answer to this decision; absent: a caller asked. */
  readonly opinionOn?: string
}

/** What a request was in zones where it was masked: types and counts. */
export interface MaskedEvidence {
  readonly zones: readonly Zone[]
  /** What was masked: types of findings, and categories. */
  readonly types: readonly string[]
  readonly of: readonly Category[]
  /** Null: it could not be masked. */
  readonly class: DataClass | null
  readonly categories: readonly Category[]
  readonly undetermined: boolean
  readonly findings: Readonly<Record<string, number>>
}

/** What came of it. */
export interface OutcomeEvent {
  readonly type: 'outcome'
  readonly v: 1
  /** Id of the decision. */
  readonly decision: string
  readonly destination: string | null
  readonly status: 'answered' | 'refused' | 'failed' | 'cancelled'
  readonly code: string | null
  readonly promptTokens: number | null
  readonly completionTokens: number | null
  readonly firstByteMs: number | null
  readonly totalMs: number
  /** Every destination the content was sent to, in order; absent when it was one or none. */
  readonly sentTo?: readonly string[]
  /** Of the prompt, read from a cache; absent when the destination did not say. */
  readonly cachedTokens?: number
  /** Of the completion, spent on reasoning; absent when the destination did not say. */
  readonly reasoningTokens?: number
  /** Names of parameters the destination's dialect could not say; absent when none. Unknown names are the caller's text: `other`. */
  readonly dropped?: readonly string[]
  /** Millionths of the currency of the prices; absent when the price is unknown, which is not free. */
  readonly costMicro?: number
  /** Milliwatt-hours, estimated; absent when nothing is known of the model. */
  readonly energyMwh?: number
  /** Currency of the cost, ISO 4217; absent with it. */
  readonly currency?: string
  /** Tokens of the answer as we counted them, where the destination did not say. */
  readonly countedTokens?: number
  /** What budgets held and what was spent of it, by the names in the decision; absent when nothing was held. */
  readonly settled?: Readonly<Record<string, readonly [held: number, spent: number]>>
  /** The answer was kept before, this many seconds ago: nothing was sent, and `destination` is null. Absent when it was not. */
  readonly cached?: number
  /** Who had answered then; absent with it. */
  readonly cachedFrom?: string
  /** What was found in the answer, by kind, and how often; absent when nothing was, or nobody looked. */
  readonly answerFound?: Readonly<Record<string, number>>
  /** The strictest of what was done about it; absent when nobody looked. */
  readonly answerDone?: AnswerAction
  /** What other models said of the answer; absent when none was asked. */
  readonly opinion?: Opinion
  /** Values that were masked, and what became of their placeholders in the answer; absent when none was. */
  readonly masked?: {
    readonly values: number
    readonly restored: number
    /** In an address, or in the arguments of a tool that gets no values. */
    readonly kept: number
    /** Made up or altered by the model. */
    readonly unknown: number
  }
}

/** Something an administrator did: a key made or revoked, a destination trusted. */
export interface AdminEvent {
  readonly type: 'admin'
  readonly v: 1
  /** Key id, `local` for the owner of the machine, or `system` for the first start. */
  readonly actor: string
  readonly action: string
  readonly subject: string
  /** SHA-256, in hexadecimal, of the canonical JSON of what was changed, without keys; absent when there was nothing. */
  readonly before?: string
  readonly after?: string
}

export type LedgerEvent =
  | DecisionEvent
  | OutcomeEvent
  | AdminEvent
  | PolicyVersionEvent
  | ModelAdmissionEvent
  | SignInEvent
  | RefusalEvent
  | ReviewEvent
  | ErasureEvent
  | CheckpointEvent
  | SigningKeyEvent
  | ConfigurationEvent
  | BillEvent

/** Everything but requests: what the house itself does, and what is done to it. */
export type HouseEvent = Exclude<LedgerEvent, DecisionEvent | OutcomeEvent>

/** Every type of event, in the order in which they came to be; new ones are added at the end. */
export const EVENT_TYPES = [
  'decision',
  'outcome',
  'admin',
  'policy-version',
  'model-admission',
  'sign-in',
  'refusal',
  'review',
  'erasure',
  'checkpoint',
  'signing-key',
  'configuration',
  'bill-of-materials',
] as const satisfies readonly LedgerEvent['type'][]

/** Stored form of one event. Payload and salt can be erased; the leaf, and so the chain, stays. */
export interface LedgerRecord {
  /** UUID version 7, lower case. An outcome has the id of its decision; writer and seq are what is unique. */
  readonly id: string
  readonly tenant: string
  readonly writer: string
  /** From 1, without gaps, per writer. */
  readonly seq: number
  readonly at: EpochMs
  readonly type: LedgerEvent['type']
  /** Hash of the record before this one of the same writer; 32 zero bytes for the first. */
  readonly prev: Uint8Array
  /** SHA-256(salt || canonical payload). */
  readonly leaf: Uint8Array
  /** 16 random bytes, or null once erased. */
  readonly salt: Uint8Array | null
  /** Canonical JSON of the event, or null once erased. */
  readonly payload: string | null
}

/** A record as it is read: its link to the one before it is not kept, because it can be computed again. */
export type StoredRecord = Omit<LedgerRecord, 'prev'>
