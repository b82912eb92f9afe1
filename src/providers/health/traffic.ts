import type { Clock } from '#kernel/ports.ts'
import type { Milliseconds } from '#kernel/units.ts'
import type { Choice } from '#kernel/verdict.ts'
import type { Traffic, Turn } from '#pipeline/traffic.ts'
import { createHealthBook, type HealthBook } from './health-book.ts'
import { Places } from './places.ts'
import { DEFAULT_RETRY_BUDGET, fullBudget, refilled, spent } from './retry-budget.ts'
import { DEFAULT_SLOT_LIMITS, type SlotLimits } from './slots.ts'
import { spread } from './spread.ts'
import { createSpeedBook, type SpeedBook } from './speed-book.ts'
import { openTurn } from './turn.ts'

export interface TrafficParts {
  readonly clock: Clock
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** Places at a destination, by its id. */
  readonly limitsOf?: (destination: string) => SlotLimits
}

/** The pipeline's traffic, and what it has measured. */
export interface MeasuredTraffic extends Traffic {
  /** Mean time to the first byte and mean speed of late; null while unknown. */
  measured(
    destination: string,
    model: string,
  ): { readonly firstByteMs: Milliseconds; readonly tokensPerSecond: number | null } | null
}

/** The traffic of one process; nothing of it outlives the process. */
export function createTraffic({ clock, random, limitsOf }: TrafficParts): MeasuredTraffic {
  const health: HealthBook = createHealthBook(clock, random)
  const speeds: SpeedBook = createSpeedBook(clock)
  const places = new Map<string, Places>()
  let budget = fullBudget(clock(), DEFAULT_RETRY_BUDGET)

  const placesAt = (destination: string): Places => {
    const known = places.get(destination)
    if (known) return known
    const opened = new Places(limitsOf?.(destination) ?? DEFAULT_SLOT_LIMITS)
    places.set(destination, opened)
    return opened
  }
  const admitted = (choice: Choice, free: () => void): Turn | 'down' => {
    const as = health.admit(choice)
    if (as !== null) return openTurn(choice, as, { health, speeds, free })
    free()
    return 'down'
  }
  return {
    health: () => health.unhealthy(),
    arrived() {
      budget = refilled(budget, 1, clock(), DEFAULT_RETRY_BUDGET)
    },
    mayRepeat() {
      const left = spent(refilled(budget, 0, clock(), DEFAULT_RETRY_BUDGET))
      if (left) budget = left
      return left !== null
    },
    order: (allowed) => spread(allowed, (choice) => speeds.expected(choice), health.isCooling),
    enter(choice, caller) {
      if (!health.mayAdmit(choice)) return 'down'
      const at = placesAt(choice.destination.id)
      return at.take(caller) ? admitted(choice, () => at.release()) : 'busy'
    },
    async wait(choice, caller, signal) {
      if (!health.mayAdmit(choice)) return 'down'
      const at = placesAt(choice.destination.id)
      const isIn = await at.queue(caller, signal)
      return isIn ? admitted(choice, () => at.release()) : 'busy'
    },
    usualMs: (choice) => speeds.usualMs(choice),
    measured: (destination, model) => speeds.measured(`${destination}/${model}`),
  }
}
