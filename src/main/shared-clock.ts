import type { Clock } from '#kernel/ports.ts'
import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import type { Store } from '#store/ports.ts'

/** Monotonic whole milliseconds of this process: for durations, and for whatever ends after some time. */
export const steadyNow = (): Milliseconds => Math.floor(performance.now())

/** How often the time of the database is asked for. */
const ASK_MS: Milliseconds = 5_000
/** A correction back by less than this stands still instead. */
const STANDS_STILL_MS: Milliseconds = 1_000

/**
 * The time of somebody else, as well as it can be known from here: between two answers it goes on by a monotonic clock,
 * so that nobody who sets the clock of this machine is noticed.
 */
export class FollowedClock {
  readonly #now: () => Milliseconds
  /** Added to ours it gives theirs. */
  #ahead: Milliseconds | null = null
  #last: EpochMs = -Infinity

  /** The clock is monotonic. */
  constructor(now: () => Milliseconds) {
    this.#now = now
  }

  /** Whole milliseconds. */
  read(): EpochMs {
    const at = Math.floor(this.#now() + (this.#ahead ?? 0))
    if (at < this.#last && this.#last - at < STANDS_STILL_MS) return this.#last
    this.#last = at
    return at
  }

  /** They said so, in whole milliseconds, at some moment between when it was asked and when the answer was here. */
  told(time: EpochMs, askedAt: Milliseconds, answeredAt: Milliseconds): void {
    const [least, most] = [time - answeredAt, time + 1 - askedAt]
    if (this.#ahead === null) this.#ahead = (least + most) / 2
    // an answer that took long says little: what it does not contradict stays
    else this.#ahead = Math.min(most, Math.max(least, this.#ahead))
  }
}

export interface OpenClock {
  readonly clock: Clock
  readonly stop: () => void
}

/** The clock that counts: where several processes share a database it is that of the database, else that of this machine. @throws when the database fails */
export async function openClock({ time }: Pick<Store, 'time'>): Promise<OpenClock> {
  if (time === null) return { clock: Date.now, stop: () => {} }
  const followed = new FollowedClock(() => performance.now())
  const ask = async (): Promise<void> => {
    const askedAt = performance.now()
    const told = await time()
    followed.told(told, askedAt, performance.now())
  }
  await ask()
  // the first answer had to wait for its connection
  await ask()
  const timer = setInterval(() => void ask().catch(() => {}), ASK_MS)
  timer.unref()
  return { clock: () => followed.read(), stop: () => clearInterval(timer) }
}
