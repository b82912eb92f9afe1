import type { Scan } from '../scan/scan.ts'
import { plain } from './plain.ts'

/** A stretch between sentence ends, no longer than REACH on either side of what was asked about. */
export interface Sentence {
  readonly start: number
  readonly end: number
  readonly text: string
  /** The same without accents. */
  readonly plain: string
  /** Longer than REACH: the end is not its own. */
  readonly cut: boolean
}

/** Context never reaches further, so that neutral text beyond it changes nothing. */
const REACH = 240

/** Full stops of `M.`, `Dr.`, `p.` and initials end nothing. */
const ABBREVIATION =
  /(?:^|[\s(])(?:M|Mme|Dr|Pr|Me|Mr|Mrs|Ms|St|p|n|art|cf|ex|etc|e\.g|i\.e|\p{Lu})$/u

const endsAt = (text: string, at: number): boolean => {
  const char = text[at] ?? ''
  if (char === '\n') return true
  if (!'.!?…'.includes(char) || char === '') return false
  if (char === '.' && ABBREVIATION.test(text.slice(Math.max(0, at - 5), at))) return false
  return /[\s»"”)]/.test(text[at + 1] ?? ' ')
}

/** The sentence that holds [start, end). */
export function sentenceAround(scan: Scan, start: number, end: number): Sentence {
  const { text } = scan
  let from = start
  while (from > 0 && start - from < REACH && !endsAt(text, from - 1)) from--
  let to = end
  while (to < text.length && to - end < REACH && !endsAt(text, to)) to++
  const cut = to - end >= REACH
  if (to < text.length && text[to] !== '\n') to++
  scan.steps.spend(to - from)
  const own = text.slice(from, to)
  return { start: from, end: to, text: own, plain: plain(own), cut }
}
