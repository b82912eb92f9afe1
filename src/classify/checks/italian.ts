const ODD = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
]
const MONTHS = 'ABCDEHLMPRST'
/** Letters that stand for the digits 0 to 9 where two persons would share a code. */
const OMOCODIA = 'LMNPQRSTUV'
const SHAPE = /^[A-Z]{6}[\dLMNP-V]{2}[A-EHLMPR-T][\dLMNP-V]{2}[A-Z][\dLMNP-V]{3}[A-Z]$/

const digitOf = (char: string): number => {
  const place = OMOCODIA.indexOf(char)
  return place < 0 ? Number(char) : place
}

/** Codice fiscale: shape, day of birth (40 added for women) and the control letter (D.M. 23 December 1976). */
export function codiceFiscale(compact: string): boolean {
  if (!SHAPE.test(compact) || !MONTHS.includes(compact.charAt(8))) return false
  const day = digitOf(compact.charAt(9)) * 10 + digitOf(compact.charAt(10))
  if (day < 1 || day > 71 || (day > 31 && day < 41)) return false
  let sum = 0
  for (let i = 0; i < 15; i++) {
    const unit = compact.charCodeAt(i)
    const value = unit >= 65 ? unit - 65 : unit - 48
    sum += i % 2 === 0 ? (ODD[value] ?? 0) : value
  }
  return sum % 26 === compact.charCodeAt(15) - 65
}
