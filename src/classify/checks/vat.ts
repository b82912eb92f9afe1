import { startsWithDayMonth } from './calendar.ts'
import { elevenProof, mod11With10 } from './european.ts'
import { luhn } from './luhn.ts'
import { remainder } from './mod97.ts'
import { czechBirthNumber } from './personal.ts'
import { nifCheck } from './spanish.ts'
import { crossSum, weighted } from './weighted.ts'

interface VatRule {
  /** What follows the prefix. */
  readonly shape: RegExp
  /** Lengths of what follows the prefix, the longest first. */
  readonly lengths: readonly number[]
  readonly check: (body: string) => boolean
}

const last = (body: string): number => Number(body.at(-1))

const bulgarian = (body: string): boolean => {
  if (body.length === 9) {
    const first = weighted(body, [1, 2, 3, 4, 5, 6, 7, 8]) % 11
    const sum = first < 10 ? first : weighted(body, [3, 4, 5, 6, 7, 8, 9, 10]) % 11
    return sum % 10 === last(body)
  }
  const person = (weighted(body, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10
  const foreigner = weighted(body, [21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10
  const other = 11 - (weighted(body, [4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)
  return [person, foreigner, other % 11].includes(last(body))
}

const CYPRIOT_ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21]
const cypriot = (body: string): boolean => {
  let sum = 0
  for (let i = 0; i < 8; i++) {
    const digit = Number(body[i])
    sum += i % 2 === 0 ? (CYPRIOT_ODD[digit] ?? 0) : digit
  }
  return sum % 26 === body.charCodeAt(8) - 65
}

const czech = (body: string): boolean => {
  if (body.length === 10) return czechBirthNumber(body)
  if (body.length === 8) {
    const check = (11 - (weighted(body, [8, 7, 6, 5, 4, 3, 2]) % 11)) % 11
    return (check === 0 ? 1 : check % 10) === last(body)
  }
  if (!body.startsWith('6')) return czechBirthNumber(body)
  const sum = weighted(body.slice(1), [8, 7, 6, 5, 4, 3, 2]) % 11
  return (18 - ((10 - sum + 11) % 11)) % 10 === last(body)
}

const irish = (body: string): boolean => {
  const old = /^(\d)[A-Z+*](\d{5})([A-W])$/.exec(body)
  const modern = old === null ? body : `0${old[2]}${old[1]}${old[3]}`
  const second = body.length === 9 ? Math.max(0, 'WABCDEFGHI'.indexOf(body.charAt(8))) : 0
  const sum = weighted(modern, [8, 7, 6, 5, 4, 3, 2]) + 9 * second
  return 'WABCDEFGHIJKLMNOPQRSTUV'[sum % 23] === modern[7]
}

/** Irish personal and tax numbers have one control: the digits by 23 with the second letter (Revenue Commissioners). */
export const irishCheck = (body: string): boolean => /^\d{7}[A-W][A-IW]?$/.test(body) && irish(body)

const lithuanian = (body: string): boolean => {
  const weights = (shift: number): readonly number[] =>
    Array.from({ length: body.length - 1 }, (_, i) => ((i + shift) % 9) + 1)
  const first = weighted(body, weights(0)) % 11
  const sum = first < 10 ? first : (weighted(body, weights(2)) % 11) % 10
  return body.at(-2) === '1' && sum === last(body)
}

const latvian = (body: string): boolean => {
  if (/^[4-9]/.test(body)) {
    return weighted(body, [9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 === 3
  }
  if (body.startsWith('32')) return true
  const check = ((1 + weighted(body, [10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11) % 10
  return startsWithDayMonth(body) && check === last(body)
}

const romanian = (body: string): boolean => {
  const padded = body.slice(0, -1).padStart(9, '0')
  return ((10 * weighted(padded, [7, 5, 3, 2, 1, 7, 5, 3, 2])) % 11) % 10 === last(body)
}

const british = (body: string): boolean => {
  const rest = weighted(body, [8, 7, 6, 5, 4, 3, 2, 10, 1]) % 97
  return rest === 0 || (Number(body.slice(0, 3)) >= 100 && (rest === 42 || rest === 55))
}

const portuguese = (body: string): boolean => {
  const rest = weighted(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11
  return (rest < 2 ? 0 : 11 - rest) === Number(body[8])
}

const slovenian = (body: string): boolean => {
  const check = 11 - (weighted(body, [8, 7, 6, 5, 4, 3, 2]) % 11)
  return check !== 11 && check % 10 === last(body)
}

/** Greek AFM: powers of two by 11. */
const greek = (body: string): boolean =>
  (weighted(body, [256, 128, 64, 32, 16, 8, 4, 2]) % 11) % 10 === last(body)

/** Swiss and Liechtenstein enterprise number: weights 5 4 3 2 7 6 5 4 by 11 (Federal Statistical Office). */
const swiss = (body: string): boolean =>
  (11 - (weighted(body, [5, 4, 3, 2, 7, 6, 5, 4]) % 11)) % 11 === last(body)

const norwegian = (body: string): boolean =>
  (11 - (weighted(body, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === Number(body[8])

const polish = (body: string): boolean =>
  weighted(body, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === last(body)

/** Offices that issue the number: provinces 001 to 100, and those of the central administration. */
const italian = (body: string): boolean =>
  !body.startsWith('0000000') && /^\d{7}(?:0\d\d|100|12[01]|888|999)\d$/.test(body) && luhn(body)

/** VAT numbers of the member states, the United Kingdom, Switzerland and Norway, without their prefix (European Commission, VIES; national tax authorities). France has its own file. */
export const VAT_RULES: Readonly<Record<string, VatRule>> = {
  AT: {
    shape: /^U\d{8}$/,
    lengths: [9],
    check: (b) => (96 - crossSum(b.slice(1), [1, 2, 1, 2, 1, 2, 1])) % 10 === last(b),
  },
  BE: {
    shape: /^[01]\d{9}$/,
    lengths: [10],
    check: (b) => 97 - remainder(b.slice(0, 8), 97) === Number(b.slice(8)),
  },
  BG: { shape: /^\d{9,10}$/, lengths: [10, 9], check: bulgarian },
  CHE: { shape: /^\d{9}$/, lengths: [9], check: swiss },
  CY: { shape: /^(?!12)[0134569]\d{7}[A-Z]$/, lengths: [9], check: cypriot },
  CZ: { shape: /^\d{8,10}$/, lengths: [10, 9, 8], check: czech },
  DE: { shape: /^[1-9]\d{8}$/, lengths: [9], check: mod11With10 },
  DK: {
    shape: /^[1-9]\d{7}$/,
    lengths: [8],
    check: (b) => weighted(b, [2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
  },
  EE: {
    shape: /^\d{9}$/,
    lengths: [9],
    check: (b) => weighted(b, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0,
  },
  EL: { shape: /^\d{9}$/, lengths: [9], check: greek },
  ES: { shape: /^[A-Z\d]\d{7}[A-Z\d]$/, lengths: [9], check: nifCheck },
  FI: {
    shape: /^\d{8}$/,
    lengths: [8],
    check: (b) => (11 - (weighted(b, [7, 9, 10, 5, 8, 4, 2]) % 11)) % 11 === last(b),
  },
  GB: { shape: /^(?:\d{9}|\d{12})$/, lengths: [12, 9], check: british },
  HR: { shape: /^\d{11}$/, lengths: [11], check: mod11With10 },
  HU: {
    shape: /^[1-9]\d{7}$/,
    lengths: [8],
    check: (b) => weighted(b, [9, 7, 3, 1, 9, 7, 3, 1]) % 10 === 0,
  },
  IE: { shape: /^\d[\dA-Z]\d{5}[A-W][A-IW]?$/, lengths: [9, 8], check: irish },
  IT: { shape: /^\d{11}$/, lengths: [11], check: italian },
  LT: { shape: /^(?:\d{9}|\d{12})$/, lengths: [12, 9], check: lithuanian },
  LU: {
    shape: /^\d{8}$/,
    lengths: [8],
    check: (b) => Number(b.slice(0, 6)) % 89 === Number(b.slice(6)),
  },
  LV: { shape: /^\d{11}$/, lengths: [11], check: latvian },
  MT: {
    shape: /^[1-9]\d{7}$/,
    lengths: [8],
    check: (b) => weighted(b, [3, 4, 6, 7, 8, 9, 10, 1]) % 37 === 0,
  },
  NL: {
    shape: /^\d{9}B\d{2}$/,
    lengths: [12],
    check: (b) =>
      elevenProof(b.slice(0, 9)) || remainder(`2321${b.slice(0, 9)}11${b.slice(10)}`, 97) === 1,
  },
  NO: { shape: /^[1-9]\d{8}MVA$/, lengths: [12], check: norwegian },
  PL: { shape: /^\d{10}$/, lengths: [10], check: polish },
  PT: { shape: /^[1-9]\d{8}$/, lengths: [9], check: portuguese },
  RO: { shape: /^[1-9]\d{5,9}$/, lengths: [10, 9, 8, 7, 6], check: romanian },
  SE: {
    shape: /^\d{10}(?:0[1-9]|[1-8]\d|9[0-4])$/,
    lengths: [12],
    check: (b) => luhn(b.slice(0, 10)),
  },
  SI: { shape: /^[1-9]\d{7}$/, lengths: [8], check: slovenian },
  SK: {
    shape: /^[1-9]\d[2-47-9]\d{7}$/,
    lengths: [10],
    check: (b) => Number(b) % 11 === 0,
  },
  XI: { shape: /^(?:\d{9}|\d{12})$/, lengths: [12, 9], check: british },
}

/** Whether a VAT number without its prefix has the shape and the check digit of its country, and is no row of one digit. */
export const vatCheck = (country: string, body: string): boolean => {
  const rule = VAT_RULES[country]
  return rule !== undefined && rule.shape.test(body) && !/^0+$/.test(body) && rule.check(body)
}
