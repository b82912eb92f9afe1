import { createHash } from 'node:crypto'
import { verhoeffDigit } from './europe.ts'
import {
  below,
  digits,
  grouped,
  letters,
  luhnDigit,
  number,
  pad,
  pick,
  until,
  weighted,
  withLuhn,
  type Random,
} from './numbers.ts'
import { born } from './people.ts'

/** Numbers of schemes by their first digits; published test numbers are not made. */
export function card(next: Random): string {
  const made = pick(next, [
    () => withLuhn(`4${digits(next, 14)}`),
    () => withLuhn(`5${1 + below(next, 5)}${digits(next, 13)}`),
    () => withLuhn(`37${digits(next, 12)}`),
  ])()
  const groups = made.length === 15 ? [4, 6, 5] : [4, 4, 4, 4]
  return pick(next, [made, grouped(made, groups), grouped(made, groups, '-')])
}

export const nhs = (next: Random): string =>
  until(() => {
    const body = number(next, 9)
    const check = (11 - (weighted(body, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11
    return check === 10 ? null : grouped(`${body}${check}`, [3, 3, 4])
  })

export const nino = (next: Random): string =>
  `${pick(next, ['AB', 'CE', 'JG', 'LM', 'PW', 'SR', 'WX'])} ${grouped(digits(next, 6), [2, 2, 2])} ${pick(next, ['A', 'B', 'C', 'D'])}`

/** Ten digits, of which the first is the check of the others. */
export const utr = (next: Random): string =>
  until(() => {
    const body = digits(next, 9)
    const remainder = weighted(body, [6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11
    const check = '21987654321'[remainder]
    return check === undefined ? null : check + body
  })

export const ukPlate = (next: Random): string =>
  `${letters(next, 2, 'ABCDEFGHKLMNOPRSTVWXY')}${pick(next, ['12', '19', '21', '63', '70'])} ${letters(next, 3)}`
export const ukPassport = (next: Random): string => number(next, 9)
export const sortAccount = (next: Random): string =>
  `${grouped(digits(next, 6), [2, 2, 2], '-')} ${number(next, 8)}`

export const ssn = (next: Random): string =>
  `${pad(1 + below(next, 600), 3)}-${pad(1 + below(next, 99))}-${pad(1 + below(next, 9999), 4)}`.replace(
    /^666/,
    '667',
  )
export const itin = (next: Random): string =>
  `9${digits(next, 2)}-${50 + below(next, 16)}-${digits(next, 4)}`
export const ein = (next: Random): string =>
  `${pick(next, ['12', '20', '45', '84'])}-${digits(next, 7)}`

export const npi = (next: Random): string => {
  const body = `1${digits(next, 8)}`
  return body + luhnDigit(`80840${body}`)
}

export const dea = (next: Random): string => {
  const body = digits(next, 6)
  const sum = weighted(body, [1, 2, 1, 2, 1, 2])
  return `${pick(next, ['A', 'B', 'M'])}${letters(next, 1)}${body}${sum % 10}`
}

export const aba = (next: Random): string => {
  const body = `0${1 + below(next, 9)}${digits(next, 6)}`
  return body + String((10 - (weighted(body, [3, 7, 1, 3, 7, 1, 3, 7]) % 10)) % 10)
}

export const canadian = (next: Random): string =>
  grouped(withLuhn(String(1 + below(next, 7)) + digits(next, 7)), [3, 3, 3])

export const abn = (next: Random): string => {
  const body = digits(next, 9)
  // the two leading digits make the weighted sum a multiple of 89, ten taken off the first
  const sum = weighted(`00${body}`, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19])
  const check = pad(10 + ((89 - (sum % 89)) % 89))
  return grouped(check + body, [2, 3, 3, 3])
}

export const tfn = (next: Random): string =>
  until(() => {
    const body = number(next, 8)
    // the last weight is 10, and 10 = -1 mod 11
    const check = weighted(body, [1, 4, 3, 7, 5, 8, 6, 9]) % 11
    return check > 9 ? null : grouped(`${body}${check}`, [3, 3, 3])
  })

export const aadhaar = (next: Random): string => {
  const body = String(2 + below(next, 8)) + digits(next, 10)
  return grouped(body + verhoeffDigit(body), [4, 4, 4])
}

export const pan = (next: Random): string =>
  `${letters(next, 3)}P${letters(next, 1)}${digits(next, 4)}${letters(next, 1)}`

export function southAfrican(next: Random): string {
  const { year, month, day } = born(next)
  return withLuhn(`${pad(year % 100)}${pad(month)}${pad(day)}${digits(next, 4)}08`)
}

export const singaporean = (next: Random): string => {
  const first = pick(next, ['S', 'T'])
  const body = digits(next, 7)
  const sum = weighted(body, [2, 7, 6, 5, 4, 3, 2]) + (first === 'T' ? 4 : 0)
  return `${first}${body}${'JZIHGFEDCBA'[sum % 11] ?? ''}`
}

export const turkish = (next: Random): string => {
  const body = number(next, 9)
  const odd = weighted(body, [1, 0, 1, 0, 1, 0, 1, 0, 1])
  const even = weighted(body, [0, 1, 0, 1, 0, 1, 0, 1])
  const tenth = (((odd * 7 - even) % 10) + 10) % 10
  const sum = weighted(body, [1, 1, 1, 1, 1, 1, 1, 1, 1]) + tenth
  return `${body}${tenth}${sum % 10}`
}

export const ip = (next: Random): string =>
  `${pick(next, ['81', '90', '176', '185', '212'])}.${below(next, 255)}.${below(next, 255)}.${1 + below(next, 254)}`
export const mac = (next: Random): string =>
  Array.from({ length: 6 }, (_, at) =>
    at === 0 ? 'a4' : letters(next, 2, '0123456789abcdef'),
  ).join(':')
export const imei = (next: Random): string => withLuhn(`35${digits(next, 12)}`)

const VIN_VALUES: Readonly<Record<string, number>> = Object.fromEntries(
  Array.from('0123456789', (sign) => [sign, Number(sign)] as const).concat(
    Array.from(
      'ABCDEFGHJKLMNPRSTUVWXYZ',
      (sign, at) => [sign, Number('12345678123457923456789'[at])] as const,
    ),
  ),
)

/** ISO 3779, with the check digit of the ninth place (49 CFR 565). */
export function vin(next: Random): string {
  const signs = 'ABCDEFGHJKLMNPRSTVWXYZ'
  const body = `${pick(next, ['1HG', 'WVW', 'VF1', '5YJ'])}${letters(next, 5, signs)}0${letters(next, 2, signs)}${digits(next, 6)}`
  const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
  const sum = weights.reduce(
    (total, weight, at) => total + weight * (VIN_VALUES[body[at] ?? ''] ?? 0),
    0,
  )
  return `${body.slice(0, 8)}${sum % 11 === 10 ? 'X' : sum % 11}${body.slice(9)}`
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const sha = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest()

/** A pay-to-public-key-hash address of random bytes: version 0, checksum of two SHA-256. */
export function bitcoin(next: Random): string {
  const payload = Buffer.from([0, ...Array.from({ length: 20 }, () => below(next, 256))])
  let value = BigInt(
    `0x${Buffer.concat([payload, sha(sha(payload)).subarray(0, 4)]).toString('hex')}`,
  )
  let made = ''
  for (; value > 0n; value /= 58n) made = (BASE58[Number(value % 58n)] ?? '') + made
  return `1${made}`
}
