import { hashLetters, spread, type Lanes, type Mark } from './lanes.ts'

/** Words with fewer letters are found only as they are: one edit makes them another word. */
export const SHORTEST_NEAR = 6

/** Words that are found with one letter changed, added or left out, as columns of numbers. */
export interface NearColumns {
  readonly words: number
  /** For each word: the fast hash of its stem, and its mark. */
  readonly hashes: Uint32Array
  readonly highs: Uint32Array
  readonly lows: Uint32Array
  readonly forms: number
  /** For each form (the word, and the word without its letter i): two hashes, and the index of the word. */
  readonly firsts: Uint32Array
  readonly seconds: Uint32Array
  readonly owners: Uint32Array
  /** For each half that one edit leaves whole: its hash. */
  readonly halves: Uint32Array
}

export interface NearWords {
  readonly columns: NearColumns
  readonly slots: Uint32Array
  /** Bits of the halves: most words of a text have none and are done. */
  readonly filter: Uint32Array
}

const powerOver = (count: number): number => 2 ** Math.ceil(Math.log2(Math.max(32, count)))

export function buildNearWords(columns: NearColumns): NearWords {
  const slots = new Uint32Array(powerOver(2 * columns.forms))
  for (let form = 0; form < columns.forms; form++) {
    let slot = (columns.firsts[form] ?? 0) & (slots.length - 1)
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1)
    slots[slot] = form + 1
  }
  const filter = new Uint32Array(powerOver(columns.halves.length))
  for (const half of columns.halves) {
    const word = (half >>> 5) & (filter.length - 1)
    filter[word] = (filter[word] ?? 0) | (1 << (half & 31))
  }
  return { columns, slots, filter }
}

/** The two hashes of a form; `place` is 0 for a whole word, i + 1 where letter i was left out. */
export function formHashes(
  letters: Uint16Array,
  length: number,
  place: number,
  lanes: Lanes,
): readonly [number, number] {
  const first = hashLetters(letters, length, lanes.seed, lanes.factor)
  const second = hashLetters(letters, length, lanes.second, lanes.secondFactor)
  return [placed(first, place), placed(second, place)]
}

const PLACE_FACTOR = 0x9e3779b1
const placed = (hash: number, place: number): number =>
  spread(hash ^ Math.imul(place, PLACE_FACTOR)) >>> 0

/** The hash of one half of a word of `length` letters; the halves of words of other lengths are others. */
export function halfHash(
  letters: Uint16Array,
  from: number,
  to: number,
  length: number,
  lanes: Lanes,
): number {
  let hash = lanes.seed ^ Math.imul(2 * length + (from === 0 ? 0 : 1), PLACE_FACTOR)
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (letters[at] ?? 0), lanes.factor)
  return spread(hash) >>> 0
}

/** Words that one word of a text may stand for. */
const MOST_NEAR = 4

/** Finds the words one edit away; equal ones are not among them. */
export class NearLookup {
  readonly #words: NearWords
  readonly #lanes: Lanes
  readonly #without = new Uint16Array(64)
  #found: number[] = []
  #self = -1

  constructor(words: NearWords, lanes: Lanes) {
    this.#words = words
    this.#lanes = lanes
  }

  /** Indices of near words; null for most words of a text. */
  near(letters: Uint16Array, length: number): readonly number[] | null {
    if (length < SHORTEST_NEAR - 1 || !this.#mayBeNear(letters, length)) return null
    const lanes = this.#lanes
    const { seed, factor, second, secondFactor } = lanes
    this.#found = []
    this.#self = -1
    const whole = hashLetters(letters, length, seed, factor)
    const wholeSecond = hashLetters(letters, length, second, secondFactor)
    this.#look(whole, wholeSecond, 0)
    // itself is no edit away
    this.#self = this.#found.pop() ?? -1
    // a letter of the word is missing here
    for (let at = 0; at <= length; at++) this.#look(whole, wholeSecond, at + 1)
    const without = this.#without
    for (let at = 1; at < length; at++) without[at - 1] = letters[at] ?? 0
    for (let at = 0; at < length; at++) {
      if (at > 0) without[at - 1] = letters[at - 1] ?? 0
      const first = hashLetters(without, length - 1, seed, factor)
      const other = hashLetters(without, length - 1, second, secondFactor)
      // another letter stands here, or one too many
      this.#look(first, other, at + 1)
      this.#look(first, other, 0)
    }
    return this.#found.length === 0 ? null : this.#found
  }

  #look(first: number, second: number, place: number): void {
    const { columns, slots } = this.#words
    const wanted = placed(first, place)
    const mask = slots.length - 1
    for (let slot = wanted & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const form = (slots[slot] ?? 1) - 1
      if (columns.firsts[form] !== wanted || columns.seconds[form] !== placed(second, place))
        continue
      const owner = columns.owners[form] ?? 0
      if (owner === this.#self || this.#found.includes(owner)) continue
      if (this.#found.length < MOST_NEAR) this.#found.push(owner)
    }
  }

  /** One edit leaves the first or the second half of the word as it was. */
  #mayBeNear(letters: Uint16Array, length: number): boolean {
    for (let own = Math.max(SHORTEST_NEAR, length - 1); own <= length + 1; own++) {
      const half = own >> 1
      if (this.#hasHalf(letters, 0, half, own)) return true
      if (this.#hasHalf(letters, length - (own - half), length, own)) return true
    }
    return false
  }

  #hasHalf(letters: Uint16Array, from: number, to: number, length: number): boolean {
    const hash = halfHash(letters, from, to, length, this.#lanes)
    const { filter } = this.#words
    return ((filter[(hash >>> 5) & (filter.length - 1)] ?? 0) & (1 << (hash & 31))) !== 0
  }
}

/** What a near word stands for: the fast hash and the mark of its stem. */
export const nearWord = (
  { columns }: NearWords,
  index: number,
): Mark & { readonly hash: number } => ({
  hash: columns.hashes[index] ?? 0,
  high: columns.highs[index] ?? 0,
  low: columns.lows[index] ?? 0,
})
