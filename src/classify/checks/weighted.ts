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
