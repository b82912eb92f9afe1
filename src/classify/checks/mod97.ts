/** Remainder by `modulus` of a decimal number too long for a double. */
export function remainder(digits: string, modulus: number): number {
  let rest = 0
  for (let i = 0; i < digits.length; i++) rest = (rest * 10 + digits.charCodeAt(i) - 48) % modulus
  return rest
}

/** IBAN check: first four characters moved to the end, A=10 to Z=35, remainder 1 by 97 (ISO 7064 mod 97-10). `compact` is upper case without separators. */
export function ibanCheck(compact: string): boolean {
  let rest = 0
  for (let i = 0; i < compact.length; i++) {
    const unit = compact.charCodeAt((i + 4) % compact.length)
    const value = unit >= 65 ? unit - 55 : unit - 48
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}
