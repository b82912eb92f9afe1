import type { Destination, ModelTask, ServedModel, Zone } from './destination.ts'
import type { Duties, MaskDuty } from './duties.ts'
import type { DataClass, Label } from './label.ts'
import type { Priority } from './priority.ts'
import type { Milliseconds } from './units.ts'

/** What the policy may know of a request: never its text. */
export interface Facts {
  readonly tenant: string
  readonly label: Label
  /** `auto`, a model name, or `destination/model`. */
  readonly requestedModel: string
  /** The caller may only narrow: a subset of zones. */
  readonly zones?: readonly Zone[]
  /** What the caller's key narrows; absent when it narrows nothing. */
  readonly limits?: KeyLimits
  /** What the request asks a model to do: `auto` never means a model that is known to do something else. */
  readonly task?: ModelTask
  /** The surface it came through, by the name the evidence has of it. */
  readonly surface?: string
  /** Who asks, as the key says. */
  readonly caller?: FactsOfCaller
  /** Types of findings and how many of each. */
  readonly findings?: Readonly<Record<string, number>>
  /** The answer must begin within this long; the caller may only narrow. */
  readonly maxLatencyMs?: Milliseconds
  /** What was measured of late, where the policy or the caller asks for it. */
  readonly measured?: Measured
  /** What it is for zones where some rule has it masked; absent: it has not been masked. */
  readonly masked?: readonly MaskedFacts[]
  /** Rough size of the request, tokens; orders by cost, decides nothing else. */
  readonly inputTokensEstimate: number
}

/** Means of late of one model at one destination. */
export interface Figures {
  readonly firstByteMs: Milliseconds
  readonly tokensPerSecond: number | null
}

/** By `destination/model`; absent: nothing measured yet. */
export type Measured = Readonly<Record<string, Figures>>

/** What a request is once it is masked for some zones: its texts, classified again. */
export interface MaskedFacts {
  readonly zones: readonly Zone[]
  /** What was masked. */
  readonly duty: MaskDuty
  /** Null: it cannot be masked. */
  readonly label: Label | null
  /** Types of findings and how many of each are left. */
  readonly findings: Readonly<Record<string, number>>
}

/** What a key says of where its requests may go; null narrows nothing. */
export interface KeyLimits {
  /** Names, aliases or `destination/model`, where `*` stands for any characters. */
  readonly models: readonly string[] | null
  readonly maxClass: DataClass | null
  readonly zones: readonly Zone[] | null
}

/** Ids of those who ask; absent where the key belongs to none. */
export interface FactsOfCaller {
  readonly key: string
  readonly application?: string
  readonly team?: string
  readonly person?: string
  readonly purpose?: string
}

/** Readiness by destination id, and by `destination/model` where one model differs; absent means ready. */
export type Health = Readonly<Record<string, 'ready' | 'not-ready' | 'down'>>

export interface Choice {
  readonly destination: Destination
  readonly model: ServedModel
  readonly zone: Zone
  /** The figures that ordered the list; null where unknown. */
  readonly costEuro: number | null
  readonly tokensPerSecond: number | null
  /** By what the policy ordered it; null where unknown. Absent where the policy says nothing of an order. */
  readonly figures?: Readonly<Record<string, number | null>>
  /** It sees the request masked so, and what is left of its label; absent: it sees it as it is. */
  readonly masked?: { readonly duty: MaskDuty; readonly label: Label }
}

export const REFUSED_CODES = [
  'clearance-too-low',
  'zone-not-allowed',
  'jurisdiction-not-allowed',
  'class-not-mentioned',
  'category-withheld',
  'not-maskable',
  'denied',
  'destination-not-allowed',
  'model-not-allowed',
  'licence-not-allowed',
  'openness-too-low',
  'retention-too-long',
  'training-not-excluded',
  'certification-missing',
  'weights-quarantined',
  'weights-suspended',
  'weights-revoked',
  'weights-changed',
  'exception-missing',
  'licence-blocked',
  'weights-not-verified',
  'weights-not-approved',
  'engine-vulnerable',
  'too-slow',
  'not-enabled',
  'not-trusted',
  'zone-excluded-by-caller',
  'class-above-key',
  'zone-not-allowed-by-key',
  'model-not-allowed-by-key',
  'not-ready',
  'down',
] as const
export type RefusedCode = (typeof REFUSED_CODES)[number]

export interface RefusedChoice {
  readonly destination: string
  readonly model: string
  readonly code: RefusedCode
  /** Id of the policy rule that said no, or of the destination's own clearance. */
  readonly rule: string
}

/** Destinations in the order to try, the refused ones with their reason, and what must be done on the way. */
export interface Verdict {
  readonly label: Label
  readonly chosen: Choice | null
  readonly allowed: readonly Choice[]
  readonly refused: readonly RefusedChoice[]
  readonly duties: Duties
  readonly policyVersion: string
  readonly catalogueVersion: string
}

/** Narrowing headers may raise the class, never lower it. */
export interface Narrowing {
  readonly class?: DataClass
  readonly zones?: readonly Zone[]
  readonly maxLatencyMs?: Milliseconds
  /** A place further back in line, never further in front. */
  readonly priority?: Priority
  /** What the caller wants of answers that were kept. */
  readonly cache?: CacheWishes
}

/** What a caller does without; nothing here can ask for an answer that would not have come. */
export interface CacheWishes {
  /** Nothing is kept of this exchange, and nothing that was kept is shown. */
  readonly noStore: boolean
  /** Nothing that was kept is shown. */
  readonly noCache: boolean
  /** Nothing older is shown; null: any age. */
  readonly maxAgeSeconds: number | null
}
