import { sinCheck } from '../../checks/american.ts'
import type { Detector } from '../../scan/detector.ts'
import type { LoneRule } from '../../scan/find-alone.ts'

/** Social insurance number: Employment and Social Development Canada, "Social Insurance Number"; passports: two letters and six digits, or a letter, six digits and two letters since 2023 (IRCC). Health cards: Ontario, 10 digits and a version. Retrieved 2026-11-21. */
export const CA_RULES: readonly LoneRule[] = [
  {
    type: 'CA_SIN',
    rule: 'ca-sin',
    group: 'ca-sin',
    shape: /(?<![\d-])\d{3}([- ]?)\d{3}\1\d{3}(?![\d-])/g,
    check: sinCheck,
    checkName: 'Luhn',
    confidence: 0.9,
    country: 'CA',
    alone: 0.45,
  },
  {
    type: 'CA_PASSPORT',
    rule: 'ca-passport',
    group: 'ca-passport',
    shape: /(?<![A-Za-z\d])(?:[A-Z]{2}\d{6}|[A-Z]\d{6}[A-Z]{2})(?![A-Za-z\d])/g,
    confidence: 0.8,
    country: 'CA',
  },
  {
    type: 'CA_HEALTH_CARD',
    rule: 'ca-health-card',
    group: 'ca-health',
    shape:
      /(?<![A-Za-z\d])(?:\d{4}[- ]?\d{3}[- ]?\d{3}(?:[- ]?[A-Z]{2})?|[A-Z]{4} ?\d{4} ?\d{4})(?![A-Za-z\d])/g,
    confidence: 0.85,
    country: 'CA',
  },
]

const words = (name: string, list: string) =>
  ({ name, standing: 'stem', words: list.split('|') }) as const

/** Numbers of Canada beside their own names, English and French. */
export const identityCa: Detector = {
  id: 'identity-ca',
  acrossParts: true,
  literals: [
    words(
      'ca-sin',
      'sin|social insurance number|social insurance|numéro d’assurance sociale|assurance sociale|nas|sin number|n° nas',
    ),
    words(
      'ca-passport',
      'canadian passport|passeport canadien|passport canada|passeport du canada',
    ),
    words(
      'ca-health',
      'health card|ohip|carte d’assurance maladie|ramq|carte santé|carte soleil|health insurance number|numéro d’assurance maladie',
    ),
  ],
  near: CA_RULES,
}
