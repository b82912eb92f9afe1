/** From arrival to service; the last two end it. */
export const ADMISSION_STATES = [
  'quarantined',
  'scanned',
  'verified',
  'approved',
  'suspended',
  'revoked',
] as const
export type AdmissionState = (typeof ADMISSION_STATES)[number]

/** What was done to a record of admission; each is an event of the ledger. */
export const ADMISSION_ACTS = [
  'brought',
  'scanned',
  'verified',
  'approved',
  'suspended',
  'revoked',
  'exception',
  'licence-judged',
  'imported',
] as const
export type AdmissionAct = (typeof ADMISSION_ACTS)[number]
