import { luhn } from './luhn.ts'
import { isOneDigit, weighted } from './weighted.ts'

/** ABA routing number: weights 3, 7, 1, sum a multiple of 10; the first two digits name a Federal Reserve district (ABA Routing Number Policy). */
export const routingCheck = (digits: string): boolean =>
  /^(?:0[1-9]|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)\d{7}$/.test(digits) &&
  weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0

/** National Provider Identifier: Luhn with the prefix 80840 of US health (45 CFR 162.406). */
export const providerCheck = (digits: string): boolean =>
  /^[12]\d{9}$/.test(digits) && luhn(`80840${digits}`)

/** DEA registration: d1 + d3 + d5 + 2 (d2 + d4 + d6), whose last digit is d7; the first letter tells the kind of registrant. */
export const deaCheck = (compact: string): boolean =>
  /^[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}$/.test(compact) &&
  weighted(compact.slice(2), [1, 2, 1, 2, 1, 2]) % 10 === Number(compact[8])

/** Canadian SIN: Luhn; no number begins with 0 (unused) or 8 (business numbers). */
export const sinCheck = (digits: string): boolean =>
  /^[1-79]\d{8}$/.test(digits) && !isOneDigit(digits) && luhn(digits)

/** Check digit of Brazil's registers: 11 less the sum by 11, ten and eleven written 0. */
const brazilian = (body: string, weights: readonly number[]): number => {
  const sum = weights.reduce((total, weight, i) => total + weight * (body.charCodeAt(i) - 48), 0)
  return sum % 11 < 2 ? 0 : 11 - (sum % 11)
}

const falling = (from: number, length: number): readonly number[] =>
  Array.from({ length }, (_, i) => from - i)

/** Samples of documentation: the digits in order. */
const PRINTED = new Set(['12345678909', '98765432100'])

/** CPF: two digits by mod 11, weights 10 to 2 and 11 to 2 (Receita Federal). */
export const cpfCheck = (digits: string): boolean =>
  /^\d{11}$/.test(digits) &&
  !isOneDigit(digits) &&
  !PRINTED.has(digits) &&
  brazilian(digits, falling(10, 9)) === Number(digits[9]) &&
  brazilian(digits, falling(11, 10)) === Number(digits[10])

const CNPJ = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]

/** CNPJ: two digits by mod 11; letters are allowed since July 2026, each worth its ASCII code less 48 (IN RFB 2.229/2024). */
export const cnpjCheck = (compact: string): boolean =>
  /^[\dA-Z]{12}\d{2}$/.test(compact) &&
  !isOneDigit(compact) &&
  brazilian(compact, CNPJ.slice(1)) === Number(compact[12]) &&
  brazilian(compact, CNPJ) === Number(compact[13])

const CURP = '0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ'

/** CURP: values in an alphabet with Ñ, weights 18 to 2, tens complement (RENAPO, Instructivo normativo). */
export function curpCheck(compact: string): boolean {
  if (!/^[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{2}[B-DF-HJ-NP-TV-ZÑ]{3}[A-Z\d]\d$/.test(compact))
    return false
  const sum = Array.from(compact.slice(0, 17)).reduce(
    (total, char, i) => total + CURP.indexOf(char) * (18 - i),
    0,
  )
  return (10 - (sum % 10)) % 10 === Number(compact[17])
}

const RFC = '0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ'

/** RFC of a person: four letters, birth date, two of homonymy and a digit by mod 11 (SAT). */
export function rfcCheck(compact: string): boolean {
  if (!/^[A-ZÑ]{4}\d{6}[A-Z\d]{2}[A\d]$/.test(compact)) return false
  const sum = Array.from(compact.slice(0, 12)).reduce(
    (total, char, i) => total + RFC.indexOf(char) * (13 - i),
    0,
  )
  const rest = 11 - (sum % 11)
  return compact[12] === (rest === 11 ? '0' : rest === 10 ? 'A' : String(rest))
}
