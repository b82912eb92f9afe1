import type { Detector } from '../../scan/detector.ts'
import type { NearRule } from '../../scan/find-near.ts'

const ssn = (compact: string): boolean =>
  !/^(?:000|666|9)/.test(compact) && compact.slice(3, 5) !== '00' && !compact.endsWith('0000')

const RULES: readonly NearRule[] = [
  {
    type: 'US_SSN',
    rule: 'us-ssn',
    group: 'ssn',
    shape: /(?<![\d-])\d{3}[- ]?\d{2}[- ]?\d{4}(?![\d-])/g,
    check: ssn,
    confidence: 0.85,
    country: 'US',
  },
  {
    type: 'MEDICAL_RECORD',
    rule: 'medical-record',
    group: 'mrn',
    shape: /(?<![A-Za-z\d])(?=[A-Z\d-]{0,11}\d{4})[A-Z]{0,3}-?\d{5,12}(?![A-Za-z\d])/g,
    confidence: 0.85,
  },
  {
    type: 'VIN',
    rule: 'vin',
    group: 'vin',
    shape:
      /(?<![A-Za-z\d])(?=[A-Z\d]{0,16}\d)(?=[\dA-Z]{0,16}[A-Z])[A-HJ-NPR-Z\d]{17}(?![A-Za-z\d])/g,
    confidence: 0.85,
  },
]

/** Social security numbers of the United States; medical records; vehicles: each within reach of its own name. */
export const identityWorld: Detector = {
  id: 'identity-world',
  acrossParts: true,
  literals: [],
  near: RULES,
}
