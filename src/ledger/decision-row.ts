import type { Category, DataClass } from '#kernel/label.ts'
import type { Zone } from '#kernel/destination.ts'
import type { EpochMs } from '#kernel/units.ts'
import type { DecisionEvent, OutcomeEvent } from './event.ts'

/** What came of a decision, as a list shows it; times in milliseconds, null where unknown. */
export interface OutcomeView {
  readonly status: OutcomeEvent['status']
  readonly code: string | null
  readonly promptTokens: number | null
  readonly completionTokens: number | null
  readonly firstByteMs: number | null
  readonly totalMs: number
}

/** One decision as a list shows it; `outcome` is null while the request runs, or when the process died in it. */
export interface DecisionRow {
  readonly id: string
  readonly at: EpochMs
  readonly surface: string
  readonly key: string
  /** Ids of the team and the application of the key; absent when it has none. */
  readonly team?: string
  readonly application?: string
  readonly model: string
  readonly class: DataClass
  readonly categories: readonly Category[]
  readonly undetermined: boolean
  readonly findings: Readonly<Record<string, number>>
  readonly destination: string | null
  readonly served: string | null
  readonly zone: Zone | null
  readonly refusal: string | null
  readonly outcome: OutcomeView | null
}

/** Joins a decision with its outcome; live views and stored pages show the same row. */
export function decisionRow(
  id: string,
  at: EpochMs,
  decision: DecisionEvent,
  outcome: OutcomeEvent | null,
): DecisionRow {
  return {
    id,
    at,
    surface: decision.surface,
    key: decision.key,
    ...(decision.team === undefined ? {} : { team: decision.team }),
    ...(decision.application === undefined ? {} : { application: decision.application }),
    model: decision.model,
    class: decision.class,
    categories: decision.categories,
    undetermined: decision.undetermined,
    findings: decision.findings,
    destination: decision.destination,
    served: decision.served,
    zone: decision.zone,
    refusal: decision.refusal,
    outcome: outcome && outcomeView(outcome),
  }
}

/** An outcome as a list shows it. */
export function outcomeView(outcome: OutcomeEvent): OutcomeView {
  const { status, code, promptTokens, completionTokens, firstByteMs, totalMs } = outcome
  return { status, code, promptTokens, completionTokens, firstByteMs, totalMs }
}
