/** What one exchange used, as whole numbers. */
export interface Quantities {
  /** Tokens of the prompt, cached ones included. */
  readonly input: number
  /** Of the prompt, read from a cache. */
  readonly cachedInput: number
  /** Of the prompt, written to a cache. */
  readonly cacheWrite: number
  /** Tokens of the answer, reasoning included. */
  readonly output: number
  /** Of the answer, spent on reasoning. */
  readonly reasoning: number
  readonly images: number
  /** Seconds of sound, rounded up. */
  readonly seconds: number
  /** Characters to be spoken. */
  readonly characters: number
}

export const NOTHING: Quantities = {
  input: 0,
  cachedInput: 0,
  cacheWrite: 0,
  output: 0,
  reasoning: 0,
  images: 0,
  seconds: 0,
  characters: 0,
}
