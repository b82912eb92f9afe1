/** Multiplication in the dihedral group of order ten. */
const times = (a: number, b: number): number => {
  const turned = a < 5 ? (a + b) % 5 : (a - b + 5) % 5
  return turned + (a < 5 === b < 5 ? 0 : 5)
}

const PERMUTATION = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]

/** Verhoeff check (J. Verhoeff, Error detecting decimal codes, 1969): the product of all permuted digits from the right is the neutral one. */
export function verhoeff(digits: string): boolean {
  let product = 0
  for (let i = 0; i < digits.length; i++) {
    let digit = Number(digits[digits.length - 1 - i])
    for (let round = 0; round < i % 8; round++) digit = PERMUTATION[digit] ?? 0
    product = times(product, digit)
  }
  return digits.length > 0 && product === 0
}
