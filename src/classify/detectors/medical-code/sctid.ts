/** Multiplication in the dihedral group D5: reflections are 5 to 9. */
function times(a: number, b: number): number {
  const turn = a < 5 ? (a + b) % 5 : (a - b + 5) % 5
  const flips = (a < 5 ? 0 : 1) + (b < 5 ? 0 : 1)
  return (turn % 5) + (flips % 2 === 1 ? 5 : 0)
}

/** Verhoeff's permutation of a digit. */
const PERMUTED = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4] as const

function permuted(digit: number, place: number): number {
  let value = digit
  for (let i = 0; i < place % 8; i++) value = PERMUTED[value] ?? 0
  return value
}

/** Verhoeff check of all digits, the last being the check digit: their product in D5 is 0 (J. Verhoeff, 1969). */
export function verhoeff(digits: string): boolean {
  let product = 0
  for (let i = 0; i < digits.length; i++) {
    product = times(product, permuted(Number(digits[digits.length - 1 - i]), i))
  }
  return digits.length > 1 && product === 0
}
