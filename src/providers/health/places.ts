import type { Milliseconds } from '#kernel/units.ts'
import type { Priority } from '#kernel/priority.ts'
import { Slots, type SlotEvent, type SlotLimits } from './slots.ts'

export interface PlaceLimits extends SlotLimits {
  /** Longest wait for a place; null: as long as the caller stays. */
  readonly queueMs: Milliseconds | null
}

/** Sized for thousands of slow streams; a small server of one's own wants less. */
export const DEFAULT_PLACE_LIMITS: PlaceLimits = { concurrent: 4096, queue: 1024, queueMs: null }

/** Who wants a place. */
export interface Claimant {
  readonly caller: string
  readonly priority: Priority
}

/** The places of one destination while the process runs. A class because those who wait have to be called. */
export class Places {
  readonly #slots = new Slots()
  #lastTicket = 0
  readonly #limits: () => SlotLimits
  readonly #called = new Map<number, () => void>()

  /** The limits are read anew at each step, so that they can change while requests run. */
  constructor(limits: () => SlotLimits) {
    this.#limits = limits
  }

  /** Takes a free place; false when there is none. */
  take(): boolean {
    this.#lastTicket += 1
    // nobody who does not wait has a turn
    return !this.#step({ kind: 'ask', ticket: this.#lastTicket, caller: '', mayWait: false })
  }

  /** Resolves true with a place, false when the queue is full or the caller has left. */
  queue({ caller, priority }: Claimant, signal: AbortSignal): Promise<boolean> {
    this.#lastTicket += 1
    const ticket = this.#lastTicket
    return new Promise((resolve) => {
      if (signal.aborted) return resolve(false)
      const leave = (): void => {
        this.#called.delete(ticket)
        this.#step({ kind: 'leave', ticket })
        resolve(false)
      }
      this.#called.set(ticket, () => {
        signal.removeEventListener('abort', leave)
        resolve(true)
      })
      signal.addEventListener('abort', leave, { once: true })
      if (!this.#step({ kind: 'ask', ticket, caller, priority, mayWait: true })) return
      this.#called.delete(ticket)
      signal.removeEventListener('abort', leave)
      resolve(false)
    })
  }

  /** Lets those in who have a place under the limits of now. */
  limitsChanged(): void {
    this.#step({ kind: 'limits' })
  }

  release(): void {
    this.#step({ kind: 'release' })
  }

  /** True when the ticket that asked was turned away. */
  #step(event: SlotEvent): boolean {
    const { granted, refused } = this.#slots.step(event, this.#limits())
    for (const ticket of granted) {
      const call = this.#called.get(ticket)
      this.#called.delete(ticket)
      call?.()
    }
    return refused
  }
}
