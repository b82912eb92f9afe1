import { nricCheck, uenCheck } from '../../checks/asian.ts'
import type { Detector } from '../../scan/detector.ts'
import type { LoneRule } from '../../scan/find-alone.ts'

/** NRIC and FIN: Immigration and Checkpoints Authority (M series since 2022); UEN: ACRA, uen.gov.sg. Retrieved 2026-11-21. */
export const SG_RULES: readonly LoneRule[] = [
  {
    type: 'SG_NRIC_FIN',
    rule: 'sg-nric',
    group: 'sg-nric',
    shape: /(?<![A-Za-z\d])[STFGM]\d{7}[A-Z](?![A-Za-z\d])/gi,
    check: nricCheck,
    checkName: 'mod 11',
    confidence: 0.95,
    country: 'SG',
    alone: 0.6,
  },
  {
    type: 'SG_UEN',
    rule: 'sg-uen',
    group: 'sg-uen',
    shape: /(?<![A-Za-z\d])(?:\d{8,9}[A-Z]|[TSR]\d{2}[A-Z]{2}\d{4}[A-Z])(?![A-Za-z\d])/gi,
    check: uenCheck,
    checkName: 'mod 11',
    confidence: 0.95,
    country: 'SG',
    alone: 0.6,
  },
]

const words = (name: string, list: string) =>
  ({ name, standing: 'stem', words: list.split('|') }) as const

/** Persons and entities of Singapore; UEN is a public register. */
export const identitySg: Detector = {
  id: 'identity-sg',
  acrossParts: true,
  literals: [
    words(
      'sg-nric',
      'nric|fin number|fin no|fin#|foreign identification number|singapore|singapore id|identity card|nric number|singapore identity|singapour',
    ),
    words('sg-uen', 'uen|unique entity number|acra|business registration|singapore company'),
  ],
  near: SG_RULES,
}
