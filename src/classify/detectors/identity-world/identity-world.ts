import { remainder } from '../../checks/mod97.ts'
import { elevenProof, nhsCheck, ean13, vatCheck } from '../../checks/european.ts'
import type { Detector } from '../../scan/detector.ts'
import type { NearRule } from '../../scan/find-near.ts'
import { readCode } from '../../scan/read-code.ts'
import { weigh } from '../../scan/score.ts'

/** Belgian number: 97 minus the first nine digits by 97, with a 2 before them for births since 2000. */
const belgian = (compact: string): boolean => {
  const key = Number(compact.slice(9))
  const body = compact.slice(0, 9)
  return key === 97 - remainder(body, 97) || key === 97 - remainder(`2${body}`, 97)
}

/** Numbers of neighbouring countries, each within reach of its own name. */
const RULES: readonly NearRule[] = [
  {
    type: 'BE_NATIONAL_NUMBER',
    rule: 'be-national-number',
    group: 'nrn',
    shape: /(?<!\d)\d{2}\.?\d{2}\.?\d{2}[- ]?\d{3}\.?\d{2}(?!\d)/g,
    check: belgian,
    checkName: '97 - n mod 97',
    confidence: 0.95,
    country: 'BE',
  },
  {
    type: 'NL_BSN',
    rule: 'nl-bsn',
    group: 'bsn',
    shape: /(?<!\d)\d{9}(?!\d)/g,
    check: elevenProof,
    checkName: '11-proof',
    confidence: 0.9,
    country: 'NL',
  },
  {
    type: 'UK_NHS',
    rule: 'uk-nhs',
    group: 'nhs',
    shape: /(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)/g,
    check: nhsCheck,
    checkName: 'mod 11',
    confidence: 0.9,
    country: 'GB',
  },
  {
    type: 'UK_NINO',
    rule: 'uk-nino',
    group: 'nino',
    shape:
      /(?<![A-Za-z\d])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![A-Za-z\d])/g,
    confidence: 0.9,
    country: 'GB',
  },
  {
    type: 'MEDICAL_RECORD',
    rule: 'medical-record',
    group: 'mrn',
    shape: /(?<![A-Za-z\d])(?=[A-Z\d-]{0,11}\d{4})[A-Z]{0,3}-?\d{5,12}(?![A-Za-z\d])/g,
    confidence: 0.85,
  },
]
const SWISS = /756\.?\d{4}\.?\d{4}\.?\d{2}(?![.\d])/y

/** Identifiers of Belgium, the Netherlands, Switzerland and the United Kingdom; VAT numbers of the European Union beside a word; medical records. */
export const identityWorld: Detector = {
  id: 'identity-world',
  acrossParts: true,
  literals: [{ name: 'ahv', standing: 'head', words: ['756'] }],
  near: RULES,
  find(scan, found) {
    for (const start of scan.hits('ahv').starts) {
      SWISS.lastIndex = start
      const match = SWISS.exec(scan.text)
      scan.steps.spend(16)
      if (match === null || !ean13(match[0].replaceAll('.', ''))) continue
      const end = SWISS.lastIndex
      const because = [
        { kind: 'prefix', name: '756' },
        { kind: 'checksum', name: 'EAN-13' },
      ] as const
      found({ type: 'CH_AHV', rule: 'ch-ahv', start, end, confidence: 0.9, because, country: 'CH' })
    }
    for (const start of scan.runs.codes) {
      if (scan.steps.exhausted) return
      const country = scan.text.slice(start, start + 2)
      const length = VAT_LENGTHS[country]
      if (length === undefined) continue
      scan.steps.spend(14)
      const code = readCode(scan.text, start, length)
      if (code === undefined || !vatCheck(country, code.compact.slice(2))) continue
      const check = { name: `VAT ${country}`, odds: 'weak' } as const
      const { confidence, because, keyword } = weigh(scan, start, code.end, {
        base: 0.6,
        check,
        context: 'vat',
        distance: 90,
      })
      if (!keyword) continue
      found({
        type: 'VAT_NUMBER',
        rule: 'eu-vat',
        start,
        end: code.end,
        confidence,
        because,
        country,
      })
    }
  },
}

/** Length with the country, where it is fixed and the check is known. */
const VAT_LENGTHS: Readonly<Record<string, number>> = {
  BE: 12,
  DE: 11,
  IT: 13,
  LU: 10,
  NL: 14,
  PT: 11,
  PL: 12,
  DK: 10,
  FI: 10,
  AT: 11,
  ES: 11,
}
