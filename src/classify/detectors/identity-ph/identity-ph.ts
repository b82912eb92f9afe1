import { isOneDigit } from '../../checks/weighted.ts'
import type { Detector } from '../../scan/detector.ts'
import type { LoneRule } from '../../scan/find-alone.ts'

const varied = (compact: string): boolean => !isOneDigit(compact)

/** TIN: Bureau of Internal Revenue, nine digits and a branch code of three to five; SSS: ten digits 2-7-1; UMID CRN: 4-7-1; PhilHealth: 2-9-1; PhilSys PCN: 4-4-4-4. The algorithms of the check digits are not published. Retrieved 2026-11-21. */
export const PH_RULES: readonly LoneRule[] = [
  {
    type: 'PH_TIN',
    rule: 'ph-tin',
    group: 'ph-tin',
    shape: /(?<![\d-])\d{3}([- ]?)\d{3}\1\d{3}(?:\1\d{3}|\1\d{5})?(?![\d-])/g,
    check: varied,
    confidence: 0.85,
    country: 'PH',
  },
  {
    type: 'PH_TIN',
    rule: 'ph-tin-branch',
    group: 'ph-tin-branch',
    shape: /(?<![\d-])\d{3}-\d{3}-\d{3}-(?:\d{3}|\d{5})(?![\d-])/g,
    check: varied,
    confidence: 0.85,
    country: 'PH',
    alone: 0.5,
  },
  {
    type: 'PH_SSS',
    rule: 'ph-sss',
    group: 'ph-sss',
    shape: /(?<![\d-])\d{2}-?\d{7}-?\d(?![\d-])/g,
    check: varied,
    confidence: 0.85,
    country: 'PH',
  },
  {
    type: 'PH_NATIONAL_ID',
    rule: 'ph-national-id',
    group: 'ph-id',
    shape: /(?<![\d-])(?:\d{4}-?\d{7}-?\d|\d{4}([- ]?)\d{4}\1\d{4}\1\d{4})(?![\d-])/g,
    check: varied,
    confidence: 0.85,
    country: 'PH',
  },
]

const words = (name: string, list: string) =>
  ({ name, standing: 'stem', words: list.split('|') }) as const

/** Numbers of the Philippines beside their own names. */
export const identityPh: Detector = {
  id: 'identity-ph',
  acrossParts: true,
  literals: [
    words(
      'ph-tin',
      'philippine tin|philippines tin|bir tin|bir|tin|tin number|tin no|taxpayer identification number|buwis|numéro fiscal philippin',
    ),
    words('ph-tin-branch', 'branch code|bir registered'),
    words('ph-sss', 'sss|sss number|social security system|gsis'),
    words('ph-id', 'umid|crn|philsys|philid|pcn|philippine national id|philippine id'),
  ],
  near: PH_RULES,
}
