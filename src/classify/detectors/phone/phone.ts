import type { Detector, Draft } from '../../scan/detector.ts'
import { endOf, type NumberRun } from '../../scan/numbers.ts'
import type { Scan } from '../../scan/scan.ts'
import { weigh } from '../../scan/score.ts'
import { isWordAt } from '../../scan/symbols.ts'

/** ITU-T E.164 country codes of one, two and three digits. */
const COUNTRY =
  /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-69]\d|35\d|37\d|38\d|42\d|50\d|59\d|67\d|68\d|69\d|80\d|85\d|87\d|88\d|96\d|97\d|99\d)/
const NANP = /^[2-9]\d{2}[2-9]\d{6}$/
const UK = /^0(?:2\d|1\d{2}|7[1-9]|3[03]|8\d)\d{7,8}$/
/** ISO dates and times that digits alone would make a number of. */
const PAIRS = /^(.)\1{3}$/

interface Reading {
  readonly start: number
  readonly end: number
  readonly rule: string
  readonly base: number
}

/** French numbers in every punctuation, E.164, and national forms of North America and the United Kingdom. */
export const phone: Detector = {
  id: 'phone',
  acrossParts: true,
  literals: [],
  find: () => undefined,
  number(scan, run, found) {
    const reading =
      international(scan.text, run) ?? french(run) ?? american(scan.text, run) ?? british(run)
    if (reading !== undefined) accept(scan, reading, found)
  },
}

function accept(scan: Scan, reading: Reading, found: (draft: Draft) => void): void {
  const { start, end, rule, base } = reading
  const { confidence, because } = weigh(scan, start, end, { base, context: 'phone', distance: 40 })
  if (confidence < 0.5) return
  found({ type: 'PHONE_NUMBER', rule, start, end, confidence, because })
}

/** `+33 (0)6 …`, `0033 6 …`, `+1 202 555 0123`. */
function international(text: string, run: NumberRun): Reading | undefined {
  const plus = plusBefore(text, run.start)
  const zeros = run.digits.startsWith('00') && !run.continues
  if (plus < 0 && !zeros) return undefined
  const skip = plus >= 0 ? 0 : 2
  const start = plus >= 0 ? plus : run.start
  const number = run.digits.slice(skip)
  if (number.startsWith('33')) {
    const zero = number[2] === '0' ? 1 : 0
    const end = endOf(run, skip + 11 + zero)
    const first = number[2 + zero] ?? '0'
    return end < 0 || first === '0' ? undefined : { start, end, rule: 'phone-fr', base: 0.85 }
  }
  if (!COUNTRY.test(number)) return undefined
  const count = run.stops.findLast((stop) => stop - skip >= 8 && stop - skip <= 15)
  if (count === undefined || (zeros && count - skip < 10)) return undefined
  return { start, end: endOf(run, count), rule: 'phone-e164', base: plus >= 0 ? 0.75 : 0.5 }
}

function plusBefore(text: string, start: number): number {
  const at = text[start - 1] === '(' ? start - 2 : start - 1
  if (text[at] === '+' && !isWordAt(text, at - 1)) return at
  return text[start - 1] === '+' && !isWordAt(text, start - 2) ? start - 1 : -1
}

/** `06 12 34 56 78` and its other punctuations: ten digits, the second not zero. */
function french(run: NumberRun): Reading | undefined {
  if (run.digits[0] !== '0' || run.digits[1] === '0' || run.attached) return undefined
  const end = endOf(run, 10)
  if (end < 0) return undefined
  const length = end - run.start
  const inner = run.stops.filter((stop) => stop < 10)
  const pairs = inner.join() === '2,4,6,8'
  if (pairs && !PAIRS.test(run.separators.slice(0, 4)) && length > 16) return undefined
  if (run.continues && !pairs) return undefined
  const tail = run.stops.some((stop) => stop > 10) && inner.length === 0
  const base = pairs ? 0.75 : inner.length === 0 && !tail ? 0.65 : 0.45
  return { start: run.start, end, rule: 'phone-fr', base }
}

/** `(202) 555-0123`, `202-555-0123`, `1-202-555-0123`. */
function american(text: string, run: NumberRun): Reading | undefined {
  if (run.attached || run.continues) return undefined
  const lead = run.digits[0] === '1' ? 1 : 0
  const end = endOf(run, 10 + lead)
  if (end < 0 || !NANP.test(run.digits.slice(lead, 10 + lead))) return undefined
  const grouped = run.stops.includes(3 + lead) && run.stops.includes(6 + lead)
  const bracket = text[run.start - 1] === '(' && text[run.start + 3] === ')'
  const start = bracket ? run.start - 1 : run.start
  if (!grouped && run.stops.some((stop) => stop < 10 + lead && stop !== lead)) return undefined
  const uniform = new Set(run.separators.slice(0, 2)).size === 1
  const base = bracket ? 0.75 : grouped ? (uniform ? 0.6 : 0.5) : 0.15
  return { start, end, rule: 'phone-nanp', base }
}

/** `020 7946 0958`, `07700 900123`. */
function british(run: NumberRun): Reading | undefined {
  if (run.attached || run.continues) return undefined
  const count = [11, 10].find((digits) => endOf(run, digits) >= 0)
  if (count === undefined || !UK.test(run.digits.slice(0, count))) return undefined
  const end = endOf(run, count)
  const first = run.stops[0] ?? 0
  return { start: run.start, end, rule: 'phone-uk', base: first >= 3 && first <= 5 ? 0.55 : 0.3 }
}
