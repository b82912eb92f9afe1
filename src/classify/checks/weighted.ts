/** Sum of each digit times its weight; digits beyond the weights do not count. */
export function weighted(digits: string, weights: readonly number[]): number {
  let sum = 0
  for (const [i, weight] of weights.entries()) sum += weight * Number(digits[i] ?? '0')
  return sum
}

/** The sum of the decimal digits of each product, as Luhn and the German social insurance do. */
export function crossSum(digits: string, weights: readonly number[]): number {
  let sum = 0
  for (const [i, weight] of weights.entries()) {
    const product = weight * Number(digits[i] ?? '0')
    sum += Math.floor(product / 10) + (product % 10)
  }
  return sum
}

/** Whether all digits are one: form fillers, never given out. */
export const isOneDigit = (digits: string): boolean => /^(\d)\1*$/.test(digits)

/** Whether YYMMDD can be a date; the century is not told. */
export const isShortDate = (digits: string): boolean => {
  const month = Number(digits.slice(2, 4))
  const day = Number(digits.slice(4, 6))
  return month >= 1 && month <= 12 && day >= 1 && day <= (DAYS[month - 1] ?? 31)
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
