import { joinHash, spread, type Lanes } from './lanes.ts'

/** Words of one shingle. */
export const SHINGLE_WORDS = 5
/** Of so many shingles in a row one is kept: any SHINGLE_WORDS + WINNOW - 1 words in common share a kept one (Schleimer, Wilkerson and Aiken, Winnowing, SIGMOD 2003). */
const WINNOW = 3

/** Fingerprints of registered documents as columns: the hash of a shingle, and the index of a document. */
export interface PrintColumns {
  readonly count: number
  readonly hashes: Uint32Array
  readonly documents: Uint16Array
}

export interface Fingerprints {
  readonly columns: PrintColumns
  readonly slots: Uint32Array
}

/** The hash of the last words of a ring that ends at `last`. */
export function shingleHash(ring: Uint32Array, last: number, lanes: Lanes): number {
  let hash = lanes.second ^ SHINGLE_SEED
  for (let back = SHINGLE_WORDS - 1; back >= 0; back--)
    hash = joinHash(hash, ring[(last - back) & (ring.length - 1)] ?? 0, lanes)
  return spread(hash) >>> 0
}
const SHINGLE_SEED = 0x5bd1e995

/** The shingles that stand for a document: the least of every WINNOW in a row, each once. */
export function winnow(shingles: readonly number[]): readonly number[] {
  const kept = new Set<number>()
  const most = Math.max(1, shingles.length - WINNOW + 1)
  for (let from = 0; from < most && shingles.length > 0; from++) {
    let least = shingles[from] ?? 0
    for (let at = from + 1; at < Math.min(shingles.length, from + WINNOW); at++)
      least = Math.min(least, shingles[at] ?? least)
    kept.add(least)
  }
  return [...kept]
}

/** Documents that one shingle may stand for; the most sensitive come first in the columns. */
const MOST_DOCUMENTS = 8

export function buildFingerprints(columns: PrintColumns): Fingerprints {
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(Math.max(16, 2 * columns.count))))
  for (let row = 0; row < columns.count; row++) {
    let slot = (columns.hashes[row] ?? 0) & (slots.length - 1)
    let same = 0
    while (slots[slot] !== 0) {
      if (columns.hashes[(slots[slot] ?? 1) - 1] === columns.hashes[row]) same++
      slot = (slot + 1) & (slots.length - 1)
    }
    if (same < MOST_DOCUMENTS) slots[slot] = row + 1
  }
  return { columns, slots }
}

/** A stretch of text that a registered document holds. */
export interface Passage {
  readonly document: number
  readonly start: number
  readonly end: number
  /** Shingles in common, each counted once. */
  readonly shared: number
}

interface Growing {
  start: number
  end: number
  lastWord: number
  readonly seen: Set<number>
}

/** Words between two shared shingles of one passage: an edit destroys at most SHINGLE_WORDS, and some are not kept. */
const WIDEST_GAP = 24
/** Fewer shared shingles are a phrase that anyone may write. */
const FEWEST_SHARED = 5
/** More shared ones tell nothing new; bounds the memory of one passage. */
const MOST_SEEN = 256

/** Follows the passages of one text; told every shingle in order of place. */
export class PassageFinder {
  readonly #prints: Fingerprints
  readonly #found: (passage: Passage) => void
  readonly #open = new Map<number, Growing>()

  constructor(prints: Fingerprints, found: (passage: Passage) => void) {
    this.#prints = prints
    this.#found = found
  }

  /** A shingle whose last word has the number `word`. */
  shingle(hash: number, word: number, start: number, end: number): void {
    const { columns, slots } = this.#prints
    const mask = slots.length - 1
    for (let slot = hash & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const row = (slots[slot] ?? 1) - 1
      if (columns.hashes[row] === hash)
        this.#grow(columns.documents[row] ?? 0, hash, word, start, end)
    }
  }

  finish(): void {
    for (const [document, growing] of this.#open) this.#tell(document, growing)
    this.#open.clear()
  }

  #grow(document: number, hash: number, word: number, start: number, end: number): void {
    const open = this.#open.get(document)
    if (open !== undefined && word - open.lastWord <= WIDEST_GAP) {
      open.end = end
      open.lastWord = word
      if (open.seen.size < MOST_SEEN) open.seen.add(hash)
      return
    }
    if (open !== undefined) this.#tell(document, open)
    this.#open.set(document, { start, end, lastWord: word, seen: new Set([hash]) })
  }

  #tell(document: number, { start, end, seen }: Growing): void {
    if (seen.size >= FEWEST_SHARED) this.#found({ document, start, end, shared: seen.size })
  }
}
