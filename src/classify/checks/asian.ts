import { isOneDigit, isShortDate, weighted } from './weighted.ts'
import { luhn } from './luhn.ts'
import { verhoeff } from './verhoeff.ts'

/** Aadhaar: twelve digits from 2 on, Verhoeff, never a palindrome (UIDAI). */
export const aadhaarCheck = (digits: string): boolean =>
  /^[2-9]\d{11}$/.test(digits) &&
  verhoeff(digits) &&
  Array.from(digits).toReversed().join('') !== digits

const BASE36 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** GSTIN: state, PAN, entity, Z and a mod 36 character, every second value doubled and its digits in base 36 added (GSTN). */
export function gstinCheck(compact: string): boolean {
  if (!/^(?:0[1-9]|[12]\d|3[0-8]|9[679])[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[\dA-Z]$/.test(compact))
    return false
  const sum = Array.from(compact.slice(0, 14)).reduce((total, char, i) => {
    const product = BASE36.indexOf(char) * (i % 2 === 0 ? 1 : 2)
    return total + Math.floor(product / 36) + (product % 36)
  }, 0)
  return BASE36[(36 - (sum % 36)) % 36] === compact[14]
}

const NRIC: Readonly<Record<string, { readonly add: number; readonly letters: string }>> = {
  S: { add: 0, letters: 'JZIHGFEDCBA' },
  T: { add: 4, letters: 'JZIHGFEDCBA' },
  F: { add: 0, letters: 'XWUTRQPNMLK' },
  G: { add: 4, letters: 'XWUTRQPNMLK' },
  M: { add: 3, letters: 'XWUTRQPNJLK' },
}

/** NRIC and FIN: weights 2, 7, 6, 5, 4, 3, 2, a letter by mod 11 that depends on the series. */
export function nricCheck(compact: string): boolean {
  const series = NRIC[compact[0] ?? '']
  if (series === undefined || !/^[A-Z]\d{7}[A-Z]$/.test(compact)) return false
  const sum = weighted(compact.slice(1), [2, 7, 6, 5, 4, 3, 2]) + series.add
  return series.letters[sum % 11] === compact[8]
}

const UEN = 'ABCDEFGHJKLMNPQRSTUVWX0123456789'
const UEN_WEIGHTS = [4, 3, 5, 3, 10, 2, 2, 5, 7]

/** UEN: businesses (8 digits), local companies (year and 5 digits) and other entities (T, S or R, year, kind), a letter by mod 11 (ACRA). */
export function uenCheck(compact: string): boolean {
  if (/^\d{8}[A-Z]$/.test(compact))
    return 'XMKECAWLJDB'[weighted(compact, [10, 4, 9, 3, 8, 2, 7, 1]) % 11] === compact[8]
  if (/^(?:18|19|20)\d{7}[A-Z]$/.test(compact))
    return 'ZKCMDNERGWH'[weighted(compact, [10, 8, 6, 4, 9, 7, 5, 3, 1]) % 11] === compact[9]
  if (!/^[RST]\d{2}[A-HJ-NP-X]{2}\d{4}[A-Z]$/.test(compact)) return false
  const sum = UEN_WEIGHTS.reduce(
    (total, weight, i) => total + weight * UEN.indexOf(compact[i] ?? ''),
    0,
  )
  return UEN[(((sum - 5) % 11) + 11) % 11] === compact[9]
}

/** Korean resident number: a birth date and a digit of sex and century. Its check digit is random since October 2020, so none is asked for. */
export const residentShape = (digits: string): boolean =>
  /^\d{6}[1-4]\d{6}$/.test(digits) && isShortDate(digits)

/** Korean number of a foreigner: as a resident's, with 5 to 8. */
export const foreignerShape = (digits: string): boolean =>
  /^\d{6}[5-8]\d{6}$/.test(digits) && isShortDate(digits)

/** Korean business number: weights 1, 3, 7, the ninth digit times 5 adds its tens too. */
export const koreanBusinessCheck = (digits: string): boolean => {
  if (!/^[1-9]\d{9}$/.test(digits) || isOneDigit(digits)) return false
  const sum =
    weighted(digits, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + Math.floor((Number(digits[8]) * 5) / 10)
  return (10 - (sum % 10)) % 10 === Number(digits[9])
}

/** Thai number: weights 13 to 2, 11 less the sum by 11, last digit (Ministry of Interior). */
export const thaiCheck = (digits: string): boolean =>
  /^[1-8]\d{12}$/.test(digits) &&
  !isOneDigit(digits) &&
  (11 - (weighted(digits, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 ===
    Number(digits[12])

/** Turkish number: seven times the odd places less the even ones, then the sum of ten digits, each by 10. */
export const turkishCheck = (digits: string): boolean => {
  if (!/^[1-9]\d{10}$/.test(digits)) return false
  const odd = weighted(digits, [1, 0, 1, 0, 1, 0, 1, 0, 1])
  const even = weighted(digits, [0, 1, 0, 1, 0, 1, 0, 1])
  const tenth = (((odd * 7 - even) % 10) + 10) % 10
  return tenth === Number(digits[9]) && (odd + even + tenth) % 10 === Number(digits[10])
}

/** South African number: birth date, sex, citizenship 0 to 2, 8 or 9, Luhn. */
export const southAfricanCheck = (digits: string): boolean =>
  /^\d{10}[0-2][89]\d$/.test(digits) && isShortDate(digits) && luhn(digits)
