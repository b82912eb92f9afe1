import type { RefusalCode } from '#kernel/refusal.ts'
import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import type { Stage } from '#gateway/ports.ts'
import type { DecisionEvent, OutcomeEvent } from '#ledger/event.ts'
import type { TraceParent } from './trace-parent.ts'

export interface StageTime {
  readonly stage: Stage
  readonly ms: Milliseconds
}

/** All that is known of one request once it has ended: ids, codes and figures, never content. Plain data, so that a worker can send it. */
export interface Observation {
  readonly request: string
  /** The path as the route is written, `/v1/chat/completions`; null when no route was met. */
  readonly route: string | null
  /** Null when the request was refused before it was read. */
  readonly surface: string | null
  readonly stream: boolean
  /** Of the HTTP answer; 499 when the caller left first. */
  readonly status: number
  /** Of the body that was read. */
  readonly bytes: number
  readonly startedAt: EpochMs
  readonly durationMs: Milliseconds
  readonly firstByteMs: Milliseconds | null
  readonly stages: readonly StageTime[]
  readonly decisionId: string | null
  readonly decision: DecisionEvent | null
  readonly outcome: OutcomeEvent | null
  /** What the caller was told, where the whole answer was a refusal. */
  readonly refusal: RefusalCode | null
  readonly parent: TraceParent | null
}

/** How it ended, in the words of the ledger. */
export type Ending = OutcomeEvent['status']

/** The ending of a request; one that was refused before any decision has no outcome in the ledger. */
export function endingOf({ outcome, status }: Observation): Ending {
  if (outcome) return outcome.status
  if (status === 499) return 'cancelled'
  return status >= 500 ? 'failed' : 'refused'
}

/** The code of what went wrong, or null. */
export const codeOf = ({ outcome, refusal }: Observation): string | null => outcome?.code ?? refusal
