import type { Detector } from '../../scan/detector.ts'

/** Numbers of patients and of their files in a hospital (IPP, NDA, MRN), beside their own name: each hospital writes them its own way. */
export const medicalRecord: Detector = {
  id: 'medical-record',
  acrossParts: true,
  literals: [],
  near: [
    {
      type: 'MEDICAL_RECORD',
      rule: 'medical-record',
      group: 'mrn',
      shape: /(?<![A-Za-z\d])(?=[A-Z\d-]{0,11}\d{4})[A-Z]{0,3}-?\d{5,12}(?![A-Za-z\d])/g,
      confidence: 0.85,
    },
    {
      type: 'MEDICAL_RECORD',
      rule: 'medical-record',
      group: 'mrn',
      // in groups: right behind the name, so that no telephone of the same form is read
      shape:
        /(?<![A-Za-z\d.-])(?!\d{2}[ -]\d{2}[ -]\d{4})\d{2,4}(?:[ -]\d{2,4}){1,2}[ -]\d{3,4}(?![\d-]|[ .]\d)/g,
      confidence: 0.8,
      reach: 8,
      back: 0,
    },
  ],
}
