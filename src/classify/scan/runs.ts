import { ALNUM, DIGIT, KIND, LETTER, TOKEN, UPPER } from './symbols.ts'

/** Candidate places that one pass over character classes cuts out of a text. */
export interface Runs {
  /** Starts of digit groups that do not continue a word. */
  readonly numbers: readonly number[]
  /** Starts of words of two letters and a digit or more: IBAN, VAT numbers. */
  readonly codes: readonly number[]
  /** Places of `@`. */
  readonly ats: readonly number[]
  /** Starts and ends, alternating, of runs of base64 or hex characters. */
  readonly tokens: readonly number[]
  /** Starts of words with a capital. */
  readonly capitals: readonly number[]
}

const AT = 64
/** Shorter runs hide nothing: 24 characters of base64 are 18 bytes. */
const SHORTEST_TOKEN = 24

/** Cuts the candidates out of a text in one pass. */
export function findRuns(text: string, units: Uint16Array): Runs {
  const { length } = text
  const numbers: number[] = []
  const codes: number[] = []
  const ats: number[] = []
  const tokens: number[] = []
  const capitals: number[] = []
  let previous = 0
  let tokenStart = -1
  for (let i = 0; i < length; i++) {
    const unit = units[i] ?? 0
    const kind = KIND[unit] ?? 0
    if ((kind & ALNUM) !== 0 && (previous & ALNUM) === 0) {
      if ((kind & DIGIT) !== 0) numbers.push(i)
      else {
        if ((kind & UPPER) !== 0) capitals.push(i)
        if (i + 2 < length && looksLikeCode(units, i, length)) codes.push(i)
      }
    } else if (unit === AT) ats.push(i)
    if ((kind & TOKEN) !== 0) {
      if (tokenStart < 0) tokenStart = i
    } else if (tokenStart >= 0) {
      if (i - tokenStart >= SHORTEST_TOKEN) tokens.push(tokenStart, i)
      tokenStart = -1
    }
    previous = kind
  }
  if (tokenStart >= 0 && length - tokenStart >= SHORTEST_TOKEN) {
    tokens.push(tokenStart, length)
  }
  return { numbers, codes, ats, tokens, capitals }
}

function looksLikeCode(units: Uint16Array, at: number, length: number): boolean {
  if (((KIND[units[at + 1] ?? 0] ?? 0) & LETTER) === 0) return false
  if (((KIND[units[at + 2] ?? 0] ?? 0) & DIGIT) !== 0) return true
  // "FR 76 3000…": a space after the country; "FRXX…" and "ATU…": letters in the number
  return at + 3 < length && ((KIND[units[at + 3] ?? 0] ?? 0) & DIGIT) !== 0
}
