import type { EpochMs } from '#kernel/units.ts'

/** What may still be asked a second time, in requests; a token bucket for the whole process. */
export interface RetryBudget {
  readonly tokens: number
  readonly at: EpochMs
}

export interface RetryBudgetSettings {
  /** What each request adds: 0.1 lets one in ten be repeated. */
  readonly perRequest: number
  /** What each second adds, so that a quiet gateway may repeat too. */
  readonly perSecond: number
  readonly capacity: number
}

export const DEFAULT_RETRY_BUDGET: RetryBudgetSettings = {
  perRequest: 0.1,
  perSecond: 0.2,
  capacity: 10,
}

/** A full budget. */
export const fullBudget = (at: EpochMs, settings: RetryBudgetSettings): RetryBudget => ({
  tokens: settings.capacity,
  at,
})

/** The budget after one more request, or after time alone when `requests` is 0. */
export function refilled(
  budget: RetryBudget,
  requests: number,
  at: EpochMs,
  settings: RetryBudgetSettings,
): RetryBudget {
  const seconds = Math.max(0, at - budget.at) / 1000
  const more = requests * settings.perRequest + seconds * settings.perSecond
  return { tokens: Math.min(settings.capacity, budget.tokens + more), at: Math.max(at, budget.at) }
}

/** The budget after one repetition, or null when there is nothing left to spend. */
export const spent = (budget: RetryBudget): RetryBudget | null =>
  budget.tokens >= 1 ? { ...budget, tokens: budget.tokens - 1 } : null
