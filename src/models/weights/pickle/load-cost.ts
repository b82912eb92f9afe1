import { keyHash } from './key-hash.ts'
import type { Value } from './value.ts'

/** Steps of CPython that any pickle may take, some seconds, and how many more for each of its bytes. */
const FREE_STEPS = 2 ** 27
const STEPS_PER_BYTE = 64
/** Sums stay exact; far beyond every limit. */
const MOST = 1e15
/** CPython hashes a tuple by recursion of C: one deeper than its stack has room for ends the process. */
const DEEPEST_KEY = 10_000
/** Bytes that CPython copies or hashes while it looks at one item. */
export const BYTES_PER_STEP = 64
/** Keys whose hashes are compared at all begin here: fewer cost nothing however they collide. */
const FIRST_KEYS = 4096
const BUCKETS = 2 ** 20

/** What hashing, comparing or copying a value costs, in items that CPython looks at: shared parts count each time. */
export function weightOf(value: Value): number {
  if (typeof value === 'number') return 1
  if (typeof value === 'string') return 1 + value.length / BYTES_PER_STEP
  switch (value.kind) {
    case 'text':
      return 1 + value.length / BYTES_PER_STEP
    case 'tuple':
    case 'list':
    case 'set':
    case 'dict':
    case 'bulk':
      return value.weight
    default:
      return 1
  }
}

/** The same of several values, from a place on. */
export function weightFrom(values: readonly Value[], from = 0): number {
  let total = 0
  for (let at = from; at < values.length; at++) total += weightOf(values[at] ?? 0)
  return Math.min(total, MOST)
}

export const bulk = (of: 'bytes' | 'number' | 'frozenset', weight: number): Value => ({
  kind: 'bulk',
  of,
  weight: Math.min(1 + weight, MOST),
})

/** `certain`: it takes so long. `possible`: it would if keys whose hash cannot be told here collide. */
export type Costly = 'certain' | 'possible'

/** Counts what a loader pays for a pickle beside reading it: keys that are hashed, compared, and what calls copy. */
export class LoadCost {
  #paid = 0
  #uncertain = 0
  #hashed = 0
  #buckets: Uint32Array | null = null
  readonly #ids = new WeakMap<object, number>()
  #lastId = 0

  pay(steps: number): void {
    this.#paid = Math.min(this.#paid + steps, MOST)
  }

  /** A value that becomes a key of a dictionary or an item of a set. */
  payKey(container: Value, key: Value): void {
    if (typeof key === 'number' || typeof key === 'string') {
      this.#paid += 1
      return
    }
    if (key.kind === 'text') {
      this.#paid += 1
      return
    }
    this.pay(weightOf(key))
    if (key.kind === 'tuple' && key.depth > DEEPEST_KEY) this.pay(MOST)
    const hash = keyHash(key)
    if (hash === 'random') return
    if (hash === 'unknown') {
      this.#uncertain += 1
      return
    }
    this.#hashed += 1
    if (this.#hashed <= FIRST_KEYS || typeof container !== 'object') return
    this.#buckets ??= new Uint32Array(BUCKETS)
    const bucket = (Math.imul(hash, 0x9e_37_79_b1) ^ this.#idOf(container)) & (BUCKETS - 1)
    const before = this.#buckets[bucket] ?? 0
    this.#buckets[bucket] = before + 1
    this.pay(before)
  }

  /** Whether a pickle of so many bytes costs more than its size explains. */
  beyond(bytes: number): Costly | null {
    const limit = FREE_STEPS + STEPS_PER_BYTE * bytes
    if (this.#paid > limit) return 'certain'
    return this.#paid + this.#uncertain ** 2 / 2 > limit ? 'possible' : null
  }

  #idOf(container: object): number {
    const known = this.#ids.get(container)
    if (known !== undefined) return known
    this.#lastId += 1
    const id = Math.imul(this.#lastId, 0x85_eb_ca_6b)
    this.#ids.set(container, id)
    return id
  }
}
