/** What a placeholder calls a value: words that models know, and that no detector takes for more. */
const TAG_BY_TYPE: Readonly<Record<string, string>> = {
  PERSON: 'PERSON',
  EMAIL_ADDRESS: 'EMAIL',
  PHONE_NUMBER: 'PHONE',
  LOCATION: 'PLACE',
  ORGANIZATION: 'COMPANY',
  DATE_TIME: 'DATE',
  CREDIT_CARD: 'CARD',
  IBAN_CODE: 'ACCOUNT',
  FR_RIB: 'ACCOUNT',
  UK_SORT_ACCOUNT: 'ACCOUNT',
  US_BANK_NUMBER: 'ACCOUNT',
  URL: 'LINK',
  IP_ADDRESS: 'HOST',
  MAC_ADDRESS: 'HOST',
  VIN: 'VEHICLE',
  SECRET: 'CODE',
  CRYPTO: 'CODE',
  COMPANY_TERM: 'TERM',
  COMPANY_PATTERN: 'TERM',
  COMPANY_DOCUMENT: 'PASSAGE',
  PERSON_TABLE: 'TABLE',
}

/** Types that are a number or a name of something. */
const NUMBER_TYPE = /^[A-Z]{2}_|NUMBER|PASSPORT|LICEN[CS]E|_ID$|_CODE$|^IM[ES]I$|^ICCID$|^MRZ$/

/** The word for a type of finding: `PERSON`, `EMAIL`, `ID` for every number of a person, `ITEM` for the rest. */
export const tagOf = (type: string): string =>
  TAG_BY_TYPE[type] ?? (NUMBER_TYPE.test(type) ? 'ID' : 'ITEM')

/** Every word that a placeholder begins with. */
export const TAGS: readonly string[] = [...new Set([...Object.values(TAG_BY_TYPE), 'ID', 'ITEM'])]
