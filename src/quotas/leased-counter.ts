import type { Milliseconds } from '#kernel/units.ts'
import { ASK, sliceMsOf, type Counter, type CounterView } from './counter.ts'
import type { KeyedAsk } from './ports.ts'
import { QuotaWindow, SLICES, type LeaseGrant } from './quota-window.ts'

/** Leases of what is open now; a process that is gone keeps them no longer. */
const OPEN_TTL_MS: Milliseconds = 10_000
const SHORTEST_TTL_MS: Milliseconds = 100
const LONGEST_TTL_MS: Milliseconds = 5_000
/** Share of a lease's time that is left when it is renewed. */
const RENEW_SHARE = 0.4
/** What is leased ahead, in times of what was used of late. */
const AHEAD = 1.5
/** Shortest pause between two questions that were answered with no. */
const SHORTEST_PAUSE_MS: Milliseconds = 5
/** Pause after an authority that could not be reached. */
const AWAY_PAUSE_MS: Milliseconds = 1_000

export const ttlOf = (windowMs: Milliseconds): Milliseconds =>
  windowMs === 0
    ? OPEN_TTL_MS
    : Math.min(LONGEST_TTL_MS, Math.max(SHORTEST_TTL_MS, Math.round(windowMs / 10)))

/** Whom a counter asks. */
export type Refill = (counter: LeasedCounter, need: number, limit: number) => Promise<void>

/**
 * A count of which this process has leased a slice. It uses no more than that and not after its end, by its own
 * monotonic clock from the moment it asked; what it used is told with the next ask.
 */
export class LeasedCounter implements Counter {
  readonly key: string
  readonly windowMs: Milliseconds
  readonly #ttlMs: Milliseconds
  readonly #sliceMs: Milliseconds
  readonly #refill: Refill
  #limit = 0
  /** Leased and not used; counts until `#endsAt`. */
  #left = 0
  #endsAt: Milliseconds = -Infinity
  /** Open now, of a count of what is open. */
  #open = 0
  /** Added to our clock it gives the authority's, or a little more. */
  #ahead: Milliseconds = 0
  /** Used and not told yet: `[slice, units]`. */
  #untold: [number, number][] = []
  /** Told, and not known to be counted. */
  #told: (readonly [number, number, number])[] = []
  #report = 0
  #total = 0
  #holders = 1
  #noBefore: Milliseconds = -Infinity
  #noFor = Infinity
  #freeAt: Milliseconds = -Infinity
  /** Used since the last ask, and how much was asked for last. */
  #usedSince = 0
  #askedAt: Milliseconds = -Infinity
  #lastUse: Milliseconds = -Infinity
  #lastWant = 0
  #isAway = false
  /** What was let in here since the authority was away for the first time; null while it never was. */
  #alone: QuotaWindow | null = null

  constructor(key: string, windowMs: Milliseconds, refill: Refill) {
    this.key = key
    this.windowMs = windowMs
    this.#ttlMs = ttlOf(windowMs)
    this.#sliceMs = sliceMsOf(windowMs)
    this.#refill = refill
  }

  check(units: number, limit: number, now: Milliseconds): number {
    this.#limit = limit
    if (units > limit) return Infinity
    if (now < this.#endsAt && this.#left >= units) return 0
    if (this.#isAway && this.#alone) return this.#checkAlone(this.#alone, units, limit, now)
    if (now < this.#noBefore && units >= this.#noFor) return this.#noBefore - now
    return ASK
  }

  take(units: number, now: Milliseconds): number {
    this.#lastUse = now
    this.#usedSince += units
    this.#alone?.take(units, now)
    this.#left = Math.max(0, this.#left - units)
    if (this.windowMs === 0) {
      this.#open += units
      return 0
    }
    const slice = Math.floor((now + this.#ahead) / this.#sliceMs)
    this.#note(slice, units)
    if (this.#isLow(now)) void this.#refill(this, 1, this.#limit)
    return slice
  }

  settle(taken: number, slice: number, actual: number, now: Milliseconds): void {
    if (this.windowMs === 0) {
      const ended = Math.min(this.#open, taken - actual)
      this.#open -= ended
      this.#alone?.giveBack(ended, 0)
      if (now < this.#endsAt) this.#left += ended
      return
    }
    if (actual > taken) {
      this.take(actual - taken, now)
      return
    }
    const less = taken - actual
    if (less === 0) return
    this.#alone?.giveBack(less, Math.floor(now / this.#sliceMs))
    const untold = this.#untold.find((one) => one[0] === slice)
    const here = Math.min(less, untold?.[1] ?? 0)
    if (untold && here > 0) {
      untold[1] -= here
      // the authority counts it as leased still, to the end of the lease
      if (now < this.#endsAt) this.#left += here
    }
    if (less > here) this.#note(slice, here - less)
  }

  retryInMs(_units: number, _limit: number, now: Milliseconds): Milliseconds {
    return Math.max(1, Math.max(this.#freeAt, this.#noBefore) - now)
  }

  view(limit: number, now: Milliseconds): CounterView {
    const left = now < this.#endsAt ? this.#left : 0
    const remaining = Math.min(limit, Math.max(0, limit - this.#total + left))
    const reset = this.#lastUse + this.windowMs + this.#sliceMs - now
    return { remaining, resetMs: this.windowMs === 0 ? 0 : Math.max(0, reset) }
  }

  refill(need: number, limit: number): Promise<void> {
    return this.#refill(this, need, limit)
  }

  isIdle(now: Milliseconds): boolean {
    return (
      this.#open === 0 &&
      this.#untold.length === 0 &&
      this.#told.length === 0 &&
      now >= this.#endsAt &&
      now - this.#lastUse > this.windowMs
    )
  }

  /** What there is to tell now; null: nothing that cannot wait. `at-end`: everything, and nothing is kept. */
  due(now: Milliseconds, isAtEnd = false): { need: number; limit: number } | null {
    const isUsed = this.#open > 0 || this.#usedSince > 0
    const limit = this.#limit
    if (isAtEnd || (now >= this.#endsAt && this.#open === 0)) {
      this.#left = 0
      return isAtEnd || this.#untold.length > 0 || this.#told.length > 0 ? { need: 0, limit } : null
    }
    if (this.#endsAt - now > this.#ttlMs * RENEW_SHARE) return null
    if (isUsed) return { need: this.windowMs === 0 ? 0 : 1, limit }
    if (this.#left === 0 && this.#untold.length === 0) return null
    this.#left = 0
    return { need: 0, limit }
  }

  /** The ask for so much, as of now. */
  asking(holder: string, need: number, limit: number, now: Milliseconds): KeyedAsk {
    if (now >= this.#endsAt) this.#left = 0
    const elapsed = Math.max(1, now - this.#askedAt)
    const perTtl = (this.#usedSince / elapsed) * this.#ttlMs * AHEAD
    const want = Math.ceil(Math.max(need, Number.isFinite(perTtl) ? perTtl : 0))
    if (this.#untold.length > 0) {
      this.#report += 1
      for (const [slice, units] of this.#untold) {
        if (units !== 0) this.#told.push([this.#report, slice, units])
      }
      this.#untold = []
    }
    this.#usedSince = 0
    this.#askedAt = now
    this.#lastWant = want
    this.#limit = limit
    const held = this.#left + this.#open
    const ask = { holder, limit, used: [...this.#told], held, need, want, ttlMs: this.#ttlMs }
    return { key: this.key, windowMs: this.windowMs, ask }
  }

  /** The answer to what was asked at that time. */
  granted(grant: LeaseGrant, need: number, sentAt: Milliseconds, now: Milliseconds): void {
    this.#isAway = false
    this.#told = this.#told.filter(([report]) => report > grant.report)
    this.#left += grant.granted
    this.#endsAt = sentAt + grant.ttlMs
    this.#ahead = grant.at - sentAt
    this.#total = grant.total
    this.#holders = grant.holders
    const isRefused = need > 0 && grant.granted < need
    this.#freeAt = isRefused ? now + grant.freeInMs : -Infinity
    // others may give back before that
    const pause = Math.max(SHORTEST_PAUSE_MS, Math.min(grant.freeInMs, grant.ttlMs / 2))
    this.#noBefore = isRefused ? now + pause : -Infinity
    this.#noFor = isRefused ? need : Infinity
  }

  /** The authority could not be reached: this process goes on with its own share, until it can. */
  away(now: Milliseconds): void {
    this.#isAway = true
    this.#alone ??= new QuotaWindow(this.windowMs)
    if (this.windowMs === 0 && this.#alone.total(now) < this.#open)
      this.#alone.take(this.#open, now)
    this.#noBefore = now + AWAY_PAUSE_MS
    this.#noFor = 0
  }

  #checkAlone(alone: QuotaWindow, units: number, limit: number, now: Milliseconds): number {
    if (now >= this.#noBefore) void this.#refill(this, units, limit)
    const share = Math.floor(limit / Math.max(1, this.#holders))
    if (alone.total(now) + units <= share) return 0
    return Math.max(1, alone.untilAtMost(share - units, now) ?? AWAY_PAUSE_MS)
  }

  #isLow(now: Milliseconds): boolean {
    return this.#lastWant > 1 && this.#left <= this.#lastWant / 4 && now >= this.#noBefore
  }

  #note(slice: number, units: number): void {
    const last = this.#untold.at(-1)
    if (last && last[0] === slice) last[1] += units
    else this.#untold.push([slice, units])
    // a process that cannot tell for long keeps what still counts
    if (this.#untold.length > 4 * SLICES) this.#untold.splice(0, this.#untold.length - 2 * SLICES)
  }
}
