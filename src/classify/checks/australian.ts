import { weighted } from './weighted.ts'

/** TFN: weights of the ATO, sum a multiple of 11; eight digits in the older series. */
export const taxFileCheck = (digits: string): boolean => {
  if (/^0+$/.test(digits)) return false
  if (/^\d{9}$/.test(digits)) return weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0
  return /^\d{8}$/.test(digits) && weighted(digits, [10, 7, 8, 4, 6, 3, 5, 1]) % 11 === 0
}

/** ABN: one off the first digit, weights 10, 1, 3, 5 … 19, sum a multiple of 89 (Australian Business Register). */
export const businessCheck = (digits: string): boolean =>
  /^[1-9]\d{10}$/.test(digits) &&
  (weighted(digits, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0

/** ACN: weights 8 to 1, tens complement (ASIC). */
export const companyCheck = (digits: string): boolean =>
  /^\d{9}$/.test(digits) &&
  !/^0+$/.test(digits) &&
  (10 - (weighted(digits, [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10 === Number(digits[8])

/** Medicare: from 2 to 6, weights 1, 3, 7, 9 twice, the ninth digit is the sum by 10; issue and person may follow. */
export const medicareCheck = (digits: string): boolean =>
  /^[2-6]\d{9,10}$/.test(digits) &&
  weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(digits[8])
