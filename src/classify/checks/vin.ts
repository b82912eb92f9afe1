const VALUES: Readonly<Record<string, number>> = Object.fromEntries(
  Array.from('ABCDEFGHJKLMNPRSTUVWXYZ', (letter, i) => [
    letter,
    Number('12345678123457923456789'[i]),
  ]),
)
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]

/** VIN check of North America: values of letters times weights, by 11, 10 written X, in the ninth place (49 CFR 565.15). */
export const vinCheck = (compact: string): boolean => {
  if (!/^[A-HJ-NPR-Z\d]{17}$/.test(compact)) return false
  const sum = WEIGHTS.reduce((total, weight, i) => {
    const char = compact[i] ?? ''
    return total + weight * (VALUES[char] ?? Number(char))
  }, 0)
  return '0123456789X'[sum % 11] === compact[8]
}
