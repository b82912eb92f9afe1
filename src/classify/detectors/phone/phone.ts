import type { Detector, Draft } from '../../scan/detector.ts'
import { endOf, type NumberRun } from '../../scan/numbers.ts'
import type { Scan } from '../../scan/scan.ts'
import { weigh } from '../../scan/score.ts'
import { isWordAt } from '../../scan/symbols.ts'
import { LENGTHS, NATIONAL_PLANS } from './national-plans.ts'

/** ITU-T E.164 country codes of one, two and three digits. */
const COUNTRY =
  /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-69]\d|35\d|37\d|38\d|42\d|50\d|59\d|67\d|68\d|69\d|80\d|85\d|87\d|88\d|96\d|97\d|99\d)/
/** Words that nothing but a telephone number follows. */
const NAMED = 'phone-named'
/** Units between such a word and its number: `Phone number: (`, `tél. portable : `. */
const NAMED_REACH = 18
/** A form that needs no telephone's name before it. */
const SURE = 0.55
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

/** E.164 of every country, French numbers in every punctuation, national forms of the main plans, and whatever has the length of a number just after a telephone's own name. */
export const phone: Detector = {
  id: 'phone',
  acrossParts: true,
  literals: [
    {
      name: NAMED,
      standing: 'stem',
      words:
        'tél|tel|téléphone|telephone|phone|phone number|mobile|mobile number|cell|cell phone|cellphone|gsm|fax|whatsapp|sms|call me at|call us at|call me on|reach me at|answering at|text me at|messages to|joignable au|appelez-moi au|rappelez-moi au|numéro de téléphone|n° de téléphone|n° de tél|portable|telefon|telefono|teléfono|telefone|handy|rufnummer|celular|móvil|cellulare|telefoon'.split(
          '|',
        ),
    },
  ],
  number(scan, run, found) {
    const reading = international(scan.text, run) ?? local(scan, run)
    const told = reading === undefined || reading.base < SURE ? named(scan, run) : undefined
    const best = told ?? reading
    if (best !== undefined) accept(scan, best, found)
  },
}

/** The surest national form. */
function local(scan: Scan, run: NumberRun): Reading | undefined {
  if (run.attached) return undefined
  const here = stronger(french(run), american(scan.text, run))
  return stronger(stronger(here, british(run)), national(scan, run))
}

const stronger = (one?: Reading, other?: Reading): Reading | undefined =>
  (other?.base ?? 0) > (one?.base ?? 0) ? other : one

function accept(scan: Scan, reading: Reading, found: (draft: Draft) => void): void {
  const { start, end, rule, base } = reading
  const { confidence, because } = weigh(scan, start, end, { base, context: 'phone', distance: 40 })
  if (confidence < 0.5 || isOther(scan.text.slice(start, end))) return
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
  const [least, most] = lengthsAfterCode(number)
  const count = run.stops.findLast((stop) => stop - skip >= least && stop - skip <= most)
  if (count === undefined || (zeros && count - skip < 10)) return undefined
  // fourteen digits without a sign or a group are a number like any other
  const bare = zeros && run.stops[0] === count
  const base = plus >= 0 ? 0.75 : bare ? 0.4 : 0.55
  return { start, end: endOf(run, count), rule: 'phone-e164', base }
}

/** Fewest and most digits, country code included; a trunk 0 in brackets may stand after the code. */
function lengthsAfterCode(number: string): readonly [number, number] {
  for (const size of [1, 2, 3]) {
    const known = LENGTHS.get(number.slice(0, size))
    if (known === undefined) continue
    const zero = number[size] === '0' ? 1 : 0
    return [known[0] + size, known[1] + size + zero]
  }
  return [8, 15]
}

/** First digits of mobiles in the listed plans. */
const MOBILE = /^0(?:[4-9]|1[567])/

/** The national form of a listed plan, grouped as it is written there; without groups it waits for a telephone's own name. */
function national(scan: Scan, run: NumberRun): Reading | undefined {
  if (run.attached || run.continues || run.digits[1] === '0') return undefined
  // a trunk 0, or the five and five digits of India
  if (run.digits[0] !== '0' && run.stops[0] !== 5) return undefined
  for (const { digits, groups } of NATIONAL_PLANS) {
    const count = [11, 10, 9, 12].find(
      (one) => endOf(run, one) >= 0 && digits.test(run.digits.slice(0, one)),
    )
    if (count === undefined) continue
    const inner = run.stops.filter((stop) => stop < count).join()
    const end = endOf(run, count)
    const alone = count === 11 && end - run.start === scan.text.trim().length
    if (!groups.has(inner) && !(alone && inner === '')) continue
    const base = count >= 10 && MOBILE.test(run.digits) ? 0.5 : 0.3
    return { start: run.start, end, rule: 'phone-national', base }
  }
  return undefined
}

/** Seven to twelve digits just after a word that nothing but a telephone number follows. */
function named(scan: Scan, run: NumberRun): Reading | undefined {
  if (run.attached) return undefined
  const hits = scan.hits(NAMED)
  const field = scan.text.length <= 32 && scan.inKey(NAMED) !== undefined
  if (hits.length === 0 && !field) return undefined
  const at = hits.within(run.start - NAMED_REACH, run.start)
  if (!field && at < 0) return undefined
  if (at >= 0 && /[\d\n]\s?\d|[.;!?]\s/.test(scan.text.slice(hits.ends[at], run.start - 1)))
    return undefined
  const line = run.separators.search(/[\n\r]/)
  const stops = line < 0 ? run.stops : run.stops.slice(0, line + 1)
  const count = stops.findLast((stop) => stop >= 7 && stop <= 12)
  if (count === undefined || /^(\d\d?)\1+$|(\d\d)\2{3}/.test(run.digits.slice(0, count)))
    return undefined
  const bracket = scan.text[run.start - 1] === '('
  return {
    start: bracket ? run.start - 1 : run.start,
    end: endOf(run, count),
    rule: 'phone-named',
    base: 0.55,
  }
}

/** `2024-11-21`, `21/11/2024`, `21.11.2024`; `255.255.255.0`. */
const isOther = (value: string): boolean =>
  /^(?:\d{1,3}\.){3}\d{1,3}$/.test(value) ||
  /^(?:(?:19|20)\d\d([-/.])(?:0?[1-9]|1[0-2])\1(?:[0-2]?\d|3[01])|(?:[0-2]?\d|3[01])([-/.])(?:0?[1-9]|1[0-2])\2(?:19|20)\d\d)(?:\D|$)/.test(
    value,
  )

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
