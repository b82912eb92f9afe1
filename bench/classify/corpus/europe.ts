import {
  below,
  digits,
  letters,
  mod11And10,
  number,
  pad,
  pick,
  rest,
  until,
  weighted,
  withLuhn,
  grouped,
  type Random,
} from './numbers.ts'
import { born } from './people.ts'

/** BBAN of some countries by the IBAN registry: digits and letters in their places. */
const BBANS: Readonly<Record<string, string>> = {
  FR: 'nnnnnnnnnnnnnnnnnnnnnnn',
  DE: 'nnnnnnnnnnnnnnnnnn',
  ES: 'nnnnnnnnnnnnnnnnnnnn',
  BE: 'nnnnnnnnnnnn',
  NL: 'aaaannnnnnnnnn',
  GB: 'aaaannnnnnnnnnnnnn',
  CH: 'nnnnnnnnnnnnnnnnn',
  IT: 'annnnnnnnnnnnnnnnnnnnnn',
  LU: 'nnnnnnnnnnnnnnnn',
}

/** IBAN: check digits by ISO 7064 mod 97-10. */
export function iban(next: Random, lang: string): string {
  const country = next() < 0.6 ? (lang === 'fr' ? 'FR' : 'GB') : pick(next, Object.keys(BBANS))
  const bban = Array.from(BBANS[country] ?? '', (place) =>
    place === 'n' ? digits(next, 1) : letters(next, 1),
  ).join('')
  const valued = Array.from(`${bban}${country}00`, (sign) =>
    String(Number.parseInt(sign, 36)),
  ).join('')
  const made = `${country}${pad(98 - rest(valued, 97))}${bban}`
  return next() < 0.6 ? grouped(made, [4, 4, 4, 4, 4, 4, 4, 4]) : made
}

export const bic = (next: Random): string =>
  `${letters(next, 4)}${pick(next, ['FR', 'DE', 'GB', 'BE', 'NL', 'LU'])}${pick(next, ['PP', '22', '2L', 'DD'])}${next() < 0.5 ? 'XXX' : ''}`

/** VAT numbers of some members, with the check of each. */
export function vat(next: Random): string {
  const nine = (): string => number(next, 8)
  return pick(next, [
    () => `DE${((body) => body + mod11And10(body))(nine())}`,
    // the office of a province stands before the check digit
    () => `IT${withLuhn(digits(next, 7) + pad(1 + Math.floor(next() * 100), 3))}`,
    () => {
      const body = number(next, 7).padStart(8, '0')
      return `BE${body}${pad(97 - rest(body, 97))}`
    },
    () => {
      const body = number(next, 6)
      return `LU${body}${pad(rest(body, 89))}`
    },
  ])()
}

export function belgian(next: Random): string {
  const { year, month, day } = born(next)
  const body = `${pad(year % 100)}${pad(month)}${pad(day)}${pad(1 + below(next, 997), 3)}`
  const key = pad(97 - rest(year >= 2000 ? `2${body}` : body, 97))
  return `${body.slice(0, 2)}.${body.slice(2, 4)}.${body.slice(4, 6)}-${body.slice(6)}.${key}`
}

/** EAN-13 with the prefix of Switzerland. */
export function swiss(next: Random): string {
  const body = `756${digits(next, 9)}`
  const sum = weighted(body, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3])
  return grouped(body + String((10 - (sum % 10)) % 10), [3, 4, 4, 2], '.')
}

/** 11-proof: weights 9 to 2, and the last digit taken away. */
export const dutch = (next: Random): string =>
  until(() => {
    const body = number(next, 8)
    const check = weighted(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11
    return check > 9 ? null : body + String(check)
  })

const ODD = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
]

export function italian(next: Random): string {
  const { year, month, day } = born(next)
  const consonants = 'BCDFGLMNPRSTVZ'
  const body = `${letters(next, 6, consonants)}${pad(year % 100)}${'ABCDEHLMPRST'[month - 1] ?? 'A'}${pad(next() < 0.5 ? day : day + 40)}${letters(next, 1, 'ABCDEFGHIL')}${digits(next, 3)}`
  const sum = Array.from(body).reduce((total, sign, at) => {
    const value = Number.parseInt(sign, 36)
    const order = value < 10 ? value : value - 10
    return total + (at % 2 === 0 ? (ODD[order] ?? 0) : order)
  }, 0)
  return body + String.fromCharCode(65 + (sum % 26))
}

const SPANISH = 'TRWAGMYFPDXBNJZSQVHLCKE'
export const spanish = (next: Random): string => {
  const body = digits(next, 8)
  return body + (SPANISH[Number(body) % 23] ?? '')
}
export const spanishForeigner = (next: Random): string => {
  const first = below(next, 3)
  const body = digits(next, 7)
  return `${'XYZ'[first] ?? 'X'}${body}${SPANISH[Number(`${first}${body}`) % 23] ?? ''}`
}

/** Ten digits of which exactly one occurs twice, and the digit of mod 11,10. */
export const german = (next: Random): string =>
  until(() => {
    const body = number(next, 10)
    const kinds = new Set(body).size
    return kinds === 9 ? body + mod11And10(body) : null
  })

/** Letter as two digits, digits, weights 1 and 2 in turn. */
export function germanHealth(next: Random): string {
  const letter = letters(next, 1)
  const body = digits(next, 8)
  const sum = Array.from(pad(letter.charCodeAt(0) - 64) + body)
    .map((digit, at) => Number(digit) * (at % 2 === 0 ? 1 : 2))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0)
  return `${letter}${body}${sum % 10}`
}

export const portuguese = (next: Random): string => {
  const body = pick(next, ['1', '2']) + digits(next, 7)
  const check = 11 - (weighted(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11)
  return body + String(check > 9 ? 0 : check)
}

export function polish(next: Random): string {
  const { year, month, day } = born(next)
  const body = `${pad(year % 100)}${pad(year >= 2000 ? month + 20 : month)}${pad(day)}${digits(next, 4)}`
  return body + String((10 - (weighted(body, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10)
}

export function romanian(next: Random): string {
  const { year, month, day } = born(next)
  const first = (year >= 2000 ? 5 : 1) + below(next, 2)
  const body = `${first}${pad(year % 100)}${pad(month)}${pad(day)}${pad(1 + below(next, 46))}${pad(1 + below(next, 998), 3)}`
  const check = weighted(body, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11
  return body + String(check === 10 ? 1 : check)
}

export function swedish(next: Random): string {
  const { year, month, day } = born(next)
  const date = `${pad(year % 100)}${pad(month)}${pad(day)}`
  const whole = withLuhn(date + pad(below(next, 999), 3))
  return `${date}-${whole.slice(6)}`
}

export const norwegian = (next: Random): string =>
  until(() => {
    const { year, month, day } = born(next)
    const individual = year >= 2000 ? 500 + below(next, 499) : below(next, 499)
    const body = `${pad(day)}${pad(month)}${pad(year % 100)}${pad(individual, 3)}`
    const first = (11 - (weighted(body, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11)) % 11
    const second = (11 - (weighted(`${body}${first}`, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11
    return first > 9 || second > 9 ? null : `${body}${first}${second}`
  })

export function finnish(next: Random): string {
  const { year, month, day } = born(next)
  const date = `${pad(day)}${pad(month)}${pad(year % 100)}`
  const individual = pad(2 + below(next, 897), 3)
  const sign = '0123456789ABCDEFHJKLMNPRSTUVWXY'[rest(date + individual, 31)] ?? ''
  return `${date}${year >= 2000 ? 'A' : '-'}${individual}${sign}`
}

export function danish(next: Random): string {
  const { year, month, day } = born(next)
  return `${pad(day)}${pad(month)}${pad(year % 100)}-${digits(next, 4)}`
}

const VERHOEFF_D = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
]
const VERHOEFF_P = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
]

/** The digit of Verhoeff's dihedral check. */
export function verhoeffDigit(body: string): string {
  const sum = Array.from(body)
    .toReversed()
    .reduce(
      (state, digit, at) =>
        Number(VERHOEFF_D[state]?.[Number(VERHOEFF_P[(at + 1) % 8]?.[Number(digit)])]),
      0,
    )
  return String(VERHOEFF_D[sum]?.indexOf('0') ?? 0)
}

/** Date of birth and order, then Luhn, then Verhoeff over the same eleven digits. */
export function luxembourgish(next: Random): string {
  const { year, month, day } = born(next)
  const body = `${year}${pad(month)}${pad(day)}${digits(next, 3)}`
  return withLuhn(body) + verhoeffDigit(body)
}

export function irish(next: Random): string {
  const body = digits(next, 7)
  return body + ('WABCDEFGHIJKLMNOPQRSTUV'[weighted(body, [8, 7, 6, 5, 4, 3, 2]) % 23] ?? '')
}
