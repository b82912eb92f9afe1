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
  /** The separators between groups, in order. */
  readonly separators: string
  /** The group follows another one through a single separator. */
  readonly continues: boolean
  /** The group hangs on a word through `-`, `_`, `/`, `.` or `#`: a UUID, a path, a version. */
  readonly attached: boolean
  /** The offset just after the group that ends with the digit `count`; -1 where none does. */
  endAfter(count: number): number
}

/** The end offset of the first `count` digits where they end a group and no letter follows; -1 otherwise. */
export const endOf = (run: NumberRun, count: number): number => run.endAfter(count)

/** Groups chained by single separators, copied out of the text once for all runs that begin in them. */
class Chain {
  readonly starts: number[] = []
  readonly ends: number[] = []
  /** Digits before each group. */
  readonly before: number[] = []
  digits = ''
  /** One for each group but the first. */
  separators = ''

  add(text: string, start: number, end: number): void {
    const last = this.ends.at(-1)
    if (last !== undefined) this.separators += text[start - 1] === '(' ? ' ' : (text[last] ?? '')
    this.before.push(this.digits.length)
    this.starts.push(start)
    this.ends.push(end)
    this.digits += text.slice(start, end)
  }

  /** Digits before the end of a group. */
  upTo(group: number): number {
    return this.before[group + 1] ?? this.digits.length
  }
}

/** A run as a window on its chain: lists are made when they are asked for. */
class ChainRun implements NumberRun {
  readonly start: number
  readonly digits: string
  readonly continues: boolean
  readonly attached: boolean
  readonly #chain: Chain
  readonly #first: number
  /** The group after the last one. */
  readonly #next: number
  #stops: readonly number[] | undefined

  constructor(chain: Chain, first: number, next: number, attached: boolean) {
    this.#chain = chain
    this.#first = first
    this.#next = next
    this.start = chain.starts[first] ?? 0
    this.digits = chain.digits.slice(chain.before[first], chain.upTo(next - 1))
    this.continues = first > 0
    this.attached = attached
  }

  get stops(): readonly number[] {
    if (this.#stops !== undefined) return this.#stops
    const from = this.#chain.before[this.#first] ?? 0
    const stops: number[] = []
    for (let group = this.#first; group < this.#next; group++)
      stops.push(this.#chain.upTo(group) - from)
    this.#stops = stops
    return stops
  }

  get separators(): string {
    return this.#chain.separators.slice(this.#first, this.#next - 1)
  }

  endAfter(count: number): number {
    if (count > this.digits.length) return -1
    const wanted = (this.#chain.before[this.#first] ?? 0) + count
    for (let group = this.#first; group < this.#next; group++) {
      const upTo = this.#chain.upTo(group)
      if (upTo >= wanted) return upTo === wanted ? (this.#chain.ends[group] ?? -1) : -1
    }
    return -1
  }
}

/** Hands over the digit run that starts at each group, one at a time; groups chained by single separators are cut once and read from each of them. */
export function readNumbers(
  text: string,
  starts: readonly number[],
  steps: Steps,
  give: (run: NumberRun) => void,
): void {
  let chain = new Chain()
  let next = -1
  for (const start of starts) {
    if (steps.exhausted) break
    let end = start
    while (isDigitAt(text, end)) end++
    steps.spend(end - start + 2)
    if (start !== next && chain.starts.length > 0) {
      readChain(text, chain, steps, give)
      chain = new Chain()
    }
    const lettered = (kindAt(text, end) & LETTER) !== 0
    if (!lettered) chain.add(text, start, end)
    const gap = lettered ? 0 : separatorAt(text, end)
    next = gap === 0 ? -1 : end + gap
  }
  if (chain.starts.length > 0) readChain(text, chain, steps, give)
}

function readChain(text: string, chain: Chain, steps: Steps, give: (run: NumberRun) => void): void {
  if (chain.digits.length < FEWEST_DIGITS) return
  let next = 0
  for (let first = 0; first < chain.starts.length && !steps.exhausted; first++) {
    const from = chain.before[first] ?? 0
    while (next < chain.starts.length && chain.upTo(next) - from <= MOST_DIGITS) next++
    steps.spend(Math.max(0, next - first))
    // a group that is too long by itself begins no run
    if (next <= first) next = first
    else if (chain.upTo(next - 1) - from >= FEWEST_DIGITS)
      give(new ChainRun(chain, first, next, first === 0 && isHanging(text, chain.starts[0] ?? 0)))
  }
}

function isHanging(text: string, start: number): boolean {
  const before = text[start - 1] ?? ''
  return before !== '' && '-_/.#'.includes(before) && isWordAt(text, start - 2)
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
