import { southAfricanCheck } from '../../checks/asian.ts'
import type { Detector } from '../../scan/detector.ts'
import type { LoneRule } from '../../scan/find-alone.ts'

/** Identity number: Department of Home Affairs, Identification Act 68 of 1997: birth date, sex, citizenship, Luhn. Retrieved 2026-11-21. */
export const ZA_RULES: readonly LoneRule[] = [
  {
    type: 'ZA_ID_NUMBER',
    rule: 'za-id',
    group: 'za-id',
    shape: /(?<![\d-])\d{6}[- ]?\d{4}[- ]?\d{2} ?\d(?![\d-])/g,
    check: southAfricanCheck,
    checkName: 'Luhn and birth date',
    confidence: 0.95,
    country: 'ZA',
    alone: 0.65,
  },
]

/** Identity numbers of South Africa. */
export const identityZa: Detector = {
  id: 'identity-za',
  acrossParts: true,
  literals: [
    {
      name: 'za-id',
      standing: 'stem',
      words:
        'south african id|rsa id|id number|identity number|id no|south african identity|sa id|identiteitsnommer|id-nommer|isazisi|numéro d’identité sud-africain|numéro d’identité'.split(
          '|',
        ),
    },
  ],
  near: ZA_RULES,
}
