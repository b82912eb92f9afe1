import { hasMonthDay, isDay, startsWithDayMonth } from './calendar.ts'
import { luhn } from './luhn.ts'
import { remainder } from './mod97.ts'
import { verhoeff } from './verhoeff.ts'
import { crossSum, isOneDigit, weighted } from './weighted.ts'

/** Belgian national number, and the BIS number of foreigners (month raised by 20 or 40): 97 minus the first nine digits by 97, a 2 before them since 2000 (Royal Decree of 3 April 1984). */
export function belgianNumber(digits: string): boolean {
  if (!/^\d{11}$/.test(digits)) return false
  const key = Number(digits.slice(9))
  const body = digits.slice(0, 9)
  // a date that is not known is written with zeros
  const month = Number(digits.slice(2, 4)) % 20
  const unknown = month === 0 || digits.slice(4, 6) === '00'
  if (!unknown && !hasMonthDay(digits, 2, [0, 20, 40])) return false
  if (isOneDigit(digits)) return false
  return key === 97 - remainder(body, 97) || key === 97 - remainder(`2${body}`, 97)
}

/** Luxembourg: date of birth, order, Luhn digit, Verhoeff digit, both over the first eleven (law of 19 June 2013). */
export function luxembourgNumber(digits: string): boolean {
  if (!/^(?:18|19|20)\d{11}$/.test(digits) || !hasMonthDay(digits, 4)) return false
  return luhn(digits.slice(0, 12)) && verhoeff(digits.slice(0, 11) + digits.charAt(12))
}

/** Austria: three digits, check, DDMMYY; weights 3 7 9 5 8 4 2 1 6 by 11; months above 12 where a day ran out (Dachverband der Sozialversicherungsträger). */
export function austrianNumber(digits: string): boolean {
  if (!/^[1-9]\d{9}$/.test(digits)) return false
  const day = Number(digits.slice(4, 6))
  const month = Number(digits.slice(6, 8))
  if (day < 1 || day > 31 || month < 1 || month > 15) return false
  const sum = weighted(digits, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11
  return sum < 10 && sum === Number(digits[3])
}

/** Poland: PESEL, date with the century in the month, weights 1 3 7 9 by 10 (Ministry of Digital Affairs). */
export const peselCheck = (digits: string): boolean =>
  /^\d{11}$/.test(digits) &&
  hasMonthDay(digits, 2, [0, 20, 40, 60, 80]) &&
  weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0

/** Sweden: ten digits, or twelve with the century; Luhn over the last ten; day raised by 60 in coordination numbers (Skatteverket, SKV 704). */
export function swedishPerson(compact: string): boolean {
  if (!/^(?:(?:18|19|20)\d{10}|\d{10})$/.test(compact)) return false
  const digits = compact.slice(-10)
  return hasMonthDay(digits, 2, [0], [0, 60]) && luhn(digits)
}

/** Swedish organisations: the third digit is 2 or more, Luhn (Skatteverket, SKV 709). */
export const swedishOrganisation = (compact: string): boolean =>
  /^(?:16)?[125-9]\d[2-9]\d{7}$/.test(compact) && luhn(compact.slice(-10))

const FINNISH = '0123456789ABCDEFHJKLMNPRSTUVWXY'

/** Finland: DDMMYY, sign of the century, individual number, control by 31; the sign is not part of the sum (Digital and Population Data Services Agency). */
export function finnishNumber(written: string): boolean {
  if (!/^\d{6}[-+A-FU-Y]\d{3}[\dA-Y]$/.test(written) || !startsWithDayMonth(written)) return false
  const number = Number(written.slice(0, 6) + written.slice(7, 10))
  return FINNISH[number % 31] === written.charAt(10) && Number(written.slice(7, 10)) >= 2
}

/** Denmark: a date and four digits; the check by 11 no longer holds for all since 2007 (CPR-kontoret), so the date alone is asked. */
export const danishNumber = (digits: string): boolean =>
  /^\d{10}$/.test(digits) && startsWithDayMonth(digits)

/** Norway: date (day raised by 40 in D numbers, month by 40 or 80 in synthetic ones), individual number, two digits by 11 (Skatteetaten). */
export function norwegianNumber(digits: string): boolean {
  if (!/^\d{11}$/.test(digits) || isOneDigit(digits)) return false
  const day = Number(digits.slice(0, 2))
  const month = Number(digits.slice(2, 4))
  const dated = [0, 40, 65, 80].some((m) => [0, 40].some((d) => isDay(month - m, day - d)))
  return (
    dated &&
    weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
    weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
  )
}

/** Czech and Slovak birth number: month raised by 50 for women, and by 20 or 70 where a day ran out; ten digits since 1954, a multiple of 11 (law 133/2000). */
export function czechBirthNumber(digits: string): boolean {
  if (!/^\d{9,10}$/.test(digits) || !hasMonthDay(digits, 2, [0, 20, 50, 70])) return false
  if (digits.length === 9) return Number(digits.slice(0, 2)) < 54 && !digits.endsWith('000')
  // until 1985 a rest of 10 was written 0
  const rest = Number(digits.slice(0, 9)) % 11
  return Number(digits) % 11 === 0 || (rest === 10 && digits.endsWith('0'))
}

/** Romania: sex and century, date, county, order, weights 279146358279 by 11, 10 written 1 (law 105/1996). */
export function romanianNumber(digits: string): boolean {
  if (!/^[1-9]\d{6}(?:0[1-9]|[1-3]\d|4[0-8]|5[12]|70|80|81|82|83)\d{4}$/.test(digits)) return false
  if (!hasMonthDay(digits, 3)) return false
  const rest = weighted(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11
  return (rest === 10 ? 1 : rest) === Number(digits[12])
}

const placeOf = (letter: string): string => String(letter.charCodeAt(0) - 64).padStart(2, '0')

/** German pension insurance: area, DDMMYY, letter of the birth name, serial, digit sums of 2 1 2 5 7 1 2 1 2 1 2 1 by 10 (VKVV §2 and 4). */
export function germanSocialSecurity(compact: string): boolean {
  const parts = /^(\d{2})(\d{6})([A-Z])(\d{2})(\d)$/.exec(compact)
  if (parts === null) return false
  const [, area = '', date = '', letter = '', serial = '', check = ''] = parts
  const day = Number(date.slice(0, 2))
  const month = Number(date.slice(2, 4))
  if (area === '00' || day < 1 || day > 81 || month < 1 || month > 12) return false
  const digits = area + date + placeOf(letter) + serial
  return crossSum(digits, [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]) % 10 === Number(check)
}

/** German health insurance: letter and eight digits, digit sums of 1 and 2 in turn by 10 (GKV-Spitzenverband, §290 SGB V). */
export const germanHealthInsurance = (compact: string): boolean =>
  /^[A-Z]\d{9}$/.test(compact) &&
  crossSum(placeOf(compact.charAt(0)) + compact.slice(1, 9), [1, 2, 1, 2, 1, 2, 1, 2, 1, 2]) %
    10 ===
    Number(compact[9])

/** Greek AMKA: DDMMYY, serial, Luhn (EFKA). */
export const greekSocialSecurity = (digits: string): boolean =>
  /^\d{11}$/.test(digits) && startsWithDayMonth(digits) && luhn(digits) && !isOneDigit(digits)

/** British taxpayer reference: the first digit comes of the nine others, weights 6 7 8 9 10 5 4 3 2 by 11 (HMRC). */
export const utrCheck = (compact: string): boolean =>
  /^\d{10}$/.test(compact) &&
  '21987654321'[weighted(compact.slice(1), [6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11] === compact[0]
