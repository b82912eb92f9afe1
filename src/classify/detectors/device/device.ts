import { luhn } from '../../checks/luhn.ts'
import type { Detector } from '../../scan/detector.ts'
import type { LoneRule } from '../../scan/find-alone.ts'
import { vinCheck } from '../../checks/vin.ts'

const imeiCheck = (digits: string): boolean => !/^0{6}|^(\d)\1+$/.test(digits) && luhn(digits)

/** North American makers must fill the ninth place with the check (49 CFR 565); others need not, so there the shape is enough beside a word. */
const vinOrForeign = (compact: string): boolean => !/^[1-5]/.test(compact) || vinCheck(compact)

/** IMEI: 3GPP TS 23.003, 15 digits, Luhn; IMSI: ITU-T E.212, country code 2 to 7 first; ICCID: ITU-T E.118, 89 first, Luhn; VIN: ISO 3779. Retrieved 2026-11-21. */
export const DEVICE_RULES: readonly LoneRule[] = [
  {
    type: 'IMEI',
    rule: 'imei',
    group: 'imei',
    shape: /(?<![\d-])\d{2}[- ]?\d{6}[- ]?\d{6}[- ]?\d(?![\d-])/g,
    check: imeiCheck,
    checkName: 'Luhn',
    confidence: 0.9,
    alone: 0.45,
    // reporting bodies of nearly every handset sold: TUV, BABT, TAF, GHA
    whole: /^(?:01|35|86|99)/,
  },
  {
    type: 'IMSI',
    rule: 'imsi',
    group: 'imsi',
    shape: /(?<!\d)[2-7]\d{2}[- ]?\d{2,3}[- ]?\d{9,10}(?!\d)/g,
    check: (digits) => digits.length === 15 || digits.length === 14,
    confidence: 0.85,
  },
  {
    type: 'ICCID',
    rule: 'iccid',
    group: 'iccid',
    shape: /(?<!\d)89\d{2}(?:[ -]?\d{3,6}){2,5}(?!\d)/g,
    check: (digits) => /^89\d{16,18}$/.test(digits) && (digits.length === 18 || luhn(digits)),
    checkName: 'Luhn',
    confidence: 0.9,
    alone: 0.6,
  },
  {
    type: 'VIN',
    rule: 'vin',
    group: 'vin',
    shape:
      /(?<![A-Za-z\d])(?=[A-Z\d]{0,16}\d)(?=[\dA-Z]{0,16}[A-Z])[A-HJ-NPR-Z\d]{17}(?![A-Za-z\d])/gi,
    check: vinOrForeign,
    confidence: 0.9,
  },
  {
    type: 'VIN',
    rule: 'vin-check',
    group: 'vin-lone',
    shape:
      /(?<![A-Za-z\d])(?=[A-Z\d]{0,16}[A-Z])[A-HJ-NPR-Z\d]{11}[A-HJ-NPR-Z\d]{2}\d{4}(?![A-Za-z\d])/g,
    check: vinCheck,
    checkName: 'mod 11, ninth place',
    confidence: 0.85,
    alone: 0.65,
  },
]

const words = (name: string, list: string) =>
  ({ name, standing: 'stem', words: list.split('|') }) as const

/** Telephones, subscriptions and vehicles as machines number them, beside their own names. */
export const device: Detector = {
  id: 'device',
  acrossParts: true,
  literals: [
    words('imei', 'imei|imeisv|device id|identifiant du téléphone|numéro imei|handset'),
    words('imsi', 'imsi|subscriber identity|identité internationale d’abonné'),
    words('iccid', 'iccid|sim|carte sim|sim card|sim number|numéro de sim|icc'),
    words(
      'vin-lone',
      'numéro d’identification du véhicule|vin number|chassis number|numéro de châssis|fahrgestellnummer|bastidor',
    ),
  ],
  near: DEVICE_RULES,
}
