import { aadhaarCheck, gstinCheck } from '../../checks/asian.ts'
import type { Detector } from '../../scan/detector.ts'
import type { LoneRule } from '../../scan/find-alone.ts'

/** States and territories of a number plate (Motor Vehicles Act, notified codes; BH since 2021). */
const STATES =
  'AN|AP|AR|AS|BH|BR|CG|CH|DD|DL|DN|GA|GJ|HP|HR|JH|JK|KA|KL|LA|LD|MH|ML|MN|MP|MZ|NL|OD|OR|PB|PY|RJ|SK|TG|TN|TR|TS|UA|UK|UP|WB'
/** State, district, series, number. */
const PLATE = `(?:${STATES})[ -]?\\d{1,2}[ -]?[A-Z]{1,3}[ -]?\\d{4}`
/** Bharat series: year, BH, number, letters. */
const BHARAT = '\\d{2}[ -]?BH[ -]?\\d{4}[ -]?[A-Z]{1,2}'

/** Aadhaar: UIDAI; PAN: Income Tax Department, rule 114, the fourth letter is the kind of holder; GSTIN: GST Network; voters: Election Commission (EPIC); passports: Ministry of External Affairs. Retrieved 2026-11-21. */
export const IN_RULES: readonly LoneRule[] = [
  {
    type: 'IN_AADHAAR',
    rule: 'in-aadhaar',
    group: 'in-aadhaar',
    shape: /(?<![\d-])[2-9]\d{3}([- :]?)\d{4}\1\d{4}(?![\d-])/g,
    check: aadhaarCheck,
    checkName: 'Verhoeff',
    confidence: 0.95,
    country: 'IN',
    alone: 0.5,
  },
  {
    type: 'IN_PAN',
    rule: 'in-pan',
    group: 'in-pan',
    shape: /(?<![A-Za-z\d])[A-Z]{3}[ABCFGHJLPTK][A-Z]\d{4}[A-Z](?![A-Za-z\d])/gi,
    confidence: 0.9,
    country: 'IN',
    alone: 0.6,
  },
  {
    type: 'IN_PAN',
    rule: 'in-pan-other',
    group: 'in-pan',
    shape: /(?<![A-Za-z\d])[A-Z]{3}[DEIMNOQRSUVWXYZ][A-Z]\d{4}[A-Z](?![A-Za-z\d])/g,
    confidence: 0.6,
    country: 'IN',
    alone: 0.45,
  },
  {
    type: 'IN_GSTIN',
    rule: 'in-gstin',
    group: 'in-gstin',
    shape: /(?<![A-Za-z\d])\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[\dA-Z](?![A-Za-z\d])/gi,
    check: gstinCheck,
    checkName: 'mod 36',
    confidence: 0.95,
    country: 'IN',
    alone: 0.85,
  },
  {
    type: 'IN_PASSPORT',
    rule: 'in-passport',
    group: 'in-passport',
    shape: /(?<![A-Za-z\d])[A-PR-WY][1-9]\d ?\d{4}[1-9](?![A-Za-z\d])/gi,
    confidence: 0.85,
    country: 'IN',
    alone: 0.45,
  },
  {
    type: 'IN_VOTER',
    rule: 'in-voter',
    group: 'in-voter',
    shape: /(?<![A-Za-z\d])[A-Z]{3}\d{7}(?![A-Za-z\d])/gi,
    confidence: 0.85,
    country: 'IN',
    alone: 0.5,
  },
  {
    type: 'IN_VEHICLE_REGISTRATION',
    rule: 'in-vehicle',
    group: 'in-vehicle',
    shape: new RegExp(`(?<![A-Za-z\\d])(?:${PLATE}|${BHARAT})(?![A-Za-z\\d])`, 'g'),
    confidence: 0.85,
    country: 'IN',
    alone: 0.5,
  },
]

const words = (name: string, list: string) =>
  ({ name, standing: 'stem', words: list.split('|') }) as const

/** Numbers of India beside their own names. */
export const identityIn: Detector = {
  id: 'identity-in',
  acrossParts: true,
  literals: [
    words(
      'in-aadhaar',
      'aadhaar|aadhar|adhaar|aadhaar number|uidai|uid number|aadhaar card|numéro aadhaar',
    ),
    words(
      'in-pan',
      'pan|pan card|pan number|permanent account number|pan no|income tax department',
    ),
    words('in-gstin', 'gstin|gst|gst number|goods and services tax|gst identification'),
    words(
      'in-passport',
      'passport|passport number|indian passport|passeport indien|travel document',
    ),
    words(
      'in-voter',
      'voter|voter id|epic|epic number|electoral|elector photo|voter card|carte d’électeur indienne',
    ),
    words(
      'in-vehicle',
      'registration number|vehicle number|vehicle registration|number plate|license plate|licence plate|rc number|rto|vehicle|bike|car number|plaque indienne',
    ),
  ],
  near: IN_RULES,
}
