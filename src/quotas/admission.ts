import type { Priority } from '#kernel/priority.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Milliseconds } from '#kernel/units.ts'
import { ASK } from './counter.ts'
import { OutputAverage } from './output-average.ts'
import { Plans, type CallerPlan, type Counters, type Need, type QuotaSet } from './plan.ts'
import { windowOf, type Amounts, type Subject } from './quota.ts'
import { refusalOf } from './refusal.ts'
import { tellLimits, type ToldLimits } from './told.ts'
import { WaitingRoom, type Found, type Sleep } from './waiting-room.ts'

export interface AdmissionParts {
  readonly quotas: () => QuotaSet
  readonly counters: Counters
  /** Monotonic, milliseconds. */
  readonly now: () => Milliseconds
  readonly sleep: Sleep
}

/** What was taken from one count. */
export interface Hold {
  readonly need: Need
  readonly units: number
  readonly slice: number
}

/** Nothing was taken: the refusal, or null when the caller left before it was their turn. */
export interface Refused {
  readonly refusal: Refusal | null
  readonly told: ToldLimits | null
}

export type Admitted = readonly Hold[] | Refused
export const isRefused = (admitted: object): admitted is Refused => 'refusal' in admitted

/** Who asks for what. */
export interface Claim {
  readonly needs: readonly Need[]
  readonly amounts: Amounts
  readonly caller: string
  readonly priority: Priority
  readonly signal: AbortSignal
}

interface Short {
  readonly need: Need
  /** As a counter says it; 0: others wait already. */
  readonly found: number
}

/** Times that a request asks for one lease before it is told to come back. */
const MOST_ASKS = 4

/** Lets requests in as far as their quotas allow: from all of their counts or from none. A class because some wait. */
export class Admissions {
  readonly average = new OutputAverage()
  readonly #parts: AdmissionParts
  readonly #plans: Plans
  readonly #rooms = new Map<Need['counter'], WaitingRoom>()

  constructor(parts: AdmissionParts) {
    this.#parts = parts
    this.#plans = new Plans(parts.counters, parts.quotas)
  }

  now(): Milliseconds {
    return this.#parts.now()
  }

  /** What applies to this caller; null where no quota is written at all. */
  planOf(subject: Subject): CallerPlan | null {
    return this.#plans.of(subject)
  }

  needsAt(plan: CallerPlan, model: string, destination: string): readonly Need[] {
    return this.#plans.choice(plan, model, destination)
  }

  /** Takes all of it now, or says what it lacks. */
  tryNow(needs: readonly Need[], amounts: Amounts, isCalled = false): readonly Hold[] | Short {
    const now = this.#parts.now()
    for (const need of needs) {
      const units = amounts[need.measure]
      if (units === 0) continue
      if (!isCalled && (this.#rooms.get(need.counter)?.length ?? 0) > 0) return { need, found: 0 }
      const found = need.counter.check(units, need.limit, now)
      if (found !== 0) return { need, found }
    }
    const holds: Hold[] = []
    for (const need of needs) {
      const units = amounts[need.measure]
      if (units > 0) holds.push({ need, units, slice: need.counter.take(units, now) })
    }
    return holds
  }

  admit(claim: Claim): Admitted | Promise<Admitted> {
    const tried = this.tryNow(claim.needs, claim.amounts)
    if (!isShort(tried)) return tried
    return mustWait(tried) ? this.#later(claim) : this.#refused(claim, tried)
  }

  /** The same, where nobody may wait: who would have to queue is refused. */
  admitNow(claim: Claim): Admitted {
    const tried = this.tryNow(claim.needs, claim.amounts)
    return isShort(tried) ? this.#refused(claim, tried) : tried
  }

  /** Asks for a lease where this process lacks one; null where it does not. */
  lease({ counter, limit }: Need, units: number): Promise<void> | null {
    if (units === 0 || counter.check(units, limit, this.#parts.now()) !== ASK) return null
    return counter.refill(units, limit)
  }

  /** Corrects what was taken; whoever waits for it looks again. */
  settle({ need, units, slice }: Hold, actual: number, now = this.now()): void {
    const { key, quota, measure } = need
    // after a long answer the count may have been dropped, and begun anew
    const counter =
      actual > units ? this.#parts.counters.counter(key, windowOf(quota, measure)) : need.counter
    counter.settle(units, slice, actual, now)
    if (actual < units) this.#rooms.get(need.counter)?.wake()
  }

  tell(needs: readonly Need[]): ToldLimits | null {
    const now = this.#parts.now()
    return tellLimits(
      needs.map(({ quota, measure, limit, counter }) => ({
        quota: quota.id,
        measure,
        limit,
        ...counter.view(limit, now),
      })),
    )
  }

  /** Counts were dropped, or are others now. */
  forgetPlans(): void {
    this.#plans.forget()
    for (const [counter, room] of this.#rooms) if (room.length === 0) this.#rooms.delete(counter)
  }

  async #later(claim: Claim): Promise<Admitted> {
    for (let asks = 0; ;) {
      if (claim.signal.aborted) return LEFT
      const tried = this.tryNow(claim.needs, claim.amounts)
      if (!isShort(tried)) return tried
      if (tried.found === ASK && asks < MOST_ASKS) {
        asks += 1
        await tried.need.counter.refill(claim.amounts[tried.need.measure], tried.need.limit)
      } else if (tried.need.quota.action === 'queue' && tried.found !== Infinity) {
        return this.#queue(claim, tried.need)
      } else return this.#refused(claim, tried)
    }
  }

  async #queue(claim: Claim, need: Need): Promise<Admitted> {
    const { quota, counter } = need
    const room = this.#rooms.get(counter) ?? new WaitingRoom(counter, this.#parts.sleep)
    this.#rooms.set(counter, room)
    const short = { need, found: 0 }
    if (room.length >= quota.queueLength) return this.#refused(claim, short)
    const over = new AbortController()
    const either = AbortSignal.any([claim.signal, over.signal])
    void this.#parts.sleep(quota.maxWaitMs, either).then(() => over.abort())
    let taken: readonly Hold[] = []
    const attempt = (): Found => {
      const tried = this.tryNow(claim.needs, claim.amounts, true)
      if (!isShort(tried)) {
        taken = tried
        return 'in'
      }
      return this.#whatIsShort(claim, tried, room)
    }
    const isIn = await room.wait(attempt, claim, either)
    over.abort()
    if (isIn) return taken
    return claim.signal.aborted ? LEFT : this.#refused(claim, short)
  }

  #whatIsShort({ amounts }: Claim, { need, found }: Short, room: WaitingRoom): Found {
    if (found !== ASK) return { counter: need.counter, afterMs: found }
    void need.counter.refill(amounts[need.measure], need.limit).then(() => room.wake())
    return { counter: need.counter, afterMs: Infinity }
  }

  #refused({ needs, amounts }: Claim, { need, found }: Short): Refused {
    const now = this.#parts.now()
    const units = amounts[need.measure]
    const retryMs = need.counter.retryInMs(units, need.limit, now)
    return { refusal: refusalOf(need, found === Infinity, retryMs), told: this.tell(needs) }
  }
}

const LEFT: Refused = { refusal: null, told: null }

const isShort = (tried: readonly Hold[] | Short): tried is Short => 'found' in tried

const mustWait = ({ need, found }: Short): boolean =>
  found === ASK || (need.quota.action === 'queue' && found !== Infinity)
