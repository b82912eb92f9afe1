/** How two spellings of a value are told to be one. */
export type Sameness = 'words' | 'address' | 'number' | 'exact'

const WORDS: ReadonlySet<string> = new Set('PERSON LOCATION ORGANIZATION COMPANY_TERM'.split(' '))
const ADDRESSES: ReadonlySet<string> = new Set(['EMAIL_ADDRESS', 'URL', 'IP_ADDRESS'])
/** Spelt as they are: a different case is a different value. */
const EXACT: ReadonlySet<string> = new Set(
  'SECRET CRYPTO KEY_MATERIAL COMPANY_PATTERN COMPANY_DOCUMENT PERSON_TABLE'.split(' '),
)
const NUMBERS = /^[A-Z]{2}_|NUMBER|CARD|IBAN|BIC|PASSPORT|LICEN[CS]E|^VIN$|^IM[ES]I$|^ICCID$/

export function samenessOf(type: string): Sameness {
  if (EXACT.has(type)) return 'exact'
  if (WORDS.has(type)) return 'words'
  if (ADDRESSES.has(type)) return 'address'
  return NUMBERS.test(type) ? 'number' : 'exact'
}

/** The same for every spelling of one value: `Jean Dupont`, `JEAN  DUPONT`; `FR76 3000`, `fr763000`. */
export function normalValue(value: string, sameness: Sameness): string {
  switch (sameness) {
    case 'exact':
      return value
    case 'address':
      return value.toLowerCase()
    case 'number':
      return value.toUpperCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
    case 'words':
      return folded(value)
        .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
        .trim()
  }
}

/** Lower case, without accents: French capitals often have none. */
export function folded(text: string): string {
  const lower = text.toLowerCase()
  return BEYOND_ASCII.test(lower) ? lower.normalize('NFKD').replaceAll(/\p{M}/gu, '') : lower
}

const BEYOND_ASCII = /[\u0080-\uffff]/
