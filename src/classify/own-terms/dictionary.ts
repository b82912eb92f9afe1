import { joinHash, spread, type Lanes } from './lanes.ts'

/** Words of the longest term. */
export const MOST_WORDS = 12

/** Terms as columns of numbers, as they are kept on the disk; row by row one spelling of one term. */
export interface TermColumns {
  readonly count: number
  /** Fast hash of the whole sequence, then of its last word. */
  readonly hashes: Uint32Array
  readonly lasts: Uint32Array
  /** The digest that decides. */
  readonly highs: Uint32Array
  readonly lows: Uint32Array
  /** Index of the list. */
  readonly lists: Uint16Array
  /** Number of words; with EXACT where endings count. */
  readonly shapes: Uint8Array
}

/** Bit of a shape: the digest is that of the words as they were written. */
export const EXACT = 0x80

/** The columns with the two tables that a scan asks. */
export interface Dictionary {
  readonly columns: TermColumns
  /** By the last word: a bit for each number of words that some term ending so has. */
  readonly endings: Uint16Array
  /** Open addressing by the hash of the sequence: row + 1, 0 where empty. */
  readonly slots: Uint32Array
}

const powerOver = (count: number): number => 2 ** Math.ceil(Math.log2(Math.max(16, count)))

/** Builds the tables; linear in the number of terms. */
export function buildDictionary(columns: TermColumns): Dictionary {
  const endings = new Uint16Array(powerOver(4 * columns.count))
  const slots = new Uint32Array(powerOver(2 * columns.count))
  const { hashes, lasts, shapes } = columns
  for (let row = 0; row < columns.count; row++) {
    const last = (lasts[row] ?? 0) & (endings.length - 1)
    endings[last] = (endings[last] ?? 0) | (1 << ((shapes[row] ?? 0) & ~EXACT))
    let slot = (hashes[row] ?? 0) & (slots.length - 1)
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1)
    slots[slot] = row + 1
  }
  return { columns, endings, slots }
}

/** Rows of the same fast hash that are looked at; more could only be made by someone who has the key. */
const MOST_ROWS = 512

/** Calls back for every row with this hash of a sequence. */
export function rowsWith(
  { columns, slots }: Dictionary,
  hash: number,
  each: (row: number) => void,
): void {
  const wanted = hash >>> 0
  const mask = slots.length - 1
  for (let slot = wanted & mask, seen = 0; slots[slot] !== 0 && seen < MOST_ROWS;) {
    const row = (slots[slot] ?? 1) - 1
    if (columns.hashes[row] === wanted) {
      seen++
      each(row)
    }
    slot = (slot + 1) & mask
  }
}

/** Whether any row has this hash of a sequence. */
export function hasRow({ columns, slots }: Dictionary, hash: number): boolean {
  const wanted = hash >>> 0
  const mask = slots.length - 1
  for (let slot = wanted & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
    if (columns.hashes[(slots[slot] ?? 1) - 1] === wanted) return true
  }
  return false
}

/** The fast hash of the words of a term, from those of its words. */
export function sequenceHash(words: readonly number[], lanes: Lanes): number {
  let hash = lanes.second ^ words.length
  for (const word of words) hash = joinHash(hash, word, lanes)
  return spread(hash)
}
