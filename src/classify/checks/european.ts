import { luhn } from './luhn.ts'
import { remainder } from './mod97.ts'

const weighted = (digits: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, i) => sum + weight * Number(digits[i] ?? '0'), 0)

/** Dutch 11-proof: weights 9 to 2 and -1, sum a multiple of 11. */
export const elevenProof = (digits: string): boolean =>
  digits.length === 9 &&
  !/^0+$/.test(digits) &&
  weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0

/** NHS number: weights 10 to 2, check 11 - (sum mod 11), 11 written 0, 10 never given. */
export const nhsCheck = (digits: string): boolean => {
  const check = 11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)
  return check !== 10 && check % 11 === Number(digits[9])
}

/** EAN-13: weights 1 and 3 in turn, sum a multiple of 10. */
export const ean13 = (digits: string): boolean =>
  digits.length === 13 && weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0

/** ISO 7064 mod 11,10 over all digits but the last, which it gives. */
export const mod11With10 = (digits: string): boolean => {
  let product = 10
  for (const digit of digits.slice(0, -1)) {
    const sum = (Number(digit) + product) % 10 || 10
    product = (2 * sum) % 11
  }
  return (11 - product) % 10 === Number(digits.at(-1))
}

const austrian = (body: string): boolean => {
  const sum = Array.from(body.slice(1, 8)).reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 0 ? 1 : 2)
    return total + Math.floor(value / 10) + (value % 10)
  }, 0)
  return (96 - sum) % 10 === Number(body[8])
}

const SPANISH = 'TRWAGMYFPDXBNJZSQVHLCKE'

/** Shape and check of the VAT number of a member state, without its country prefix. */
const VAT: Readonly<
  Record<string, { readonly shape: RegExp; readonly check: (body: string) => boolean }>
> = {
  AT: { shape: /^U\d{8}$/, check: (b) => austrian(b) },
  BE: {
    shape: /^[01]\d{9}$/,
    check: (b) => 97 - remainder(b.slice(0, 8), 97) === Number(b.slice(8)),
  },
  DE: { shape: /^[1-9]\d{8}$/, check: mod11With10 },
  DK: { shape: /^[1-9]\d{7}$/, check: (b) => weighted(b, [2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0 },
  ES: { shape: /^\d{8}[A-Z]$/, check: (b) => SPANISH[Number(b.slice(0, 8)) % 23] === b[8] },
  FI: {
    shape: /^\d{8}$/,
    check: (b) => (11 - (weighted(b, [7, 9, 10, 5, 8, 4, 2]) % 11)) % 11 === Number(b[7]),
  },
  IT: { shape: /^\d{11}$/, check: luhn },
  LU: { shape: /^\d{8}$/, check: (b) => Number(b.slice(0, 6)) % 89 === Number(b.slice(6)) },
  NL: {
    shape: /^\d{9}B\d{2}$/,
    check: (b) =>
      elevenProof(b.slice(0, 9)) || remainder(`2321${b.slice(0, 9)}11${b.slice(10)}`, 97) === 1,
  },
  PL: {
    shape: /^\d{10}$/,
    check: (b) => weighted(b, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === Number(b[9]),
  },
  PT: {
    shape: /^[1-9]\d{8}$/,
    check: (b) => {
      const rest = weighted(b, [9, 8, 7, 6, 5, 4, 3, 2]) % 11
      return (rest < 2 ? 0 : 11 - rest) === Number(b[8])
    },
  },
}

/** Whether a VAT number without its prefix has the shape and the check digit of its country. */
export const vatCheck = (country: string, body: string): boolean => {
  const rule = VAT[country]
  return rule !== undefined && rule.shape.test(body) && rule.check(body)
}
