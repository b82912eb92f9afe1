import type { Priority } from '#kernel/priority.ts'
import { FairQueue } from '#quotas/fair-queue.ts'

/** How many requests a destination gets at the same time, and how many may wait for it. */
export interface SlotLimits {
  readonly concurrent: number
  readonly queue: number
}

export type SlotEvent =
  /** Wants a place now; `mayWait` says whether it would queue for it. */
  | {
      readonly kind: 'ask'
      readonly ticket: number
      readonly caller: string
      readonly priority?: Priority
      readonly mayWait: boolean
    }
  /** A request that had a place is over. */
  | { readonly kind: 'release' }
  /** A request that waits gives up. */
  | { readonly kind: 'leave'; readonly ticket: number }
  /** The limits are others now: those who were let in stay, and so do those who wait. */
  | { readonly kind: 'limits' }

export interface SlotStep {
  /** Tickets that got a place by this event. */
  readonly granted: readonly number[]
  /** True when the ticket that asked was turned away. */
  readonly refused: boolean
}

/**
 * Hands out the places of one destination: never more than the limit at a time, never a place kept from one who waits,
 * and those who wait are called by class and in turn. A class because it counts who is in.
 */
export class Slots {
  #running = 0
  readonly #waiting = new FairQueue<number>()

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#waiting.length
  }

  step(event: SlotEvent, limits: SlotLimits): SlotStep {
    switch (event.kind) {
      case 'ask':
        return this.#ask(event, limits)
      case 'release':
        this.#running = Math.max(0, this.#running - 1)
        return this.#grant(limits)
      case 'limits':
        return this.#grant(limits)
      case 'leave':
        this.#waiting.remove(event.ticket)
        return { granted: [], refused: false }
    }
  }

  #ask(event: Extract<SlotEvent, { kind: 'ask' }>, limits: SlotLimits): SlotStep {
    const { ticket, caller, priority = 'normal', mayWait } = event
    if (this.#running < limits.concurrent && this.waiting === 0) {
      this.#running += 1
      return { granted: [ticket], refused: false }
    }
    if (!mayWait || this.waiting >= limits.queue) return { granted: [], refused: true }
    this.#waiting.add(ticket, caller, priority)
    return this.#grant(limits)
  }

  /** Gives free places to those whose turn is first. */
  #grant(limits: SlotLimits): SlotStep {
    const granted: number[] = []
    while (this.#running < limits.concurrent) {
      const next = this.#waiting.next()
      if (next === null) break
      this.#running += 1
      granted.push(next)
    }
    return { granted, refused: false }
  }
}
