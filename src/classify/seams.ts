import { SHORTEST_RUN } from './normalise/encoded.ts'
import { LONGEST_GAP } from './normalise/wrapped-lines.ts'
import { kindAt, SPACE, TOKEN } from './scan/symbols.ts'

/** How a text is cut for scanning, UTF-16 units. */
export interface BlockSizes {
  /** A text up to this long is one block. */
  readonly whole: number
  /** A block is this long, and as much longer as a run or a key that must not be cut asks for. */
  readonly block: number
  /** Read before a block, so that its first findings have their context. */
  readonly before: number
  /** Read after it: the longest thing that may begin in it, with its context. */
  readonly after: number
  /** A block that finds no end is cut here, and the text is undetermined. */
  readonly longest: number
}

/** For texts that are all there: windows that fit the arrays of the scanner, keys and runs never cut. */
export const LARGE_BLOCKS: BlockSizes = {
  whole: 131_072,
  block: 60_000,
  before: 2_048,
  after: 2_048,
  longest: 32_000_000,
}

/** For answers that are shown while they are written: what is held back is a few lines. */
export const SMALL_BLOCKS: BlockSizes = {
  whole: 0,
  block: 128,
  before: 1_024,
  after: 512,
  longest: 131_072,
}

/** Where a block ends. */
export type Seam =
  | { readonly kind: 'at'; readonly at: number }
  /** Nothing fit: cut where the longest block ends. */
  | { readonly kind: 'forced'; readonly at: number }
  /** What comes next decides. */
  | { readonly kind: 'unknown' }

/** A private key in PEM or of PuTTY: from its first line to its last, at most this far (16384 bits are 13 kB). */
const LONGEST_KEY = 20_480
const KEYS = [
  { begin: '-----BEGIN', end: '-----END' },
  { begin: 'PuTTY-User-Key-File-', end: 'Private-MAC:' },
] as const
/** After the words that end a key: the rest of that line. */
const LAST_LINE = 80
const UNKNOWN: Seam = { kind: 'unknown' }

/**
 * Where the block that begins at `from` ends: the same place however much more of the text is there. `isEnd` says that
 * no more will come.
 */
export function seamAfter(text: string, from: number, sizes: BlockSizes, isEnd: boolean): Seam {
  // a place is looked at only if all that decides about it is there
  const known = isEnd ? text.length : text.length - sizes.after
  const limit = from + sizes.longest
  let at = from + sizes.block
  for (let isKeyPassed = false; ;) {
    at = calmAfter(text, at, Math.min(known, limit))
    if (at >= limit) return { kind: 'forced', at: limit }
    if (at >= known) return isEnd ? { kind: 'at', at: text.length } : UNKNOWN
    const passed = isKeyPassed ? at : afterKey(text, from, at)
    if (passed === at) return { kind: 'at', at }
    if (!isEnd && passed > known) return UNKNOWN
    isKeyPassed = true
    at = passed
  }
}

/** The first place from `at` on with no run of base64 on either side, line ends included; `stop` when there is none before it. */
function calmAfter(text: string, at: number, stop: number): number {
  let place = wordEnd(text, at)
  while (place < stop) {
    const next = skipSpaces(text, place, 1)
    if (isLongFrom(text, next, 1)) place = wordEnd(text, next)
    else if (isLongFrom(text, skipSpaces(text, place - 1, -1), -1)) place = wordEnd(text, place + 1)
    else return place
  }
  return stop
}

const isTokenAt = (text: string, at: number): boolean => (kindAt(text, at) & TOKEN) !== 0

function wordEnd(text: string, at: number): number {
  let end = at
  while (isTokenAt(text, end)) end++
  return end
}

/** Whether the word that begins at `at` and goes forward (1) or back (-1) is long enough to hide something. */
function isLongFrom(text: string, at: number, way: 1 | -1): boolean {
  let length = 0
  while (length < SHORTEST_RUN && isTokenAt(text, at + way * length)) length++
  return length === SHORTEST_RUN
}

/** A few spaces on: no more than may stand between two lines of one run. */
function skipSpaces(text: string, at: number, way: 1 | -1): number {
  let next = at
  while (Math.abs(next - at) < LONGEST_GAP && (kindAt(text, next) & SPACE) !== 0) next += way
  return next
}

/** `at`, or the end of a key that is open there. */
function afterKey(text: string, from: number, at: number): number {
  let passed = at
  const least = Math.max(from, at - LONGEST_KEY)
  const before = text.slice(least, at)
  for (const { begin, end } of KEYS) {
    const opened = before.lastIndexOf(begin)
    if (opened < 0 || before.includes(end, opened)) continue
    const rest = text.slice(at, least + opened + LONGEST_KEY)
    const closed = rest.indexOf(end)
    passed = Math.max(passed, at + (closed < 0 ? rest.length : closed + end.length + LAST_LINE))
  }
  return passed
}
