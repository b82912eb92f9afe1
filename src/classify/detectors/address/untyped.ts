import type { Found } from '../../scan/detector.ts'
import type { Scan } from '../../scan/scan.ts'
import { isCommune } from './french.ts'

const LONGEST = 140
const CONFIDENCE = 0.85

/** A house and its street, and nothing that says street. */
const HOUSE = String.raw`\d{1,5}(?: ?(?:bis|ter|quater|[A-Da-d])(?!\p{L}))?,? \p{Lu}[\p{L}'’.-]{1,24}(?: (?:de|du|des|la|le|les|of|the|ar|y|yr|an|\p{Lu}[\p{L}'’.-]{0,24})){0,4}`
const LINE = String.raw`\s?[,\n]\s{0,2}`
const PLACE = String.raw`\p{Lu}[\p{L}'’.-]{1,24}(?: [\p{L}'’.-]{1,24}){0,3}`

/** Town, then "SA15 ". */
const BEFORE_INWARD = new RegExp(
  `(?<![\\d.,/-])(${HOUSE})${LINE}(?:${PLACE}${LINE}){0,2}${PLACE}(?:${LINE}| )[A-Z]{1,2}\\d[A-Z\\d]? $`,
  'u',
)
/** Town, then "NY ". */
const BEFORE_ZIP = new RegExp(`(?<![\\d.,/-])(${HOUSE})${LINE}${PLACE},? [A-Z]{2} $`, 'u')
/** The line before a French postcode. */
const BEFORE_POSTCODE = new RegExp(`(?<![\\d.,/-])(${HOUSE})${LINE}(?:F-)?$`, 'u')
const COMMUNE =
  /^\d{5} (\p{Lu}[\p{L}'’-]{1,30}(?:[ -](?:\p{Lu}[\p{L}'’-]{0,30}|sur|sous|en|les|le|la|de|du|lès)){0,4})/u

/** "On 14 July, New York", "In 2031 Acme, Paris": a day or a year, and no house. */
const DATED =
  /^(?:(?:19|20)\d\d,? |\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Janv|Févr|Avr|Mai|Juin|Juil|Août|Déc))/

const STATES = new Set(
  'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR'.split(
    ' ',
  ),
)

/** "3 Bryn Glas, Llanelli SA15 2DH", "1187 Broadway, New York, NY 10001", "12 Kerlosquet, 29870 Lannilis": a street that does not say so, by the postcode and the town behind it. */
export function findUntyped(scan: Scan, found: Found): void {
  const { text } = scan
  for (const at of scan.runs.numbers) {
    if (scan.steps.exhausted) return
    if (at < 8 || text.charCodeAt(at - 1) > 32) continue
    const next = text.slice(at, at + 6)
    const shape = /^\d[A-Z]{2}(?![A-Za-z\d])/.test(next)
      ? BEFORE_INWARD
      : /^\d{5}(?!\d)/.test(next)
        ? STATES.has(text.slice(at - 3, at - 1))
          ? BEFORE_ZIP
          : next.endsWith(' ')
            ? BEFORE_POSTCODE
            : undefined
        : undefined
    if (shape === undefined) continue
    scan.steps.spend(LONGEST)
    const before = shape.exec(text.slice(Math.max(0, at - LONGEST), at))
    if (before === null || DATED.test(before[0])) continue
    const end = shape === BEFORE_POSTCODE ? communeEnd(text, at) : endOf(text, at, shape)
    if (end < 0) continue
    found({
      type: 'LOCATION',
      rule: 'address-untyped',
      start: at - before[0].length,
      end,
      confidence: CONFIDENCE,
      because: [{ kind: 'shape' }],
    })
  }
}

const endOf = (text: string, at: number, shape: RegExp): number =>
  shape === BEFORE_INWARD ? at + 3 : at + (/^\d{5}-\d{4}/.test(text.slice(at, at + 10)) ? 10 : 5)

/** Where the commune ends that the postcode serves; -1 when it serves none of that name. */
function communeEnd(text: string, at: number): number {
  const town = COMMUNE.exec(text.slice(at, at + 60))?.[1] ?? ''
  const postcode = text.slice(at, at + 5)
  for (let name = town; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf(' ')))) {
    if (isCommune(postcode, name)) return at + 6 + name.length
  }
  return -1
}
