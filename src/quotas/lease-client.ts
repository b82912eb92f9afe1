import type { Milliseconds } from '#kernel/units.ts'
import { LeasedCounter } from './leased-counter.ts'
import type { KeyedAsk, LeaseAuthority } from './ports.ts'

export interface LeaseClientParts {
  /** This run of this process; another run has another. */
  readonly holder: string
  readonly authority: LeaseAuthority
  /** Monotonic, milliseconds. */
  readonly now: () => Milliseconds
}

interface Wanted {
  need: number
  limit: number
}

/** The counts of one of several processes, and the asks for them, of which all that come together travel together. */
export class LeaseClient {
  readonly #parts: LeaseClientParts
  readonly #counters = new Map<string, LeasedCounter>()
  readonly #asking = new Map<LeasedCounter, Promise<void>>()
  #batch: Map<LeasedCounter, Wanted> | null = null
  #sending: Promise<void> = Promise.resolve()

  constructor(parts: LeaseClientParts) {
    this.#parts = parts
  }

  counter(key: string, windowMs: Milliseconds): LeasedCounter {
    const known = this.#counters.get(key)
    if (known) return known
    const made = new LeasedCounter(key, windowMs, (counter, need, limit) =>
      this.#refill(counter, need, limit),
    )
    this.#counters.set(key, made)
    return made
  }

  get size(): number {
    return this.#counters.size
  }

  /** Renews and returns what is due, by the clock; resolves when it has been answered. */
  async tick(): Promise<void> {
    const now = this.#parts.now()
    const asked: Promise<void>[] = []
    for (const counter of this.#counters.values()) {
      if (this.#asking.has(counter)) continue
      const due = counter.due(now)
      if (due) asked.push(this.#refill(counter, due.need, due.limit))
    }
    await Promise.all(asked)
  }

  /** Drops counts of which nothing is left; true when there were any. */
  sweep(): boolean {
    const now = this.#parts.now()
    const before = this.#counters.size
    for (const [key, counter] of this.#counters) {
      if (!this.#asking.has(counter) && counter.isIdle(now)) this.#counters.delete(key)
    }
    return this.#counters.size < before
  }

  /** Tells all that was used and keeps nothing. */
  async close(): Promise<void> {
    await Promise.all(this.#asking.values())
    const now = this.#parts.now()
    const asked = [...this.#counters.values()].flatMap((counter) => {
      const due = counter.due(now, true)
      return due ? [this.#refill(counter, due.need, due.limit)] : []
    })
    await Promise.all(asked)
  }

  #refill(counter: LeasedCounter, need: number, limit: number): Promise<void> {
    const waiting = this.#batch?.get(counter)
    if (waiting) waiting.need = Math.max(waiting.need, need)
    const known = this.#asking.get(counter)
    if (known) return known
    this.#batch ??= this.#nextBatch()
    this.#batch.set(counter, { need, limit })
    const answered = this.#sending
    this.#asking.set(counter, answered)
    return answered
  }

  /** Collects until the current turn of the event loop is over. */
  #nextBatch(): Map<LeasedCounter, Wanted> {
    const batch = new Map<LeasedCounter, Wanted>()
    this.#sending = Promise.resolve().then(() => this.#send(batch))
    return batch
  }

  async #send(batch: Map<LeasedCounter, Wanted>): Promise<void> {
    this.#batch = null
    const { holder, authority, now } = this.#parts
    const sentAt = now()
    const wanted = [...batch]
    const asks: KeyedAsk[] = wanted.map(([counter, { need, limit }]) =>
      counter.asking(holder, need, limit, sentAt),
    )
    try {
      const grants = await authority.lease(asks)
      const at = now()
      for (const [index, [counter, { need }]] of wanted.entries()) {
        const grant = grants[index]
        if (grant) counter.granted(grant, need, sentAt, at)
        else counter.away(at)
      }
    } catch {
      const at = now()
      for (const [counter] of wanted) counter.away(at)
    } finally {
      for (const [counter] of wanted) this.#asking.delete(counter)
    }
  }
}
