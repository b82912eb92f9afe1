import { thaiCheck } from '../../checks/asian.ts'
import type { Detector } from '../../scan/detector.ts'
import type { LoneRule } from '../../scan/find-alone.ts'

/** National identification number: Department of Provincial Administration, Ministry of Interior. Retrieved 2026-11-21. */
export const TH_RULES: readonly LoneRule[] = [
  {
    type: 'TH_TNIN',
    rule: 'th-tnin',
    group: 'th-tnin',
    shape: /(?<![\d-])[1-8]([- ]?)\d{4}\1\d{5}\1\d{2}\1\d(?![\d-])/g,
    check: thaiCheck,
    checkName: 'mod 11',
    confidence: 0.95,
    country: 'TH',
    alone: 0.5,
  },
]

/** Identity numbers of Thailand. */
export const identityTh: Detector = {
  id: 'identity-th',
  acrossParts: true,
  literals: [
    {
      name: 'th-tnin',
      standing: 'stem',
      words:
        'thai id|thai national id|thai identification|tnin|thailand id|national id|identification number|thai citizen|bat prachachon|identité thaïlandaise|thai national identification'.split(
          '|',
        ),
    },
  ],
  near: TH_RULES,
}
