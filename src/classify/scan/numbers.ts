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
  /** Offsets just after each digit. */
  readonly ends: readonly number[]
  /** How many digits there are at each end of a group: a number may stop only there. */
  readonly stops: readonly number[]
  /** The separators between groups, in order. */
  readonly separators: string
  /** The group follows another one through a single separator. */
  readonly continues: boolean
  /** The group hangs on a word through `-`, `_`, `/`, `.` or `#`: a UUID, a path, a version. */
  readonly attached: boolean
}

/** The end offset of the first `count` digits where they end a group and no letter follows; -1 otherwise. */
export function endOf(run: NumberRun, count: number): number {
  return run.stops.includes(count) ? (run.ends[count - 1] ?? -1) : -1
}

/** Reads the digit runs that start at each group. */
export function findNumbers(
  text: string,
  starts: readonly number[],
  steps: Steps,
): readonly NumberRun[] {
  const runs: NumberRun[] = []
  for (const start of starts) {
    if (steps.exhausted) break
    const run = readRun(text, start)
    steps.spend(run.digits.length + run.separators.length + 2)
    if (run.digits.length >= FEWEST_DIGITS) runs.push(run)
  }
  return runs
}

function readRun(text: string, start: number): NumberRun {
  let digits = ''
  let separators = ''
  const ends: number[] = []
  const stops: number[] = []
  let at = start
  while (digits.length <= MOST_DIGITS) {
    if (isDigitAt(text, at)) {
      digits += text[at] ?? ''
      at++
      ends.push(at)
      continue
    }
    if ((kindAt(text, at) & LETTER) !== 0) break
    stops.push(digits.length)
    const gap = separatorAt(text, at)
    if (gap === 0) break
    separators += text[at] === '(' ? ' ' : (text[at] ?? '')
    at += gap
  }
  const before = text[start - 1] ?? ''
  const hanging = '-_/.#'.includes(before) && before !== '' && isWordAt(text, start - 2)
  const continues = isDigitAt(text, start - 2) && separatorAt(text, start - 1) > 0
  return { start, digits, ends, stops, separators, continues, attached: hanging && !continues }
}

/** Length of the separator at `at` if a digit follows it: one space, dot, dash, slash or bracket, or ` - `. */
function separatorAt(text: string, at: number): number {
  const unit = text[at] ?? ''
  const single = (kindAt(text, at) & SPACE) !== 0 || '.-/‑–)'.includes(unit)
  if (unit === '' || !single) return 0
  if (isDigitAt(text, at + 1)) return 1
  const second = text[at + 1] ?? ''
  if (second === '(' && isDigitAt(text, at + 2)) return 2
  if (unit === ')' && (kindAt(text, at + 1) & SPACE) !== 0 && isDigitAt(text, at + 2)) return 2
  if (second === '-' && text[at + 2] === ' ' && isDigitAt(text, at + 3)) return 3
  return 0
}
