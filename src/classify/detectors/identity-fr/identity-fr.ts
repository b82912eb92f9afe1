import { luhn } from '../../checks/luhn.ts'
import { remainder } from '../../checks/mod97.ts'
import type { Detector } from '../../scan/detector.ts'
import type { NearRule } from '../../scan/find-near.ts'

const spi = (compact: string): boolean =>
  /^[0-3]/.test(compact) && remainder(compact.slice(0, 10), 511) === Number(compact.slice(10))
const hasDigit = (compact: string): boolean => /\d/.test(compact)

/** Numbers that only their own name makes readable: each is sought within reach of that name. */
const RULES: readonly NearRule[] = [
  {
    type: 'FR_TAX_ID',
    rule: 'fr-spi',
    group: 'spi',
    shape: /(?<![\d])[0-3]\d(?:[ .\u00A0]?\d){11}(?!\d)/g,
    check: spi,
    checkName: 'mod 511',
    confidence: 0.95,
  },
  {
    type: 'FR_PASSPORT',
    rule: 'fr-passport',
    group: 'passport-fr',
    shape: /(?<![A-Za-z\d])\d{2} ?[A-Z]{2} ?\d{5}(?!\d)/g,
    confidence: 0.85,
  },
  {
    type: 'FR_CNI',
    rule: 'fr-cni',
    group: 'cni',
    shape:
      /(?<![A-Za-z\d])(?:\d{12}|(?=[A-Z\d]{0,8}\d)[A-Z\d]{9}|\d{4} \d{4} \d{4})(?![A-Za-z\d])/g,
    check: hasDigit,
    confidence: 0.8,
  },
  {
    type: 'FR_RPPS',
    rule: 'fr-rpps',
    group: 'rpps',
    shape: /(?<!\d)(?:10|8\d)(?:[ .\u00A0]?\d){9}(?!\d)/g,
    check: luhn,
    checkName: 'Luhn',
    confidence: 0.95,
  },
  {
    type: 'FR_DRIVER_LICENSE',
    rule: 'fr-driving-licence',
    group: 'licence-fr',
    shape: /(?<![A-Za-z\d])(?:\d{12}|\d{2} \d{2} \d{2} \d{6}|\d{2}[A-Z]{2}\d{5})(?![A-Za-z\d])/g,
    confidence: 0.8,
  },
]

/** French passport, identity card, driving licence, tax id (mod 511) and health professional numbers (Luhn). */
export const identityFr: Detector = {
  id: 'fr-identity',
  acrossParts: true,
  literals: [],
  near: RULES.map((rule) => ({ ...rule, country: 'FR' })),
}
