import type { Clock } from '#kernel/ports.ts'
import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import type { Choice, Health } from '#kernel/verdict.ts'
import {
  admission,
  breakerStep,
  CLOSED,
  type Admission,
  type Breaker,
  type BreakerEvent,
  type BreakerSettings,
} from './breaker.ts'
import { placeKey } from './speed-book.ts'

const WINDOW = { windowMs: 30_000, bucketMs: 5_000, badShare: 0.5 } as const

/** Of the way to a destination: a connection that cannot be made says so clearly, and trying again costs little. */
export const LINE_BREAKER: BreakerSettings = {
  ...WINDOW,
  minimum: 5,
  openMs: 1_000,
  openMaxMs: 30_000,
}

/** Of one model there: errors may be the fault of single requests, so more of them are needed. */
export const DEFAULT_MODEL_BREAKER: BreakerSettings = {
  ...WINDOW,
  minimum: 20,
  openMs: 5_000,
  openMaxMs: 60_000,
}

/** Longest time that a destination is put last because it asked for it. */
const MAX_COOLING_MS: Milliseconds = 60_000

/** Health of every destination and every model there, learnt from the requests that were sent anyway. */
export interface HealthBook {
  /** Those that are down, by destination id or `destination/model`; the same object while nothing changed. */
  unhealthy(): Health
  mayAdmit(choice: Choice): boolean
  /** Lets a request in, or null when the destination is down. Every admission is followed by one of the outcomes. */
  admit(choice: Choice): Admission | null
  good(choice: Choice, as: Admission): void
  failed(choice: Choice, as: Admission): void
  unreachable(choice: Choice, as: Admission): void
  nothing(choice: Choice, as: Admission): void
  cool(choice: Choice, forMs: Milliseconds): void
  readonly isCooling: (choice: Choice) => boolean
}

const NONE: Health = {}

/** A book in which everything is well. */
export function createHealthBook(
  clock: Clock,
  random: () => number,
  modelBreaker: (destination: string) => BreakerSettings = () => DEFAULT_MODEL_BREAKER,
): HealthBook {
  const breakers = new Map<string, Breaker>()
  const cooling = new Map<string, EpochMs>()
  // most of the time this is empty, and then health costs nothing
  const notClosed = new Set<string>()

  const step = (key: string, event: BreakerEvent, settings: BreakerSettings): void => {
    const next = breakerStep(breakers.get(key) ?? CLOSED, event, clock(), settings)
    breakers.set(key, next)
    if (next.kind === 'closed') notClosed.delete(key)
    else notClosed.add(key)
  }
  const line = (choice: Choice, event: BreakerEvent): void =>
    step(choice.destination.id, event, LINE_BREAKER)
  const model = (choice: Choice, event: BreakerEvent): void =>
    step(placeKey(choice), event, modelBreaker(choice.destination.id))
  const admissions = (choice: Choice): readonly (Admission | null)[] => {
    const at = clock()
    return [choice.destination.id, placeKey(choice)].map((key) =>
      admission(breakers.get(key) ?? CLOSED, at),
    )
  }
  const mayAdmit = (choice: Choice): boolean =>
    notClosed.size === 0 || !admissions(choice).includes(null)
  return {
    unhealthy() {
      if (notClosed.size === 0) return NONE
      const at = clock()
      const down = [...notClosed].filter(
        (key) => admission(breakers.get(key) ?? CLOSED, at) === null,
      )
      return Object.fromEntries(down.map((key) => [key, 'down'] as const))
    },
    mayAdmit,
    admit(choice) {
      if (notClosed.size === 0) return 'normal'
      if (!mayAdmit(choice)) return null
      const as = admissions(choice).includes('probe') ? 'probe' : 'normal'
      line(choice, { kind: 'admitted' })
      model(choice, { kind: 'admitted' })
      return as
    },
    good(choice, as) {
      line(choice, { kind: 'good', as })
      model(choice, { kind: 'good', as })
    },
    failed(choice, as) {
      line(choice, { kind: 'good', as })
      model(choice, { kind: 'bad', as, chance: random() })
    },
    unreachable(choice, as) {
      line(choice, { kind: 'bad', as, chance: random() })
      model(choice, { kind: 'nothing', as })
    },
    nothing(choice, as) {
      if (as === 'normal') return
      line(choice, { kind: 'nothing', as })
      model(choice, { kind: 'nothing', as })
    },
    cool(choice, forMs) {
      cooling.set(placeKey(choice), clock() + Math.min(forMs, MAX_COOLING_MS))
    },
    isCooling(choice) {
      if (cooling.size === 0) return false
      const key = placeKey(choice)
      const until = cooling.get(key)
      if (until === undefined) return false
      if (clock() < until) return true
      cooling.delete(key)
      return false
    },
  }
}
