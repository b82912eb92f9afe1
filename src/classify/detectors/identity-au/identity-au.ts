import {
  businessCheck,
  companyCheck,
  medicareCheck,
  taxFileCheck,
} from '../../checks/australian.ts'
import type { Detector } from '../../scan/detector.ts'
import type { LoneRule } from '../../scan/find-alone.ts'

/** TFN: Australian Taxation Office; ABN: Australian Business Register, "Format of the ABN"; ACN: ASIC, "Australian Company Number digit check"; Medicare: Services Australia. Retrieved 2026-11-21. */
export const AU_RULES: readonly LoneRule[] = [
  {
    type: 'AU_TFN',
    rule: 'au-tfn',
    group: 'au-tfn',
    shape: /(?<![\d-])\d{3}[- ]?\d{3}[- ]?\d{2,3}(?![\d-])/g,
    check: taxFileCheck,
    checkName: 'mod 11',
    confidence: 0.9,
    country: 'AU',
    alone: 0.45,
  },
  {
    type: 'AU_ABN',
    rule: 'au-abn',
    group: 'au-abn',
    shape: /(?<![\d-])\d{2} ?\d{3} ?\d{3} ?\d{3}(?![\d-])/g,
    check: businessCheck,
    checkName: 'mod 89',
    confidence: 0.95,
    country: 'AU',
  },
  {
    type: 'AU_ACN',
    rule: 'au-acn',
    group: 'au-acn',
    shape: /(?<![\d-])\d{3} ?\d{3} ?\d{3}(?![\d-])/g,
    check: companyCheck,
    checkName: 'mod 10',
    confidence: 0.9,
    country: 'AU',
    whole: / |^0/,
  },
  {
    type: 'AU_MEDICARE',
    rule: 'au-medicare',
    group: 'au-medicare',
    shape: /(?<![\d-])[2-6]\d{3}[- ]?\d{5}[- ]?\d(?:[-/ ]?\d)?(?![\d-])/g,
    check: medicareCheck,
    checkName: 'mod 10',
    confidence: 0.9,
    country: 'AU',
    whole: /^(?:\d\D?){10}$/,
  },
]

const words = (name: string, list: string) =>
  ({ name, standing: 'stem', words: list.split('|') }) as const

/** Numbers of Australia beside their own names; ABN and ACN are public registers. */
export const identityAu: Detector = {
  id: 'identity-au',
  acrossParts: true,
  literals: [
    words('au-tfn', 'tfn|tax file number|tax file|australian tax|numéro fiscal australien'),
    words('au-abn', 'abn|australian business number|business number'),
    words('au-acn', 'acn|australian company number|company number'),
    words('au-medicare', 'medicare|medicare card|medicare number|irn'),
  ],
  near: AU_RULES,
}
