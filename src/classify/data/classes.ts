import type { Category, DataClass } from '#kernel/label.ts'

/** What findings of some types mean for the label. */
export interface ClassRow {
  readonly types: readonly string[]
  /** Narrows the row to these rules of the types. */
  readonly rules?: readonly string[]
  readonly class: DataClass
  readonly categories: readonly Category[]
  /** Findings below raise nothing. */
  readonly minConfidence: number
}

/** Distinct values that together raise the class. */
export interface CountRow {
  /** Each type counts for itself; the highest count is compared. */
  readonly types: readonly string[]
  readonly notRules?: readonly string[]
  readonly atLeast: number
  readonly class: DataClass
  readonly minConfidence: number
}

/** Different types present at once that raise the class. */
export interface CombinationRow {
  readonly types: readonly string[]
  readonly different: number
  readonly class: DataClass
  readonly minConfidence: number
}

/** The table from findings to a label; a company may replace it. */
export interface ClassTable {
  readonly version: string
  readonly source: string
  readonly rows: readonly ClassRow[]
  readonly counts: readonly CountRow[]
  readonly combinations: readonly CombinationRow[]
}

const CONTACT = ['PERSON', 'EMAIL_ADDRESS', 'PHONE_NUMBER', 'LOCATION']
const MEDIUM = 0.65

const row = (
  types: string,
  dataClass: DataClass,
  categories: readonly Category[],
  minConfidence = MEDIUM,
): ClassRow => ({ types: types.split(' '), class: dataClass, categories, minConfidence })

/** Default table. Only findings of medium confidence (0.65) raise a class, except contact data of persons, where 0.5 is enough for `internal`; SIREN, SIRET and VAT numbers are public registers and raise nothing. */
export const DEFAULT_CLASSES: ClassTable = {
  version: '1',
  source:
    'Default policy of the product; GDPR articles 9, 10 and 87; PCI DSS 4.0; IGI 1300; FIRST TLP 2.0',
  rows: [
    row('SECRET KEY_MATERIAL', 'restricted', ['credentials']),
    row('FR_NIR BE_NATIONAL_NUMBER CH_AHV NL_BSN US_SSN UK_NINO', 'restricted', ['personal']),
    row('UK_NHS MEDICAL_RECORD', 'restricted', ['personal', 'health']),
    row('MEDICAL_CONDITION MEDICATION ICD10_CODE', 'restricted', ['personal', 'health']),
    row('FR_CCAM LOINC_CODE SNOMED_CODE LAB_RESULT', 'restricted', ['personal', 'health']),
    row(
      'RELIGION UNION_MEMBERSHIP POLITICAL_OPINION ETHNIC_ORIGIN SEXUAL_LIFE GENETIC_DATA BIOMETRIC_DATA',
      'restricted',
      ['personal', 'special-category'],
    ),
    row('CRIMINAL_RECORD', 'restricted', ['personal', 'judicial']),
    row('CHILD', 'restricted', ['personal', 'children']),
    row('CREDIT_FILE', 'restricted', ['personal', 'finance']),
    row('EXPORT_CONTROL', 'restricted', ['export-control']),
    { ...row('DOCUMENT_MARKING', 'restricted', ['marking']), rules: ['marking-secret'] },
    { ...row('DOCUMENT_MARKING', 'confidential', ['marking']), rules: ['marking-confidential'] },
    { ...row('DOCUMENT_MARKING', 'internal', ['marking']), rules: ['marking-internal'] },
    row('IBAN_CODE CREDIT_CARD FR_RIB', 'confidential', ['personal', 'finance']),
    row('FR_TAX_ID', 'confidential', ['personal', 'finance']),
    row('FR_PASSPORT FR_CNI FR_DRIVER_LICENSE FR_RPPS', 'confidential', ['personal']),
    row('HR_MATTER', 'confidential', ['personal', 'hr']),
    row('COMPENSATION', 'confidential', ['personal', 'hr', 'finance']),
    row('LEGAL_PRIVILEGE', 'confidential', ['legal']),
    row('UNPUBLISHED_FINANCE MERGER_ACQUISITION', 'confidential', ['finance', 'strategy']),
    row('STRATEGY', 'confidential', ['strategy']),
    row('SECURITY_WEAKNESS', 'confidential', ['infrastructure']),
    row('SOURCE_CODE', 'confidential', ['source-code']),
    row('CUSTOMER_DATA', 'confidential', ['personal', 'strategy']),
    row('PERSON_TABLE', 'confidential', ['personal']),
    row('LOCATION_HISTORY', 'confidential', ['personal', 'location']),
    row(
      'PERSON EMAIL_ADDRESS PHONE_NUMBER LOCATION DATE_TIME FR_LICENSE_PLATE VIN',
      'internal',
      ['personal'],
      0.5,
    ),
    row('INTERNAL_MATTER', 'internal', ['strategy']),
  ],
  counts: [
    {
      types: CONTACT,
      notRules: ['email-role'],
      atLeast: 3,
      class: 'confidential',
      minConfidence: 0.6,
    },
  ],
  combinations: [
    { types: [...CONTACT, 'DATE_TIME'], different: 4, class: 'confidential', minConfidence: 0.6 },
    {
      types: ['PERSON', 'DATE_TIME', 'LOCATION'],
      different: 3,
      class: 'confidential',
      minConfidence: 0.6,
    },
  ],
}
