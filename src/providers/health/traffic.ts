import type { Clock } from '#kernel/ports.ts'
import type { Priority } from '#kernel/priority.ts'
import type { Milliseconds } from '#kernel/units.ts'
import type { Choice } from '#kernel/verdict.ts'
import type { NoPlace, Traffic, Turn } from '#pipeline/traffic.ts'
import type { BreakerSettings } from './breaker.ts'
import { createHealthBook, type HealthBook } from './health-book.ts'
import { DEFAULT_PLACE_LIMITS, Places, type Claimant, type PlaceLimits } from './places.ts'
import {
  DEFAULT_RETRY_BUDGET,
  fullBudget,
  refilled,
  spent,
  type RetryBudgetSettings,
} from './retry-budget.ts'
import { spread } from './spread.ts'
import { createSpeedBook, type SpeedBook } from './speed-book.ts'
import { openTurn } from './turn.ts'

export interface TrafficParts {
  readonly clock: Clock
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** Resolves after this long, or at once when the signal is aborted; never rejects. */
  readonly sleep: (ms: Milliseconds, signal: AbortSignal) => Promise<void>
  /** Places at a destination, by its id; read at each step. */
  readonly limitsOf?: (destination: string) => PlaceLimits
  /** When a model of a destination, by the id of that, counts as down. */
  readonly breakerOf?: (destination: string) => BreakerSettings
  readonly budget?: () => RetryBudgetSettings
}

/** The pipeline's traffic, and what it has measured. */
export interface MeasuredTraffic extends Traffic {
  enter(choice: Choice, caller: string, priority?: Priority): Turn | NoPlace
  wait(
    choice: Choice,
    caller: string,
    signal: AbortSignal,
    priority?: Priority,
  ): Promise<Turn | NoPlace>
  /** Other limits are in force: those who wait and have a place now get it. */
  limitsChanged(): void
  /** Mean time to the first byte and mean speed of late; null while unknown. */
  readonly measured: (
    destination: string,
    model: string,
  ) => { readonly firstByteMs: Milliseconds; readonly tokensPerSecond: number | null } | null
}

/** The traffic of one process; nothing of it outlives the process. */
export function createTraffic(parts: TrafficParts): MeasuredTraffic {
  const {
    clock,
    limitsOf = () => DEFAULT_PLACE_LIMITS,
    budget: settings = () => DEFAULT_RETRY_BUDGET,
  } = parts
  const health: HealthBook = createHealthBook(clock, parts.random, parts.breakerOf)
  const speeds: SpeedBook = createSpeedBook(clock)
  const places = new Map<string, Places>()
  let budget = fullBudget(clock(), settings())

  const placesAt = (destination: string): Places => {
    const known = places.get(destination)
    if (known) return known
    const opened = new Places(() => limitsOf(destination))
    places.set(destination, opened)
    return opened
  }
  const admitted = (choice: Choice, free: () => void): Turn | 'down' => {
    const as = health.admit(choice)
    if (as !== null) return openTurn(choice, as, { health, speeds, free })
    free()
    return 'down'
  }
  /** Waits for a place, and no longer than the limit. */
  const queued = async (
    at: Places,
    who: Claimant,
    signal: AbortSignal,
    queueMs: Milliseconds | null,
  ): Promise<boolean> => {
    if (queueMs === null) return at.queue(who, signal)
    const over = new AbortController()
    const either = AbortSignal.any([signal, over.signal])
    void parts.sleep(queueMs, either).then(() => over.abort())
    return at.queue(who, either).finally(() => over.abort())
  }
  return {
    health: () => health.unhealthy(),
    arrived() {
      budget = refilled(budget, 1, clock(), settings())
    },
    mayRepeat() {
      const left = spent(refilled(budget, 0, clock(), settings()))
      if (left) budget = left
      return left !== null
    },
    order: (allowed) => spread(allowed, (choice) => speeds.expected(choice), health.isCooling),
    enter(choice) {
      if (!health.mayAdmit(choice)) return 'down'
      const at = placesAt(choice.destination.id)
      return at.take() ? admitted(choice, () => at.release()) : 'busy'
    },
    async wait(choice, caller, signal, priority = 'normal') {
      if (!health.mayAdmit(choice)) return 'down'
      const { id } = choice.destination
      const at = placesAt(id)
      const isIn = await queued(at, { caller, priority }, signal, limitsOf(id).queueMs)
      return isIn ? admitted(choice, () => at.release()) : 'busy'
    },
    usualMs: (choice, share) => speeds.usualMs(choice, share),
    limitsChanged() {
      for (const at of places.values()) at.limitsChanged()
    },
    measured: (destination, model) => speeds.measured(`${destination}/${model}`),
  }
}
