import type { BreakerSettings } from '#providers/health/breaker.ts'
import { DEFAULT_MODEL_BREAKER } from '#providers/health/health-book.ts'
import { DEFAULT_RETRY_BUDGET, type RetryBudgetSettings } from '#providers/health/retry-budget.ts'
import { DEFAULT_PLACE_LIMITS, type PlaceLimits } from '#providers/health/places.ts'
import type { Config } from '#config/types.ts'

type LimitsOf = Pick<Config, 'destinationLimits'>

/** The places at a destination as the file has them: of all processes that serve together. */
export const configuredLimits = (config: LimitsOf, destination: string): PlaceLimits =>
  config.destinationLimits.get(destination) ?? DEFAULT_PLACE_LIMITS

/** The places that one of so many processes gives out: its share, and where there are any at least one. */
export function limitsFor(config: LimitsOf, destination: string, workers: number): PlaceLimits {
  const limits = configuredLimits(config, destination)
  if (workers <= 1) return limits
  const share = (places: number): number =>
    places === 0 ? 0 : Math.max(1, Math.floor(places / workers))
  return { ...limits, concurrent: share(limits.concurrent), queue: share(limits.queue) }
}

/** When a model of this destination counts as down. */
export function breakerFor(
  { breakers }: Pick<Config, 'breakers'>,
  destination: string,
): BreakerSettings {
  const own = breakers.get(destination)
  if (!own) return DEFAULT_MODEL_BREAKER
  return {
    ...DEFAULT_MODEL_BREAKER,
    minimum: own.requests,
    badShare: own.failedShare,
    openMs: own.openMs,
    openMaxMs: Math.max(own.openMs, DEFAULT_MODEL_BREAKER.openMaxMs),
  }
}

const NOTHING: RetryBudgetSettings = { perRequest: 0, perSecond: 0, capacity: 0 }

/** What may be repeated; a share of nothing is nothing, also of a quiet gateway. */
export const budgetFor = ({ retries }: Pick<Config, 'retries'>): RetryBudgetSettings =>
  retries.budgetShare === 0 ? NOTHING : { ...DEFAULT_RETRY_BUDGET, perRequest: retries.budgetShare }
