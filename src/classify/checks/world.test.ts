import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  cnpjCheck,
  cpfCheck,
  curpCheck,
  deaCheck,
  providerCheck,
  rfcCheck,
  routingCheck,
  sinCheck,
} from './american.ts'
import {
  aadhaarCheck,
  foreignerShape,
  gstinCheck,
  koreanBusinessCheck,
  nricCheck,
  residentShape,
  southAfricanCheck,
  thaiCheck,
  turkishCheck,
  uenCheck,
} from './asian.ts'
import { businessCheck, companyCheck, medicareCheck, taxFileCheck } from './australian.ts'
import { verhoeff } from './verhoeff.ts'
import { vinCheck } from './vin.ts'

interface Subject {
  readonly name: string
  readonly check: (compact: string) => boolean
  /** `9` any digit, other characters stand for themselves; `?` is completed. */
  readonly pattern: string
  /** What may complete it. */
  readonly with: string
  /** Every single wrong digit is refused, by the algebra of the weights. */
  readonly sure: boolean
}

const DIGITS = '0123456789'
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const SUBJECTS: readonly Subject[] = [
  { name: 'Verhoeff', check: verhoeff, pattern: '99999999999?', with: DIGITS, sure: true },
  { name: 'Aadhaar', check: aadhaarCheck, pattern: '59999999999?', with: DIGITS, sure: true },
  { name: 'ABA routing', check: routingCheck, pattern: '02999999?', with: DIGITS, sure: true },
  { name: 'NPI', check: providerCheck, pattern: '199999999?', with: DIGITS, sure: true },
  { name: 'DEA', check: deaCheck, pattern: 'AB999999?', with: DIGITS, sure: false },
  { name: 'SIN', check: sinCheck, pattern: '19999999?', with: DIGITS, sure: true },
  { name: 'CPF', check: cpfCheck, pattern: '999999999??', with: DIGITS, sure: false },
  { name: 'CNPJ', check: cnpjCheck, pattern: '99999999AB99??', with: DIGITS, sure: false },
  { name: 'CURP', check: curpCheck, pattern: 'LOOA999999HDFPZN0?', with: DIGITS, sure: false },
  { name: 'RFC', check: rfcCheck, pattern: 'VECJ999999AB?', with: `${DIGITS}A`, sure: false },
  { name: 'TFN', check: taxFileCheck, pattern: '999999999', with: '', sure: true },
  { name: 'ABN', check: businessCheck, pattern: '299999999??', with: DIGITS, sure: true },
  { name: 'ACN', check: companyCheck, pattern: '99999999?', with: DIGITS, sure: false },
  { name: 'Medicare', check: medicareCheck, pattern: '29999999?1', with: DIGITS, sure: false },
  {
    name: 'GSTIN',
    check: gstinCheck,
    pattern: '27AAPFU9999F1Z?',
    with: DIGITS + LETTERS,
    sure: false,
  },
  { name: 'NRIC', check: nricCheck, pattern: 'S9999999?', with: LETTERS, sure: true },
  { name: 'FIN of 2022', check: nricCheck, pattern: 'M9999999?', with: LETTERS, sure: true },
  { name: 'UEN of a business', check: uenCheck, pattern: '99999999?', with: LETTERS, sure: true },
  { name: 'UEN of an entity', check: uenCheck, pattern: 'T99LL9999?', with: LETTERS, sure: true },
  {
    name: 'Korean business',
    check: koreanBusinessCheck,
    pattern: '199999999?',
    with: DIGITS,
    sure: false,
  },
  { name: 'Thai', check: thaiCheck, pattern: '199999999999?', with: DIGITS, sure: false },
  { name: 'Turkish', check: turkishCheck, pattern: '199999999??', with: DIGITS, sure: true },
  {
    name: 'South African',
    check: southAfricanCheck,
    pattern: '800101999908?',
    with: DIGITS,
    sure: true,
  },
  { name: 'VIN', check: vinCheck, pattern: '1HGCM826?3A999999', with: `${DIGITS}X`, sure: true },
]

/** All completions of a body; the pattern of the TFN is complete by itself. */
function completions(body: string, alphabet: string): readonly string[] {
  const at = body.indexOf('?')
  if (at < 0) return [body]
  return Array.from(alphabet).flatMap((char) =>
    completions(body.slice(0, at) + char + body.slice(at + 1), alphabet),
  )
}

const bodyOf = (pattern: string) =>
  fc
    .array(fc.constantFrom(...DIGITS.split('')), {
      minLength: pattern.length,
      maxLength: pattern.length,
    })
    .map((digits) => Array.from(pattern, (char, i) => (char === '9' ? digits[i] : char)).join(''))

/** Numbers that differ from this one in one digit. */
const neighbours = (value: string, places: readonly number[]): readonly string[] =>
  places.flatMap((at) =>
    Array.from(DIGITS)
      .filter((digit) => digit !== value[at])
      .map((digit) => value.slice(0, at) + digit + value.slice(at + 1)),
  )

describe('check digits', () => {
  for (const { name, check, pattern, with: alphabet, sure } of SUBJECTS) {
    test(`${name}: what the rule completes is accepted, its wrong neighbours are not`, () => {
      let accepted = 0
      fc.assert(
        fc.property(bodyOf(pattern), (body) => {
          for (const value of completions(body, alphabet).filter(check)) {
            accepted += 1
            const free = Array.from(pattern, (char, i) => (char === '9' ? i : -1))
            const last = pattern.lastIndexOf('?')
            const places = sure ? free.filter((at) => at >= 0) : []
            for (const wrong of neighbours(value, places)) assert.ok(!check(wrong))
            if (last < 0 || !/\d/.test(value[last] ?? '')) continue
            for (const wrong of neighbours(value, [last])) assert.ok(!check(wrong))
          }
        }),
        { numRuns: 60, seed: 7 },
      )
      assert.ok(accepted >= 4, `${accepted} accepted`)
    })
  }
})

test('published examples hold', () => {
  assert.ok(verhoeff('2363') && !verhoeff('2364'))
  assert.ok(routingCheck('021000021') && !routingCheck('021000022'))
  assert.ok(providerCheck('1234567893') && !providerCheck('1234567890'))
  assert.ok(businessCheck('51824753556') && companyCheck('004085616'))
  assert.ok(cnpjCheck('12ABC34501DE35') && !cnpjCheck('12ABC34501DE36'))
  assert.ok(nricCheck('S0000001I') && !nricCheck('S0000001J'))
  assert.ok(uenCheck('00192200M') && uenCheck('197401143C') && uenCheck('S16FC0121D'))
  assert.ok(turkishCheck('10000000146') && !turkishCheck('10000000147'))
  assert.ok(gstinCheck('27AAPFU0939F1ZV') && !gstinCheck('27AAPFU0939F1ZO'))
  assert.ok(vinCheck('11111111111111111') && vinCheck('1M8GDM9AXKP042788'))
  assert.ok(southAfricanCheck('8001015009087'))
})

test('numbers made of one digit are nobody', () => {
  for (const digit of DIGITS) {
    assert.ok(!cpfCheck(digit.repeat(11)))
    assert.ok(!cnpjCheck(digit.repeat(14)))
    assert.ok(!sinCheck(digit.repeat(9)))
    assert.ok(!thaiCheck(digit.repeat(13)))
  }
})

test('a Korean number needs a date of birth and tells residents from foreigners', () => {
  assert.ok(residentShape('9601211234567') && !residentShape('9613211234567'))
  assert.ok(foreignerShape('9601215234567') && !foreignerShape('9601211234567'))
})
