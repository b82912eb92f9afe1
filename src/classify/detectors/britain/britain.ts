import { nhsCheck } from '../../checks/european.ts'
import { utrCheck } from '../../checks/personal.ts'
import { keywords } from '../../data/keywords.ts'
import type { Detector, Found } from '../../scan/detector.ts'
import type { NearRule } from '../../scan/find-near.ts'
import { readCode } from '../../scan/read-code.ts'
import type { Scan } from '../../scan/scan.ts'
import { weigh } from '../../scan/score.ts'
import { isDigitAt } from '../../scan/symbols.ts'

/** Prefixes that are never given (HMRC, National Insurance Manual NIM39110). */
const NINO = /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$/
/** Five of the surname, decade, month (50 added for women), day, year, initials, two checks (DVLA). */
const LICENCE =
  /^[A-Z]{1,5}9{0,4}\d(?:[05][1-9]|[16][0-2])(?:0[1-9]|[12]\d|3[01])\d[A-Z][A-Z9][A-Z\d][A-Z]{2}$/

/** Whether a licence has its sixteen characters in their places; a short surname is filled with 9. */
export const licenceCheck = (compact: string): boolean =>
  compact.length === 16 && /^(?=.{16}$)[A-Z9]{5}\d/.test(compact) && LICENCE.test(compact)

const RULES: readonly NearRule[] = [
  {
    type: 'UK_NHS',
    rule: 'uk-nhs',
    group: 'nhs',
    shape: /(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)/g,
    check: nhsCheck,
    checkName: 'mod 11',
    confidence: 0.9,
    alone: 0.5,
  },
  {
    type: 'UK_NINO',
    rule: 'uk-nino',
    group: 'nino',
    shape: /(?<![A-Za-z\d])[A-Z]{2}[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D](?![A-Za-z\d])/gi,
    check: (compact) => NINO.test(compact),
    confidence: 0.9,
    alone: 0.6,
  },
  {
    type: 'UK_UTR',
    rule: 'uk-utr',
    group: 'uk-utr',
    shape: /(?<!\d)\d{5} ?\d{5}K?(?![A-Za-z\d])/gi,
    check: (compact) => utrCheck(compact.replace(/K$/, '')),
    checkName: 'mod 11',
    confidence: 0.92,
  },
  {
    type: 'UK_PASSPORT',
    rule: 'uk-passport',
    group: 'uk-passport',
    shape: /(?<![A-Za-z\d])[A-Z]{2}\d{7}(?![A-Za-z\d])/gi,
    confidence: 0.85,
    alone: 0.5,
  },
  {
    type: 'UK_PASSPORT',
    rule: 'uk-passport-digits',
    group: 'uk-passport-own',
    shape: /(?<![A-Za-z\d])\d{9}(?![A-Za-z\d])/g,
    confidence: 0.85,
  },
  {
    type: 'UK_DRIVING_LICENCE',
    rule: 'uk-driving-licence',
    group: 'uk-licence',
    shape:
      /(?<![A-Za-z\d])[A-Z9]{5} ?\d{6} ?[A-Z9]{2}[A-Z\d] ?[A-Z]{2}(?: ?\d{2})?(?![A-Za-z\d])/gi,
    check: (compact) => licenceCheck(compact.slice(0, 16)),
    confidence: 0.95,
  },
  {
    type: 'UK_SORT_ACCOUNT',
    rule: 'uk-sort-account',
    group: 'uk-sort',
    shape:
      /(?<![\d-])\d{2}[- ]?\d{2}[- ]?\d{2}(?:[\s,;:/.-]{1,4}(?:(?:and|account|acct?|a\/c|number|no|is)[\s,;:#.]{1,3}){0,4}\d{8})?(?![\d-])/gi,
    confidence: 0.9,
    back: 10,
    reach: 30,
  },
  {
    type: 'UK_VEHICLE_REGISTRATION',
    rule: 'uk-plate',
    group: 'uk-plate',
    shape:
      /(?<![A-Za-z\d])(?:[A-HJ-PR-Y][A-HJ-PR-Y](?!00)\d{2} ?[A-HJ-PR-Z]{3}|[A-HJ-NPR-TV-Y]\d{1,3} ?[A-HJ-PR-Y][A-HJ-PR-Z]{2}|[A-Z]{3} ?\d{1,3}[A-HJ-NPR-TV-Y])(?![A-Za-z\d])/g,
    confidence: 0.8,
    alone: 0.45,
  },
  {
    type: 'UK_VEHICLE_REGISTRATION',
    rule: 'uk-plate-current',
    group: 'uk-plate',
    shape: /(?<![A-Za-z\d])[A-HJ-PR-Y]{2}(?:[0-2]\d|[5-7]\d) ?[A-HJ-PR-Z]{3}(?![A-Za-z\d])/g,
    confidence: 0.85,
    alone: 0.5,
  },
]

/** British numbers: NHS, National Insurance, UTR, passport, driving licence, bank account, vehicle (NHS Digital; HMRC; HM Passport Office; DVLA; Pay.UK). */
export const britain: Detector = {
  id: 'uk-identity',
  acrossParts: true,
  literals: [
    keywords('nhs', 'nhs no|nhs num|numéro nhs|n° nhs'),
    keywords(
      'nino',
      'ni no|ni num|insurance number|numéro d’assurance nationale|assurance nationale|nin|hmrc',
    ),
    keywords(
      'uk-utr',
      'utr|unique taxpayer reference|taxpayer reference|self assessment|hmrc|tax reference|référence fiscale',
    ),
    keywords('uk-passport', 'passport|passports|passport number|passport no|passeport'),
    keywords('uk-passport-own', 'uk passport|british passport|passeport britannique|gbr passport'),
    keywords(
      'uk-licence',
      'driving licence|driver’s licence|driving license|driver number|driver license|driver’s license|licence number|dvla|permis de conduire|permis britannique',
    ),
    keywords('uk-sort', 'sort code|sortcode|sort-code|code guichet britannique'),
    keywords(
      'uk-plate',
      'registration|number plate|vehicle|reg number|reg no|vrm|vrn|registration mark|car reg|dvla|plate|immatriculation|plaque|véhicule',
    ),
  ],
  near: RULES.map((rule) => ({ ...rule, country: 'GB' })),
  find(scan, found) {
    const { text } = scan
    for (const start of scan.runs.codes) {
      if (scan.steps.exhausted) return
      const third = text.charCodeAt(start + 2)
      if (isDigitAt(text, start + 5) && isDigitAt(text, start + 6)) licence(scan, start, found)
      if ((third >= 48 && third <= 57) || third === 32) nino(scan, start, found)
    }
  },
}

function nino(scan: Scan, start: number, found: Found): void {
  const { text } = scan
  const gap = text.charCodeAt(start + 2) === 32 ? 1 : 0
  if (!isDigitAt(text, start + 2 + gap) || !isDigitAt(text, start + 3 + gap)) return
  scan.steps.spend(9)
  const code = readCode(text, start, 9)
  if (code === undefined || !NINO.test(code.compact)) return
  if (text.slice(start, start + 2) !== code.compact.slice(0, 2)) return
  const { confidence, because } = weigh(scan, start, code.end, { base: 0.5, context: 'nino' })
  const { end } = code
  found({ type: 'UK_NINO', rule: 'uk-nino', start, end, confidence, because, country: 'GB' })
}

function licence(scan: Scan, start: number, found: Found): void {
  scan.steps.spend(16)
  const code = readCode(scan.text, start, 16)
  if (code === undefined || code.end !== start + 16 || !licenceCheck(code.compact)) return
  const { confidence, because } = weigh(scan, start, code.end, {
    base: 0.7,
    context: 'uk-licence',
  })
  found({
    type: 'UK_DRIVING_LICENCE',
    rule: 'uk-driving-licence',
    start,
    end: code.end,
    confidence,
    because,
    country: 'GB',
  })
}
