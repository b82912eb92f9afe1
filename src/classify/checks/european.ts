import { weighted } from './weighted.ts'

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
