import { firstFrom } from '../scan/places.ts'
import type { Scan } from '../scan/scan.ts'

/** A stretch between sentence ends, no longer than REACH on either side of what was asked about. */
export interface Sentence {
  readonly start: number
  readonly end: number
  /** Where it would begin if it were told in full. */
  readonly begin: number
  readonly text: string
  /** Longer than REACH: the end is not its own. */
  readonly cut: boolean
}

/** Context never reaches further, so that neutral text beyond it changes nothing. */
const REACH = 240

/** Full stops of `M.`, `Dr.`, `p.` and initials end nothing. */
const ABBREVIATION =
  /(?:^|[\s(])(?:M|Mme|Dr|Pr|Me|Mr|Mrs|Ms|St|p|n|art|cf|ex|etc|e\.g|i\.e|\p{Lu})$/u

const LINE_FEED = 10
const FULL_STOP = 46
/** What may end a sentence beside a line feed: `!`, `.`, `?`, `…`. */
const ENDS = new Set([33, FULL_STOP, 63, 0x2026])
const AFTER_END = /[\s»"”)]/

const endsAt = (text: string, at: number, unit: number): boolean => {
  if (unit === FULL_STOP && ABBREVIATION.test(text.slice(Math.max(0, at - 5), at))) return false
  return AFTER_END.test(text[at + 1] ?? ' ')
}

/** Where sentences end, in order. */
export function sentenceEnds(text: string): readonly number[] {
  const ends: number[] = []
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit > 63 && unit !== 0x2026) continue
    if (unit === LINE_FEED || (ENDS.has(unit) && endsAt(text, at, unit))) ends.push(at)
  }
  return ends
}

/** The sentence that holds [start, end), `ends` being those of the text. */
export function sentenceBetween(
  scan: Scan,
  ends: readonly number[],
  start: number,
  end: number,
): Sentence {
  const { text } = scan
  const begin = (ends[firstFrom(ends, start) - 1] ?? -1) + 1
  const stop = ends[firstFrom(ends, end)] ?? text.length
  const from = Math.max(begin, start - REACH, 0)
  let to = Math.min(stop, end + REACH)
  const cut = to - end >= REACH
  if (to < text.length && text.charCodeAt(to) !== LINE_FEED) to++
  return { start: from, end: to, begin, text: text.slice(from, to), cut }
}
