import { curpCheck, rfcCheck } from '../../checks/american.ts'
import type { Detector } from '../../scan/detector.ts'
import type { LoneRule } from '../../scan/find-alone.ts'

/** CURP: RENAPO, Instructivo normativo para la asignación de la CURP; RFC: SAT, Código Fiscal de la Federación, art. 27. Retrieved 2026-11-21. */
export const MX_RULES: readonly LoneRule[] = [
  {
    type: 'MX_CURP',
    rule: 'mx-curp',
    group: 'mx-curp',
    shape:
      /(?<![A-Za-z\d])[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{2}[B-DF-HJ-NP-TV-ZÑ]{3}[A-Z\d]\d(?![A-Za-z\d])/gi,
    check: curpCheck,
    checkName: 'CURP mod 10',
    confidence: 0.95,
    country: 'MX',
    alone: 0.85,
  },
  {
    type: 'MX_RFC',
    rule: 'mx-rfc',
    group: 'mx-rfc',
    shape: /(?<![A-Za-z\d])[A-ZÑ]{4}[- ]?\d{6}[- ]?[A-Z\d]{2}[A\d](?![A-Za-z\d])/gi,
    check: rfcCheck,
    checkName: 'RFC mod 11',
    confidence: 0.9,
    country: 'MX',
    alone: 0.65,
  },
]

const words = (name: string, list: string) =>
  ({ name, standing: 'stem', words: list.split('|') }) as const

/** Persons of Mexico: population registry and tax registry. */
export const identityMx: Detector = {
  id: 'identity-mx',
  acrossParts: true,
  literals: [
    words(
      'mx-curp',
      'curp|clave única|clave única de registro de población|registro de población|mexican id|identifiant mexicain',
    ),
    words(
      'mx-rfc',
      'rfc|registro federal|registro federal de contribuyentes|contribuyente|mexican tax',
    ),
  ],
  near: MX_RULES,
}
