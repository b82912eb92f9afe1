import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { finess } from '../detectors/administration-fr/administration-fr.ts'
import { licenceCheck } from '../detectors/britain/britain.ts'
import { lanr, steuerId } from '../detectors/germany/germany.ts'
import { ean13, elevenProof, mod11With10, nhsCheck } from './european.ts'
import { codiceFiscale } from './italian.ts'
import { mrzCheck } from './machine-readable.ts'
import * as personal from './personal.ts'
import { cifCheck, dniCheck, nieCheck, spanishSocialSecurity } from './spanish.ts'
import { vatCheck } from './vat.ts'
import { verhoeff } from './verhoeff.ts'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const pad = (n: number, length: number): string => String(n).padStart(length, '0')
const number = (length: number) =>
  fc.integer({ min: 0, max: 10 ** length - 1 }).map((n) => pad(n, length))
const day = fc.integer({ min: 1, max: 28 }).map((n) => pad(n, 2))
const month = fc.integer({ min: 1, max: 12 }).map((n) => pad(n, 2))
const joined = (...parts: readonly fc.Arbitrary<string>[]) =>
  fc.tuple(...parts).map((all) => all.join(''))
const is = fc.constant

interface Algorithm {
  readonly name: string
  readonly check: (text: string) => boolean
  /** All before the check characters. */
  readonly body: fc.Arbitrary<string>
  /** Every ending that the check could have. */
  readonly endings: readonly string[]
  /** How many endings are right for one body, at most; a body may have none. */
  readonly right: number
  /** Places where any other digit must be refused; not told where the algorithm promises nothing. */
  readonly guarded?: readonly [number, number]
}

const DIGITS = Array.from({ length: 10 }, (_, n) => String(n))
const PAIRS = Array.from({ length: 100 }, (_, n) => pad(n, 2))
const CAPITALS = Array.from(LETTERS)

const vat = (
  country: string,
  body: fc.Arbitrary<string>,
  endings: readonly string[],
  right = 1,
  guarded?: readonly [number, number],
): Algorithm => ({
  name: `VAT ${country}`,
  check: (text) => vatCheck(country, text),
  body,
  endings,
  right,
  ...(guarded === undefined ? {} : { guarded }),
})

const ALGORITHMS: readonly Algorithm[] = [
  vat('AT', joined(is('U'), number(7)), DIGITS, 1, [1, 8]),
  vat('BE', joined(is('0'), number(7)), PAIRS, 1, [1, 8]),
  vat('BG', number(8), DIGITS),
  vat('CHE', number(8), DIGITS, 1, [0, 8]),
  vat('CY', joined(is('3'), number(7)), CAPITALS, 1, [1, 8]),
  vat('CZ', joined(is('2'), number(6)), DIGITS),
  vat('DE', joined(is('1'), number(7)), DIGITS, 1, [1, 8]),
  vat('DK', joined(is('1'), number(6)), DIGITS, 1, [1, 7]),
  vat('EE', joined(is('1'), number(7)), DIGITS, 1, [1, 8]),
  vat('EL', joined(is('0'), number(7)), DIGITS),
  vat('ES', number(8), CAPITALS, 1, [0, 8]),
  vat('FI', number(7), DIGITS, 1, [0, 7]),
  vat('GB', joined(is('1'), number(6)), PAIRS, 4),
  vat('HR', number(10), DIGITS, 1, [0, 10]),
  vat('HU', joined(is('1'), number(6)), DIGITS, 1, [1, 7]),
  vat('IE', number(7), CAPITALS, 1, [0, 7]),
  vat('IT', joined(is('1'), number(6), is('001')), DIGITS, 1, [1, 7]),
  vat('LT', joined(number(7), is('1')), DIGITS),
  vat('LU', number(6), PAIRS, 1, [0, 6]),
  vat('LV', joined(is('4'), number(9)), DIGITS, 1, [1, 10]),
  vat('MT', joined(is('1'), number(5)), PAIRS, 3),
  vat(
    'NL',
    number(8),
    DIGITS.map((d) => `${d}B01`),
    2,
  ),
  vat(
    'NO',
    joined(is('9'), number(7)),
    DIGITS.map((d) => `${d}MVA`),
    1,
    [1, 8],
  ),
  vat('PL', joined(is('1'), number(8)), DIGITS, 1, [1, 9]),
  vat('PT', joined(is('2'), number(7)), DIGITS),
  vat('RO', joined(is('1'), number(8)), DIGITS),
  vat(
    'SE',
    number(9),
    DIGITS.map((d) => `${d}01`),
    1,
    [0, 9],
  ),
  vat('SI', joined(is('1'), number(6)), DIGITS),
  vat('SK', joined(is('2'), number(1), is('2'), number(6)), DIGITS, 1, [3, 9]),
  { name: 'EAN-13', check: ean13, body: number(12), endings: DIGITS, right: 1, guarded: [0, 12] },
  {
    name: 'mod 11,10',
    check: mod11With10,
    body: number(10),
    endings: DIGITS,
    right: 1,
    guarded: [0, 10],
  },
  {
    name: 'Verhoeff',
    check: verhoeff,
    body: number(11),
    endings: DIGITS,
    right: 1,
    guarded: [0, 11],
  },
  { name: '7-3-1', check: mrzCheck, body: number(8), endings: DIGITS, right: 1, guarded: [0, 8] },
  {
    name: 'BSN',
    check: elevenProof,
    body: joined(is('1'), number(7)),
    endings: DIGITS,
    right: 1,
    guarded: [0, 8],
  },
  { name: 'NHS', check: nhsCheck, body: number(9), endings: DIGITS, right: 1, guarded: [0, 9] },
  { name: 'DNI', check: dniCheck, body: number(8), endings: CAPITALS, right: 1, guarded: [0, 8] },
  {
    name: 'NIE',
    check: nieCheck,
    body: joined(is('X'), number(7)),
    endings: CAPITALS,
    right: 1,
    guarded: [1, 8],
  },
  {
    name: 'CIF',
    check: cifCheck,
    body: joined(is('A'), number(7)),
    endings: DIGITS,
    right: 1,
    guarded: [1, 8],
  },
  {
    name: 'seguridad social',
    check: spanishSocialSecurity,
    body: joined(is('28'), is('1'), number(7)),
    endings: PAIRS,
    right: 1,
    guarded: [3, 10],
  },
  {
    name: 'codice fiscale',
    check: codiceFiscale,
    body: joined(is('RSSMRA'), number(2), is('T'), day, is('A'), number(3)),
    endings: CAPITALS,
    right: 1,
    guarded: [6, 8],
  },
  {
    name: 'Belgium',
    check: personal.belgianNumber,
    body: joined(is('85'), month, day, number(3)),
    endings: PAIRS,
    right: 2,
  },
  {
    name: 'Luxembourg',
    check: personal.luxembourgNumber,
    body: joined(is('1985'), month, day, number(3)),
    endings: PAIRS,
    right: 1,
    guarded: [8, 11],
  },
  {
    name: 'PESEL',
    check: personal.peselCheck,
    body: joined(is('85'), month, day, number(4)),
    endings: DIGITS,
    right: 1,
    guarded: [6, 10],
  },
  {
    name: 'Sweden',
    check: personal.swedishPerson,
    body: joined(is('85'), month, day, number(3)),
    endings: DIGITS,
    right: 1,
    guarded: [6, 9],
  },
  {
    name: 'Swedish organisations',
    check: personal.swedishOrganisation,
    body: joined(is('556'), number(6)),
    endings: DIGITS,
    right: 1,
    guarded: [3, 9],
  },
  {
    name: 'Finland',
    check: personal.finnishNumber,
    body: joined(day, month, is('85-1'), number(2)),
    endings: Array.from('0123456789ABCDEFHJKLMNPRSTUVWXY'),
    right: 1,
    guarded: [8, 10],
  },
  {
    name: 'Norway',
    check: personal.norwegianNumber,
    body: joined(day, month, is('85'), number(3)),
    endings: PAIRS,
    right: 1,
    guarded: [6, 9],
  },
  {
    name: 'Czechia',
    check: personal.czechBirthNumber,
    body: joined(is('85'), month, day, number(3)),
    endings: DIGITS,
    right: 1,
  },
  {
    name: 'Romania',
    check: personal.romanianNumber,
    body: joined(is('185'), month, day, is('40'), number(3)),
    endings: DIGITS,
    right: 1,
  },
  {
    name: 'AMKA',
    check: personal.greekSocialSecurity,
    body: joined(day, month, is('85'), number(4)),
    endings: DIGITS,
    right: 1,
    guarded: [6, 10],
  },
  {
    name: 'German pension',
    check: personal.germanSocialSecurity,
    body: joined(is('65'), day, month, is('85W'), number(2)),
    endings: DIGITS,
    right: 1,
    guarded: [9, 11],
  },
  {
    name: 'German health insurance',
    check: personal.germanHealthInsurance,
    body: joined(is('A'), number(8)),
    endings: DIGITS,
    right: 1,
    guarded: [1, 9],
  },
  {
    name: 'Steuer-ID',
    check: steuerId,
    body: fc
      .shuffledSubarray(DIGITS.slice(1), { minLength: 9, maxLength: 9 })
      .map((all) => all.join('') + (all[0] ?? '')),
    endings: DIGITS,
    right: 1,
  },
  { name: 'LANR', check: (text) => lanr(`${text}01`), body: number(6), endings: DIGITS, right: 1 },
  {
    name: 'FINESS',
    check: finess,
    body: joined(is('75'), number(6)),
    endings: DIGITS,
    right: 1,
    guarded: [2, 8],
  },
]

describe('national checks', () => {
  for (const { name, check, body, endings, right, guarded } of ALGORITHMS) {
    test(`${name}: a body has its check and no other, and a wrong digit is refused`, () => {
      let accepted = 0
      fc.assert(
        fc.property(body, fc.nat(), fc.integer({ min: 1, max: 9 }), (text, place, step) => {
          const valid = endings.filter((ending) => check(text + ending))
          assert.ok(valid.length <= right, `${valid.length} endings`)
          accepted += valid.length
          if (guarded === undefined || valid[0] === undefined) return
          const at = guarded[0] + (place % (guarded[1] - guarded[0]))
          const other = String((Number(text[at]) + step) % 10)
          assert.ok(
            !check(text.slice(0, at) + other + text.slice(at + 1) + valid[0]),
            `place ${at}`,
          )
        }),
        { seed: 4, numRuns: 300 },
      )
      assert.ok(accepted > 150, `${accepted} of 300 bodies have a check`)
    })
  }
})

test('numbers printed by the authorities hold', () => {
  assert.ok(personal.germanSocialSecurity('65180539W001'))
  assert.ok(personal.austrianNumber('1237010180') && !personal.austrianNumber('1238010180'))
  assert.ok(personal.luxembourgNumber('1893120105732'))
  assert.ok(personal.finnishNumber('131052-308T') && !personal.finnishNumber('131052-308U'))
  assert.ok(personal.swedishOrganisation('2120000142'))
  assert.ok(mrzCheck('L898902C36'), 'ICAO Doc 9303, specimen')
  assert.ok(dniCheck('12345678Z') && cifCheck('A58818501'))
  assert.ok(personal.danishNumber('0101881234') && !personal.danishNumber('3201881234'))
})

test('a British driving licence has its month and day in their places', () => {
  assert.ok(licenceCheck('MORGA657054SM9IJ') && licenceCheck('FO999512018AA1AB'))
  for (const wrong of [
    'MORGA613054SM9IJ',
    'MORGA657324SM9IJ',
    '99999657054SM9IJ',
    'MORGA657054SM9I',
  ]) {
    assert.ok(!licenceCheck(wrong), wrong)
  }
})

test('a number of zeros is nobody', () => {
  assert.ok(!vatCheck('IT', '00000000000') && !personal.belgianNumber('00000000000'))
  assert.ok(!personal.norwegianNumber('00000000000') && !finess('000000000'))
})
