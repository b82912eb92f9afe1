import type { Steps } from './steps.ts'
import { isDigitAt, isWordAt, kindAt, LETTER, SPACE } from './symbols.ts'

/** No identifier of digits alone is longer (a RIB has 23). */
const MOST_DIGITS = 24
/** Fewer digits identify nobody without a word before them. */
const FEWEST_DIGITS = 7

/** Digits from the start of one group onwards, through single separators, as far as an identifier can reach. */
export interface NumberRun {
  readonly start: number
  /** At most 24 digits, separators left out. */
  readonly digits: string
  /** How many digits there are at each end of a group: a number may stop only there. */
  readonly stops: readonly number[]
  /** Offsets just after the group that ends at each stop. */
  readonly ends: readonly number[]
  /** The separators between groups, in order. */
  readonly separators: string
  /** The group follows another one through a single separator. */
  readonly continues: boolean
  /** The group hangs on a word through `-`, `_`, `/`, `.` or `#`: a UUID, a path, a version. */
  readonly attached: boolean
}

/** The end offset of the first `count` digits where they end a group and no letter follows; -1 otherwise. */
export function endOf(run: NumberRun, count: number): number {
  const index = run.stops.indexOf(count)
  return index < 0 ? -1 : (run.ends[index] ?? -1)
}

interface Group {
  readonly start: number
  readonly end: number
}

/** Hands over the digit run that starts at each group, one at a time; groups chained by single separators are cut once and read from each of them. */
export function readNumbers(
  text: string,
  starts: readonly number[],
  steps: Steps,
  give: (run: NumberRun) => void,
): void {
  let chain: Group[] = []
  let next = -1
  for (const start of starts) {
    if (steps.exhausted) break
    let end = start
    while (isDigitAt(text, end)) end++
    steps.spend(end - start + 2)
    if (start !== next && chain.length > 0) {
      readChain(text, chain, steps, give)
      chain = []
    }
    const lettered = (kindAt(text, end) & LETTER) !== 0
    if (!lettered) chain.push({ start, end })
    const gap = lettered ? 0 : separatorAt(text, end)
    next = gap === 0 ? -1 : end + gap
  }
  if (chain.length > 0) readChain(text, chain, steps, give)
}

function readChain(
  text: string,
  chain: readonly Group[],
  steps: Steps,
  give: (run: NumberRun) => void,
): void {
  for (let first = 0; first < chain.length && !steps.exhausted; first++) {
    const { start } = chain[first] ?? { start: 0 }
    let digits = ''
    let separators = ''
    const stops: number[] = []
    const ends: number[] = []
    for (let i = first; i < chain.length; i++) {
      const group = chain[i] ?? { start: 0, end: 0 }
      if (digits.length + group.end - group.start > MOST_DIGITS) break
      if (i > first)
        separators += text[group.start - 1] === '(' ? ' ' : (text[chain[i - 1]?.end ?? 0] ?? '')
      digits += text.slice(group.start, group.end)
      stops.push(digits.length)
      ends.push(group.end)
    }
    steps.spend(stops.length)
    if (digits.length < FEWEST_DIGITS) continue
    const before = text[start - 1] ?? ''
    const hanging =
      first === 0 && before !== '' && '-_/.#'.includes(before) && isWordAt(text, start - 2)
    give({ start, digits, stops, ends, separators, continues: first > 0, attached: hanging })
  }
}

/** Length of the separator at `at` if a digit follows it: one space, dot, dash, slash or bracket, or ` - `. */
function separatorAt(text: string, at: number): number {
  const unit = text[at] ?? ''
  const single = (kindAt(text, at) & SPACE) !== 0 || '.-/‑–()'.includes(unit)
  if (unit === '' || !single) return 0
  if (isDigitAt(text, at + 1)) return 1
  const second = text[at + 1] ?? ''
  if (second === '(' && isDigitAt(text, at + 2)) return 2
  if (unit === ')' && (kindAt(text, at + 1) & SPACE) !== 0 && isDigitAt(text, at + 2)) return 2
  if (second === '-' && text[at + 2] === ' ' && isDigitAt(text, at + 3)) return 3
  return 0
}
