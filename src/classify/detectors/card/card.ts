import { luhn } from '../../checks/luhn.ts'
import type { Detector } from '../../scan/detector.ts'
import { endOf, type NumberRun } from '../../scan/numbers.ts'
import { weigh } from '../../scan/score.ts'

/** Issuer ranges and lengths: ISO/IEC 7812-1 and the schemes' published ranges. */
const ISSUERS: readonly { readonly range: RegExp; readonly lengths: readonly number[] }[] = [
  { range: /^4/, lengths: [16, 13, 19] },
  { range: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { range: /^3[47]/, lengths: [15] },
  { range: /^(?:6011|64[4-9]|65|622)/, lengths: [16, 17, 18, 19] },
  { range: /^3(?:0[0-5]|095|6|8|9)/, lengths: [14, 16] },
  { range: /^35(?:2[89]|[3-8])/, lengths: [16] },
  {
    range: /^(?:5018|5020|5038|5[6-8]|6304|6759|676[1-3]|0604|67)/,
    lengths: [16, 13, 14, 15, 18, 19],
  },
  { range: /^(?:62|81)/, lengths: [16, 17, 18, 19] },
  { range: /^220[0-4]/, lengths: [16] },
]

/** Numbers that payment schemes and processors publish for tests. */
const TEST_NUMBERS = new Set(
  '4111111111111111 4242424242424242 4012888888881881 4000056655665556 5555555555554444 5105105105105100 5200828282828210 378282246310005 371449635398431 378734493671000 6011111111111117 6011000990139424 3530111333300000 3566002020360505 30569309025904 38520000023237 4222222222222 4970100000000154 2223003122003222'.split(
    ' ',
  ),
)

/** Payment cards: range of the issuer, length and Luhn. The range is a literal prefix, so a grouped or bare number is medium without a word; a word near it makes it high. */
export const card: Detector = {
  id: 'card',
  acrossParts: true,
  literals: [],
  find: () => undefined,
  number(scan, run, found) {
    if (run.digits.length < 13 || run.attached) return
    const count = lengthOf(run)
    if (count === 0) return
    const digits = run.digits.slice(0, count)
    if (/^(\d)\1+$/.test(digits)) return
    const end = endOf(run, count)
    const inner = run.stops.filter((stop) => stop < count).join()
    const grouped = inner === '4,8,12' || inner === '4,10' || inner === '4,8,12,16'
    if (!grouped && (run.continues || inner.split(',').length > 4)) return
    const base = grouped ? 0.6 : inner === '' ? 0.45 : 0.25
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

function lengthOf(run: NumberRun): number {
  if (run.digits[0] === '0' && !run.digits.startsWith('0604')) return 0
  for (const { range, lengths } of ISSUERS) {
    if (!range.test(run.digits)) continue
    const length = lengths.find(
      (count) => endOf(run, count) >= 0 && luhn(run.digits.slice(0, count)),
    )
    if (length !== undefined) return length
  }
  return 0
}
