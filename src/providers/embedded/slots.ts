import type { LlamaContextSequence, Token } from 'node-llama-cpp'

/** One of the sequences that a context computes side by side. */
export interface Slot {
  readonly sequence: LlamaContextSequence
  /** Who filled it: its state is reused for the same scope only, so that timing tells no other caller anything. */
  scope: string
  /** Position in the order of use; the lowest is the longest unused. */
  usedAt: number
}

/** Number of leading tokens that two lists share. */
export function commonPrefix<T>(a: readonly T[], b: readonly T[]): number {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length++
  return length
}

interface Waiter {
  readonly grant: (slot: Slot) => void
  readonly tokens: readonly Token[]
  readonly scope: string
}

/** The slots of one model, and the callers waiting for one, first come first served. */
export class Slots {
  readonly #free: Slot[]
  readonly #total: number
  #waiters: Waiter[] = []
  #uses = 0

  constructor(sequences: readonly LlamaContextSequence[]) {
    this.#free = sequences.map((sequence) => ({ sequence, scope: '', usedAt: 0 }))
    this.#total = sequences.length
  }

  get total(): number {
    return this.#total
  }

  get used(): number {
    return this.#total - this.#free.length
  }

  get waiting(): number {
    return this.#waiters.length
  }

  /** A free slot: the one whose state begins like these tokens, else the longest unused. Rejects with the signal's reason. */
  async take(tokens: readonly Token[], scope: string, signal: AbortSignal): Promise<Slot> {
    signal.throwIfAborted()
    if (this.#free.length > 0 && this.#waiters.length === 0) return this.#pick(tokens, scope)
    const { promise, resolve, reject } = Promise.withResolvers<Slot>()
    const waiter: Waiter = { grant: resolve, tokens, scope }
    const leave = (): void => {
      this.#waiters = this.#waiters.filter((other) => other !== waiter)
      reject(signal.reason)
    }
    signal.addEventListener('abort', leave, { once: true })
    this.#waiters.push(waiter)
    try {
      return await promise
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }

  /** Gives a slot back; the next waiter gets the one that suits it best. */
  release(slot: Slot): void {
    slot.usedAt = ++this.#uses
    this.#free.push(slot)
    const next = this.#waiters.shift()
    if (next !== undefined) next.grant(this.#pick(next.tokens, next.scope))
  }

  #pick(tokens: readonly Token[], scope: string): Slot {
    const rated = this.#free.map((slot) => ({
      slot,
      shared: slot.scope === scope ? commonPrefix(slot.sequence.contextTokens, tokens) : 0,
    }))
    rated.sort((a, b) => b.shared - a.shared || a.slot.usedAt - b.slot.usedAt)
    const best = rated[0]?.slot
    if (best === undefined) throw new Error('no free slot')
    this.#free.splice(this.#free.indexOf(best), 1)
    return best
  }
}
