import {
  below,
  digits,
  grouped,
  letters,
  luhnDigit,
  number,
  pad,
  pick,
  rest,
  withLuhn,
  type Random,
} from './numbers.ts'
import { born } from './people.ts'

/** NIR: sex, year, month, department, commune, order and the key 97 - n mod 97 (INSEE). */
export function nir(next: Random): string {
  const { year, month } = born(next)
  const department = pick(next, [
    '2A',
    '2B',
    ...Array.from({ length: 18 }, (_, at) => pad(at + 1)),
    '29',
    '35',
    '44',
    '59',
    '69',
    '75',
    '93',
  ])
  const body = `${1 + below(next, 2)}${pad(year % 100)}${pad(month)}${department}${pad(1 + below(next, 400), 3)}${pad(1 + below(next, 900), 3)}`
  const key = pad(97 - rest(body.replace('2A', '19').replace('2B', '18'), 97))
  return pick(next, [
    body + key,
    grouped(body + key, [1, 2, 2, 2, 3, 3, 2]),
    grouped(body + key, [13]),
  ])
}

/** SIREN: nine digits with the check of ISO/IEC 7812-1 (INSEE). */
export const siren = (next: Random): string => withLuhn(number(next, 8))

export const shownSiren = (next: Random): string => {
  const made = siren(next)
  return next() < 0.5 ? made : grouped(made, [3, 3, 3])
}

/** SIRET: SIREN and five digits, checked as a whole. */
export function siret(next: Random): string {
  const made = withLuhn(siren(next) + pad(below(next, 9000), 4))
  return next() < 0.5 ? made : grouped(made, [3, 3, 3, 5])
}

/** VAT number: FR, key (12 + 3 (SIREN mod 97)) mod 97, SIREN. */
export function vat(next: Random): string {
  const company = siren(next)
  const key = pad((12 + 3 * rest(company, 97)) % 97)
  return next() < 0.5 ? `FR${key}${company}` : `FR ${key} ${grouped(company, [3, 3, 3])}`
}

/** RIB: bank, branch, account and the key 97 - (89 b + 15 g + 3 c) mod 97 (CFONB). */
export function rib(next: Random): string {
  const [bank, branch, account] = [number(next, 5), digits(next, 5), digits(next, 11)]
  const sum = 89n * BigInt(bank) + 15n * BigInt(branch) + 3n * BigInt(account)
  return `${bank} ${branch} ${account} ${pad(97 - Number(sum % 97n))}`
}

/** Tax number (SPI): ten digits of which the first is 0 to 3, and their remainder by 511. */
export function taxId(next: Random): string {
  const body = String(below(next, 4)) + digits(next, 9)
  const made = body + pad(rest(body, 511), 3)
  return next() < 0.5 ? made : grouped(made, [2, 2, 3, 3, 3])
}

export const passport = (next: Random): string =>
  `${digits(next, 2)}${letters(next, 2)}${digits(next, 5)}`

/** Identity cards before 2021: year, month, department, three digits, five digits. */
export const identityCard = (next: Random): string =>
  `${pad(below(next, 20))}${pad(1 + below(next, 12))}${pad(1 + below(next, 90))}${digits(next, 6)}`

export const drivingLicence = (next: Random): string =>
  `${pad(13 + below(next, 12))}${pick(next, ['AA', 'AB', 'BC', 'CD', 'EF'])}${digits(next, 5)}`

/** Plates since 2009; I, O and U are not used. */
export const plate = (next: Random): string =>
  `${letters(next, 2, 'ABCDEFGHJKLMNPQRTVWXYZ')}-${pad(1 + below(next, 999), 3)}-${letters(next, 2, 'ABCDEFGHJKLMNPQRTVWXYZ')}`

export const rpps = (next: Random): string => withLuhn(`10${digits(next, 8)}`)
export const finess = (next: Random): string => {
  const body = `${pick(next, ['75', '69', '13', '44', '35'])}${digits(next, 6)}`
  return body + luhnDigit(body)
}
export const studentId = (next: Random): string => `${digits(next, 9)}${letters(next, 2)}`
export const caf = (next: Random): string => `${number(next, 7)} ${letters(next, 1)}`
export const jobSeeker = (next: Random): string => `${number(next, 7)}${letters(next, 1)}`
export const residencePermit = (next: Random): string => number(next, 10)
