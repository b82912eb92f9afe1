import { luhn } from '../../checks/luhn.ts'
import type { Detector } from '../../scan/detector.ts'
import { endOf, type NumberRun } from '../../scan/numbers.ts'
import { weigh } from '../../scan/score.ts'
import { listedLength } from './issuers.ts'

/** Numbers that payment schemes and processors publish for tests. */
const TEST_NUMBERS = new Set(
  '4111111111111111 4242424242424242 4012888888881881 4000056655665556 5555555555554444 5105105105105100 5200828282828210 378282246310005 371449635398431 378734493671000 6011111111111117 6011000990139424 3530111333300000 3566002020360505 30569309025904 38520000023237 4222222222222 4970100000000154 2223003122003222 5019717010103742 6759649826438453 6304000000000000 122000000000003'.split(
    ' ',
  ),
)
/** The shortest number of any scheme. */
const FEWEST = 12
const GROUPED = new Set(['4,8,12', '4,10', '4,8,12,16', '6,12', '4,8,12,18', '6'])

interface Reading {
  readonly count: number
  /** False where no published range has these first digits: an unlisted issuer, which only a word can tell. */
  readonly listed: boolean
}

/** Payment cards: range of the issuer, length and Luhn. The range is a literal prefix, so a grouped or bare number is medium without a word; a word near it makes it high. */
export const card: Detector = {
  id: 'card',
  acrossParts: true,
  literals: [],
  number(scan, run, found) {
    if (run.digits.length < FEWEST || run.attached) return
    const reading = read(run)
    if (reading === undefined) return
    const { count } = reading
    const digits = run.digits.slice(0, count)
    const end = endOf(run, count)
    const inner = run.stops.filter((stop) => stop < count).join()
    const grouped = GROUPED.has(inner)
    if (!grouped && (run.continues || inner.split(',').length > 4)) return
    // an unlisted or short number stays below every level until a word lifts it
    const shape = grouped ? 0.6 : inner === '' ? 0.45 : 0.25
    const base = reading.listed && count > FEWEST ? shape : Math.min(shape, 0.15)
    const check = { name: 'Luhn', odds: 'weak' } as const
    const { confidence, because } = weigh(scan, run.start, end, { base, check, context: 'card' })
    const test = TEST_NUMBERS.has(digits)
    found({
      type: 'CREDIT_CARD',
      rule: test ? 'card-test-number' : 'card',
      start: run.start,
      end,
      confidence,
      because: test ? [...because, { kind: 'test-value' }] : because,
    })
  },
}

/** The length that a listed issuer gives and Luhn confirms, else that of an unlisted one. */
function read(run: NumberRun): Reading | undefined {
  const fits = (count: number): boolean =>
    endOf(run, count) >= 0 && luhn(run.digits.slice(0, count)) && !isUniform(run.digits, count)
  const listed = listedLength(run.digits, fits)
  if (listed > 0) return { count: listed, listed: true }
  // merchants, banks and petrol: first digit 2 to 6 (ISO/IEC 7812-1), and 0604 of older Maestro ranges
  if (!/^(?:[2-6]|0604)/.test(run.digits)) return undefined
  const count = [16, 15, 14, 13, 12].find(fits)
  return count === undefined ? undefined : { count, listed: false }
}

const isUniform = (digits: string, count: number): boolean =>
  /^(\d)\1+$/.test(digits.slice(0, count))
