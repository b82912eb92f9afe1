import type { Priority } from '#kernel/priority.ts'
import type { Milliseconds } from '#kernel/units.ts'
import type { Counter } from './counter.ts'
import { FairQueue } from './fair-queue.ts'

/** Longest sleep between two looks: allowance may come back at any time. */
const LONGEST_SLEEP_MS: Milliseconds = 1_000

/** What an attempt to go on found: it is in, or what it lacks. */
export type Found = 'in' | { readonly counter: Counter; readonly afterMs: Milliseconds }

interface Waiting {
  readonly attempt: () => Found
  readonly called: () => void
}

/** Resolves after this long, or at once when the signal is aborted; never rejects. */
export type Sleep = (ms: Milliseconds, signal: AbortSignal) => Promise<void>

/** Those who wait for one count. A class because it has to call them. */
export class WaitingRoom {
  readonly #counter: Counter
  readonly #sleep: Sleep
  readonly #queue = new FairQueue<Waiting>()
  #isLooking = false
  #alarm: AbortController | null = null

  constructor(counter: Counter, sleep: Sleep) {
    this.#counter = counter
    this.#sleep = sleep
  }

  get length(): number {
    return this.#queue.length
  }

  /** Resolves true once the attempt was in, false when the signal was aborted before. */
  wait(
    attempt: () => Found,
    who: { readonly caller: string; readonly priority: Priority },
    signal: AbortSignal,
  ): Promise<boolean> {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve(false)
        return
      }
      const one: Waiting = {
        attempt,
        called() {
          signal.removeEventListener('abort', leave)
          resolve(true)
        },
      }
      const leave = (): void => {
        if (this.#queue.remove(one)) resolve(false)
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#queue.add(one, who.caller, who.priority)
      void this.#look()
    })
  }

  /** Something was given back: looks at once. */
  wake(): void {
    this.#alarm?.abort()
  }

  /** Lets in whoever can go on, in turn, until nobody waits. */
  async #look(): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    while (this.#queue.length > 0) {
      const afterMs = this.#letIn()
      if (this.#queue.length === 0) break
      this.#alarm = new AbortController()
      await this.#sleep(Math.min(LONGEST_SLEEP_MS, Math.max(1, afterMs)), this.#alarm.signal)
      this.#alarm = null
    }
    this.#isLooking = false
  }

  /** Who lacks another count as well does not keep the others from going on. */
  #letIn(): Milliseconds {
    let afterMs = Infinity
    let isEmpty = false
    for (;;) {
      const next = this.#queue.next(({ attempt }) => {
        if (isEmpty) return false
        const found = attempt()
        if (found === 'in') return true
        afterMs = Math.min(afterMs, found.afterMs)
        isEmpty = found.counter === this.#counter
        return false
      })
      if (!next) return afterMs
      next.called()
    }
  }
}
