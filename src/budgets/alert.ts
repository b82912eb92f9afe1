import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import type { Amount, Budget, PeriodKey } from './budget.ts'
import type { Period } from './period.ts'

export const THRESHOLDS = ['soft', 'hard'] as const
export type Threshold = (typeof THRESHOLDS)[number]

/** A threshold that was passed: ids and figures, no content. */
export interface Alert {
  /** The same for one threshold of one period of one budget, whoever notices it: receivers may rely on it. */
  readonly id: string
  readonly tenant: string
  /** The body that is sent, as it is. */
  readonly body: string
}

export interface QueuedAlert extends Alert {
  readonly at: EpochMs
  /** Times that it was sent, or tried. */
  readonly tries: number
  readonly state: 'due' | 'sent' | 'given-up'
}

/** Times that an alert is tried in all: with the waits below about a day. */
export const ALERT_TRIES = 16
/** The first wait, doubled by each try. */
const FIRST_WAIT_MS: Milliseconds = 5_000
const LONGEST_WAIT_MS: Milliseconds = 6 * 3_600_000

/** How long to wait after this many tries. */
export const alertWaitMs = (tries: number): Milliseconds =>
  Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, tries - 1), LONGEST_WAIT_MS)

/** At most one of this name is ever queued. */
export const alertId = ({ tenant, budget, start }: PeriodKey, threshold: Threshold): string =>
  `budget_${tenant}_${budget}_${Math.floor(start / 1000)}_${threshold}`

/** The alert for a threshold of a period, with the figures of the moment. */
export function alertOf(
  budget: Budget,
  period: Period,
  threshold: Threshold,
  spent: Amount,
  at: EpochMs,
): Alert {
  const key = { tenant: budget.tenant, budget: budget.id, start: period.start }
  const iso = (time: EpochMs): string | null =>
    Number.isFinite(time) ? new Date(time).toISOString() : null
  const body = {
    type: `budget.${threshold}`,
    timestamp: iso(at),
    data: {
      tenant: budget.tenant,
      budget: budget.id,
      scope: budget.scope,
      match: budget.match,
      unit: budget.unit,
      currency: budget.currency === '' ? null : budget.currency,
      soft: budget.soft,
      hard: budget.hard,
      spent,
      periodStart: iso(period.start),
      periodEnd: iso(period.end),
    },
  }
  return { id: alertId(key, threshold), tenant: budget.tenant, body: JSON.stringify(body) }
}
