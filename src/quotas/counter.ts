import type { Milliseconds } from '#kernel/units.ts'
import { SLICES, type QuotaWindow } from './quota-window.ts'

/** Only whoever has the whole can tell; ask by `refill`. */
export const ASK = -1

/** What is left, and when all of it will be. */
export interface CounterView {
  readonly remaining: number
  readonly resetMs: Milliseconds
}

/** One count of one quota for one subject, as this process sees it. */
export interface Counter {
  /** 0: so many units can be taken now. More: not before so many milliseconds; Infinity: never. ASK: see there. */
  check(units: number, limit: number, now: Milliseconds): number
  /** Takes them, whether they fit or not; returns the slice they were counted in. */
  take(units: number, now: Milliseconds): number
  /** It was more, or less, than was taken in that slice. */
  settle(taken: number, slice: number, actual: number, now: Milliseconds): void
  /** When it is worth to come back, as well as it is known. */
  retryInMs(units: number, limit: number, now: Milliseconds): Milliseconds
  view(limit: number, now: Milliseconds): CounterView
  /** Asks for more; resolves when the answer is there, whatever it is. */
  refill(need: number, limit: number): Promise<void>
  /** Nothing is counted any more. */
  isIdle(now: Milliseconds): boolean
}

/** Wait for something that is open and ends when it ends. */
const OPEN_RETRY_MS: Milliseconds = 1_000

/** A count that this process has to itself. */
export class OwnCounter implements Counter {
  readonly window: QuotaWindow

  constructor(window: QuotaWindow) {
    this.window = window
  }

  check(units: number, limit: number, now: Milliseconds): number {
    if (units > limit) return Infinity
    if (this.window.total(now) + units <= limit) return 0
    return this.retryInMs(units, limit, now)
  }

  take(units: number, now: Milliseconds): number {
    return this.window.take(units, now)
  }

  settle(taken: number, slice: number, actual: number, now: Milliseconds): void {
    if (actual < taken) this.window.giveBack(taken - actual, slice)
    else if (actual > taken) this.window.take(actual - taken, now)
  }

  retryInMs(units: number, limit: number, now: Milliseconds): Milliseconds {
    return Math.max(1, this.window.untilAtMost(limit - units, now) ?? OPEN_RETRY_MS)
  }

  view(limit: number, now: Milliseconds): CounterView {
    const total = this.window.total(now)
    return { remaining: Math.max(0, limit - total), resetMs: this.window.untilEmpty(now) }
  }

  refill(): Promise<void> {
    return Promise.resolve()
  }

  isIdle(now: Milliseconds): boolean {
    return this.window.total(now) === 0
  }
}

/** Length of one slice; of a count of what is open there is one for ever. */
export const sliceMsOf = (windowMs: Milliseconds): Milliseconds => windowMs / SLICES
