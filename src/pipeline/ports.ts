import type { AnswerScanners } from '#guard/answers/guard-answer.ts'
import type { AnswerReport, Exchange, Receipt } from '#kernel/exchange.ts'
import type { Finding, Label } from '#kernel/label.ts'
import type { Ask, Clock, NewId } from '#kernel/ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Result } from '#kernel/result.ts'
import type { TextPart } from '#kernel/text-part.ts'
import type { Health, Verdict } from '#kernel/verdict.ts'
import type { AnswerCache } from '#caches/answer-cache.ts'
import type { LedgerEvent } from '#ledger/event.ts'
import type { Gate } from '#policy/gate.ts'
import type { UpstreamError } from '#protocols/dialect.ts'
import type { AnswerReader, SurfaceName } from '#protocols/surface.ts'
import type { Milliseconds } from '#kernel/units.ts'
import type { ToldLimits } from '#quotas/told.ts'
import type { Funds } from './bill.ts'
import type { Trying } from './retry-plan.ts'
import type { Limits } from './limits.ts'
import type { Masking } from './masking.ts'
import type { Traffic } from './traffic.ts'

/** A record on its way to the ledger: its place in the chain is fixed, `durable` tells when it is on the disk. */
export interface Recorded {
  readonly id: string
  readonly leaf: string
  readonly durable: Promise<Result<void, Refusal>>
}

export type Record = (
  event: LedgerEvent,
  of: { readonly tenant: string; readonly id?: string },
) => Result<Recorded, Refusal>

export interface Readiness {
  readonly health: Health
  /** What a model that is not ready is busy with: `downloading 43 %`. */
  readonly progress: string
}

/** The label of a request, and what explains it. */
export interface Classified {
  readonly label: Label
  readonly findings: readonly Finding[]
}

/** All that serving a request needs from outside; the pipeline itself has no I/O. */
export interface House {
  /** At once, or later where a text is large and read aside. */
  readonly classify: (parts: readonly TextPart[]) => Classified | Promise<Classified>
  readonly gate: Gate
  readonly readiness: () => Readiness
  readonly ask: Ask
  readonly record: Record
  /** Keeps the texts of a request where that is permitted; absent where nothing is ever kept. Never fails and never waits. */
  readonly keep?: (kept: Kept) => void
  /** Answers that were given before; absent where none are kept. */
  readonly cache?: Pick<AnswerCache, 'open'>
  /** Read answers where a rule asks for it; absent: such answers are refused. */
  readonly scanners?: AnswerScanners
  /** Keeps an answer until a person has read it; absent: such answers are withheld. */
  readonly hold?: (held: HeldAnswer) => Promise<Result<void, Refusal>>
  /** Absent: nothing can be masked, so nothing goes where it would have to be. */
  readonly masking?: Masking
  readonly traffic: Traffic
  readonly limits: Limits
  /** Prices and budgets; absent: nothing is counted. */
  readonly funds?: Funds
  /** Resolves after this long, or at once when the signal is aborted; never rejects. */
  readonly sleep: (ms: Milliseconds, signal: AbortSignal) => Promise<void>
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** Read once for each request. */
  readonly trying: () => Trying
  readonly clock: Clock
  /** Monotonic: how long something took is never asked of a calendar. */
  readonly now: () => Milliseconds
  readonly newId: NewId
}

/** The texts of one request, and the decision about it. */
export interface Kept {
  readonly exchange: Exchange
  readonly verdict: Verdict
  readonly decision: string
  readonly parts: readonly TextPart[]
}

/** An answer that waits for a person, and the request it belongs to. */
export interface HeldAnswer {
  readonly exchange: Exchange
  readonly verdict: Verdict
  readonly decision: string
  readonly surface: SurfaceName
  readonly destination: string
  readonly model: string
  /** Of request and answer together. */
  readonly label: Label
  /** What was found in the answer, by kind. */
  readonly found: AnswerReport['found']
  /** The rule that asks for it. */
  readonly rule: string
  readonly content: HeldContent
}

/** What a person reads, and what the caller gets when it is released. */
export interface HeldContent {
  readonly text: string
  readonly reasoning: string
  readonly calls: readonly { readonly name: string; readonly arguments: string }[]
  /** The whole answer in the caller's protocol. */
  readonly body: string
  /** The same with `slot`, within a string of JSON, for its text: what is edited stands there, and nothing else. */
  readonly template: string
  readonly slot: string
}

/** The caller's side of an exchange, in the caller's own dialect. */
export interface Reply {
  /** What the headers of the answer tell of limits; asked when they are written. */
  limits(told: () => ToldLimits | null): void
  /** Nothing has been shown yet: the whole answer is this refusal. `said` is the destination's own error, same dialect. */
  refuse(refusal: Refusal, receipt: Receipt | null, said: UpstreamError | null): void
  /** An answer in one piece. */
  whole(contentType: string, receipt: Receipt, body: Uint8Array): void
  /** The beginning of a stream. */
  head(contentType: string, receipt: Receipt): void
  /** False asks to hold back until `onDrain`. */
  write(piece: string | Uint8Array): boolean
  onDrain(resume: () => void): void
  end(): void
  /** The answer broke off after it began: an error frame, never a clean end. */
  interrupt(refusal: Refusal, failed: AnswerReader['failed']): void
}
