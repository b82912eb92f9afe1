import { PRIORITIES, type Priority } from '#kernel/priority.ts'

/** Turns that a class gets while all classes wait: people go first, and work that nobody watches is never left out. */
export const CLASS_WEIGHTS: Readonly<Record<Priority, number>> = {
  interactive: 16,
  normal: 4,
  batch: 1,
}

interface Queued<T> {
  readonly item: T
  readonly caller: string
  /** Virtual time of its class at which it is its turn: a caller's own requests queue behind each other. */
  readonly turn: number
}

interface Class<T> {
  readonly waiting: Queued<T>[]
  /** Of the callers of this class. */
  virtualTime: number
  /** Of this class among the classes. */
  finish: number
}

/**
 * The order among those who wait: between classes by weight, within a class callers take turns (start-time fair queueing
 * on both levels, one request is one unit). A class that was empty claims nothing for that time, and one that waits is
 * passed by at most as often as the weights say, so that nobody starves. A class because it is a queue that lives.
 */
export class FairQueue<T> {
  readonly #classes: Readonly<Record<Priority, Class<T>>> = {
    interactive: emptyClass(),
    normal: emptyClass(),
    batch: emptyClass(),
  }
  /** Of the classes. */
  #virtualTime = 0
  #length = 0

  get length(): number {
    return this.#length
  }

  add(item: T, caller: string, priority: Priority): void {
    const own = this.#classes[priority]
    if (own.waiting.length === 0) {
      own.finish = Math.max(own.finish, this.#virtualTime) + 1 / CLASS_WEIGHTS[priority]
    }
    const behind = own.waiting.findLast((other) => other.caller === caller)
    own.waiting.push({ item, caller, turn: Math.max(own.virtualTime, behind?.turn ?? 0) + 1 })
    this.#length += 1
  }

  /** Takes out the one whose turn is next among those of whom this is true; null when there is none. */
  next(isReady: ((item: T) => boolean) | null = null): T | null {
    const inOrder = PRIORITIES.filter((priority) => this.#classes[priority].waiting.length > 0)
    inOrder.sort((a, b) => this.#classes[a].finish - this.#classes[b].finish)
    for (const priority of inOrder) {
      const own = this.#classes[priority]
      const first = firstOf(own, isReady)
      if (!first) continue
      own.waiting.splice(own.waiting.indexOf(first), 1)
      own.virtualTime = Math.max(own.virtualTime, first.turn)
      this.#virtualTime = Math.max(this.#virtualTime, own.finish)
      own.finish += 1 / CLASS_WEIGHTS[priority]
      this.#length -= 1
      return first.item
    }
    return null
  }

  /** Takes one out that gives up; false when it was not there. */
  remove(item: T): boolean {
    for (const priority of PRIORITIES) {
      const { waiting } = this.#classes[priority]
      const at = waiting.findIndex((other) => other.item === item)
      if (at < 0) continue
      waiting.splice(at, 1)
      this.#length -= 1
      return true
    }
    return false
  }
}

function emptyClass<T>(): Class<T> {
  return { waiting: [], virtualTime: 0, finish: 0 }
}

/** The first turn; of equal ones the first that came. */
function firstOf<T>(of: Class<T>, isReady: ((item: T) => boolean) | null): Queued<T> | null {
  if (isReady === null) {
    return of.waiting.reduce<Queued<T> | null>(
      (first, one) => (first === null || one.turn < first.turn ? one : first),
      null,
    )
  }
  const byTurn = of.waiting.toSorted((a, b) => a.turn - b.turn)
  return byTurn.find(({ item }) => isReady(item)) ?? null
}
