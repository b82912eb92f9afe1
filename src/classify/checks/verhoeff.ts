/** J. Verhoeff, Error Detecting Decimal Codes, 1969: the dihedral group of ten elements. */
const PRODUCT = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
]
const PERMUTATION = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
]

/** Verhoeff check of a string of digits, its last one included: refuses every single wrong digit and every swap of neighbours. */
export function verhoeff(digits: string): boolean {
  let state = 0
  for (let i = 0; i < digits.length; i++) {
    const permuted = Number(PERMUTATION[i % 8]?.[Number(digits[digits.length - 1 - i])])
    state = Number(PRODUCT[state]?.[permuted])
  }
  return digits.length > 0 && state === 0
}
