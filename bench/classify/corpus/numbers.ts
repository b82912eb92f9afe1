/** Numbers from 0 to 1, the same in every run. */
export type Random = () => number

export const below = (next: Random, limit: number): number => Math.floor(next() * limit)

export function pick<T>(next: Random, from: readonly T[]): T {
  const found = from[below(next, from.length)]
  if (found === undefined) throw new Error('nothing to pick from')
  return found
}

export const digits = (next: Random, count: number): string =>
  Array.from({ length: count }, () => String(below(next, 10))).join('')

/** Digits of which the first is not zero. */
export const number = (next: Random, count: number): string =>
  String(1 + below(next, 9)) + digits(next, count - 1)

export const letters = (next: Random, count: number, from = 'ABCDEFGHJKLMNPQRSTVWXYZ'): string =>
  Array.from({ length: count }, () => from.charAt(below(next, from.length))).join('')

export const pad = (value: number, width = 2): string => String(value).padStart(width, '0')

/** In groups of these sizes, between the signs. */
export function grouped(text: string, sizes: readonly number[], sign = ' '): string {
  let at = 0
  const groups = sizes.map((size) => text.slice(at, (at += size)))
  return [...groups, text.slice(at)].filter((group) => group !== '').join(sign)
}

/** The sum of digits times weights. */
export const weighted = (text: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, at) => sum + weight * Number(text[at] ?? 0), 0)

/** The digit that makes a number pass the check of ISO/IEC 7812-1, annex B. */
export function luhnDigit(body: string): string {
  const sum = Array.from(body)
    .toReversed()
    .map((digit, at) => (at % 2 === 0 ? Number(digit) * 2 : Number(digit)))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0)
  return String((10 - (sum % 10)) % 10)
}

export const withLuhn = (body: string): string => body + luhnDigit(body)

/** Remainder of a number of any length. */
export const rest = (text: string, modulus: number): number =>
  Number(BigInt(text) % BigInt(modulus))

/** The digit of ISO 7064, mod 11,10. */
export function mod11And10(body: string): string {
  let product = 10
  for (const digit of body) {
    const sum = (Number(digit) + product) % 10
    product = ((sum === 0 ? 10 : sum) * 2) % 11
  }
  return String((11 - product) % 10)
}

/** Tries until a number can be made: some bodies have no check digit. */
export function until<T>(make: () => T | null): T {
  for (let tries = 0; tries < 1000; tries += 1) {
    const made = make()
    if (made !== null) return made
  }
  throw new Error('no number can be made')
}
