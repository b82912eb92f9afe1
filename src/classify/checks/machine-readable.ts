/** Check digit of machine-readable documents (ICAO Doc 9303): weights 7, 3, 1, letters from A = 10, sum mod 10, over all characters but the last. */
export function mrzCheck(code: string): boolean {
  let sum = 0
  for (let i = 0; i < code.length - 1; i++) {
    const unit = code.charCodeAt(i)
    sum += (unit >= 65 ? unit - 55 : unit - 48) * ([7, 3, 1][i % 3] ?? 0)
  }
  return sum % 10 === Number(code.at(-1))
}
