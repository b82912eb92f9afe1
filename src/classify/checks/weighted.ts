/** Sum of digits times weights, from the left. */
export const weightedSum = (digits: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, i) => sum + weight * Number(digits[i] ?? '0'), 0)

/** Whether one digit fills the whole number: forms are filled so, nobody is numbered so. */
export const isOneDigit = (digits: string): boolean => /^(\d)\1*$/.test(digits)

/** Whether YYMMDD can be a date; the century is not told. */
export const isShortDate = (digits: string): boolean => {
  const month = Number(digits.slice(2, 4))
  const day = Number(digits.slice(4, 6))
  return month >= 1 && month <= 12 && day >= 1 && day <= (DAYS[month - 1] ?? 31)
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
