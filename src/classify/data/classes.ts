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
    // the number of a patient: it opens the health file
    row('DE_HEALTH_INSURANCE', 'restricted', ['personal', 'health']),
    { ...row('FR_NIR', 'restricted', ['personal', 'health']), rules: ['fr-ins'] },
    // social security and care have one number there, as the NIR: with it a patient is found
    row('AT_SVNR ES_SSN GR_AMKA LU_MATRICULE', 'restricted', ['personal']),
    // these are written on a patient's card and lead to the file of care, as the NIR does
    row('US_MBI AU_MEDICARE CA_HEALTH_CARD', 'restricted', ['personal', 'health']),
    // PCI DSS 3.3: authentication data may not be kept at all
    row('CARD_TRACK CARD_SECURITY_CODE PIN_CODE', 'restricted', ['credentials', 'finance']),
    { ...row('CRYPTO', 'restricted', ['credentials', 'finance']), rules: ['seed-phrase'] },
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
    row(
      'SE_PERSONNUMMER FI_PERSONAL_IDENTITY_CODE DK_CPR NO_FNR PL_PESEL CZ_RC SK_RC RO_CNP IE_PPS DE_SOCIAL_SECURITY',
      'confidential',
      ['personal'],
    ),
    row(
      'US_ITIN US_DRIVER_LICENSE US_PASSPORT US_DEA MEDICAL_LICENSE CA_SIN CA_PASSPORT BR_CPF MX_CURP MX_RFC AU_TFN',
      'confidential',
      ['personal'],
    ),
    row(
      'DE_TAX_ID DE_TAX_NUMBER PT_NIF GR_AFM UK_UTR UK_SORT_ACCOUNT IT_FISCAL_CODE',
      'confidential',
      ['personal', 'finance'],
    ),
    row(
      'FR_ADELI FR_CAF FR_FRANCE_TRAVAIL FR_INE FR_RESIDENCE_PERMIT DE_ID_CARD DE_PASSPORT DE_FUEHRERSCHEIN DE_LANR ES_NIF ES_NIE ES_PASSPORT IT_ID_CARD IT_PASSPORT IT_DRIVER_LICENSE UK_PASSPORT UK_DRIVING_LICENCE',
      'confidential',
      ['personal'],
    ),
    row(
      'IN_AADHAAR IN_PAN IN_PASSPORT IN_VOTER ZA_ID_NUMBER SG_NRIC_FIN KR_RRN KR_FRN KR_DRIVER_LICENSE KR_PASSPORT',
      'confidential',
      ['personal'],
    ),
    row(
      'TR_NATIONAL_ID TH_TNIN PH_TIN PH_SSS PH_NATIONAL_ID MA_CIN TN_CIN DZ_NIN SN_CNI CI_CNI ML_NINA NG_NIN PASSPORT MRZ',
      'confidential',
      ['personal'],
    ),
    row('ABA_ROUTING_NUMBER US_BANK_NUMBER NG_BVN', 'confidential', ['personal', 'finance']),
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
    row('DE_KFZ UK_VEHICLE_REGISTRATION FR_AM', 'internal', ['personal'], 0.5),
    row(
      'IP_ADDRESS MAC_ADDRESS IMEI IMSI ICCID GPS_COORDINATES IN_VEHICLE_REGISTRATION TR_LICENSE_PLATE NG_VEHICLE_REGISTRATION',
      'internal',
      ['personal'],
    ),
    row('URL', 'internal', ['personal']),
    row('CRYPTO', 'internal', ['personal', 'finance']),
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
