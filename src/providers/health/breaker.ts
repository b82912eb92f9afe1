import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import {
  countOutcomes,
  EMPTY_WINDOW,
  withOutcome,
  type OutcomeWindow,
  type WindowSettings,
} from './outcome-window.ts'

export interface BreakerSettings extends WindowSettings {
  /** Outcomes below which nothing is concluded. */
  readonly minimum: number
  /** Share of bad outcomes, 0 to 1, from which it opens. */
  readonly badShare: number
  /** How long it stays open the first time; doubled at each failed probe. */
  readonly openMs: Milliseconds
  readonly openMaxMs: Milliseconds
}

/**
 * A circuit breaker. Closed lets everything through; open lets nothing through until its time is over, then the one
 * request that comes next is the probe; half-open means that the probe is on its way.
 */
export type Breaker =
  | { readonly kind: 'closed'; readonly window: OutcomeWindow; readonly trips: number }
  | { readonly kind: 'open'; readonly until: EpochMs; readonly trips: number }
  | { readonly kind: 'half-open'; readonly trips: number }

export const CLOSED: Breaker = { kind: 'closed', window: EMPTY_WINDOW, trips: 0 }

/** How a request was let in. */
export type Admission = 'normal' | 'probe'

export type BreakerEvent =
  | { readonly kind: 'admitted' }
  /** `chance` in [0, 1) spreads the probes of many breakers. */
  | { readonly kind: 'bad'; readonly as: Admission; readonly chance: number }
  | { readonly kind: 'good'; readonly as: Admission }
  /** The request told nothing of the destination: cancelled, or refused for its own sake. */
  | { readonly kind: 'nothing'; readonly as: Admission }

/** How a request that comes now would be let in, or null. */
export function admission(breaker: Breaker, at: EpochMs): Admission | null {
  if (breaker.kind === 'closed') return 'normal'
  return breaker.kind === 'open' && at >= breaker.until ? 'probe' : null
}

/** The breaker after one event. Outcomes of requests that were let in before it opened change nothing any more. */
export function breakerStep(
  breaker: Breaker,
  event: BreakerEvent,
  at: EpochMs,
  settings: BreakerSettings,
): Breaker {
  switch (event.kind) {
    case 'admitted':
      return admission(breaker, at) === 'probe'
        ? { kind: 'half-open', trips: breaker.trips }
        : breaker
    case 'good':
      if (breaker.kind === 'closed') return afterGood(breaker, at, settings)
      return isProbe(breaker, event.as) ? { ...CLOSED, trips: breaker.trips } : breaker
    case 'bad':
      if (breaker.kind === 'closed') return afterBad(breaker, at, event.chance, settings)
      return isProbe(breaker, event.as)
        ? opened(breaker.trips, at, event.chance, settings)
        : breaker
    case 'nothing':
      return isProbe(breaker, event.as)
        ? { kind: 'open', until: at, trips: breaker.trips }
        : breaker
  }
}

type Closed = Extract<Breaker, { kind: 'closed' }>

const isProbe = (breaker: Breaker, as: Admission): boolean =>
  breaker.kind === 'half-open' && as === 'probe'

function afterGood(breaker: Closed, at: EpochMs, settings: BreakerSettings): Breaker {
  const window = withOutcome(breaker.window, at, true, settings)
  const { total, bad } = countOutcomes(window, at, settings)
  // well for long enough: the next trouble starts from the short pause again
  const isCalm = bad === 0 && total >= settings.minimum
  return { kind: 'closed', window, trips: isCalm ? 0 : breaker.trips }
}

function afterBad(
  breaker: Closed,
  at: EpochMs,
  chance: number,
  settings: BreakerSettings,
): Breaker {
  const window = withOutcome(breaker.window, at, false, settings)
  const { total, bad } = countOutcomes(window, at, settings)
  const isTooMuch = total >= settings.minimum && bad >= total * settings.badShare
  return isTooMuch ? opened(breaker.trips, at, chance, settings) : { ...breaker, window }
}

function opened(trips: number, at: EpochMs, chance: number, settings: BreakerSettings): Breaker {
  const full = Math.min(settings.openMaxMs, settings.openMs * 2 ** Math.min(trips, 16))
  return { kind: 'open', until: at + full / 2 + (chance * full) / 2, trips: trips + 1 }
}
