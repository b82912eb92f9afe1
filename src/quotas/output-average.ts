/** Guess for a model of which no answer is known yet, tokens. */
const FIRST_GUESS = 512
/** Weight of the newest answer. */
const NEWEST = 0.1
/** Models that are remembered; callers can invent names. */
const MOST_MODELS = 1_000

/** How long the answers of a model usually are, learned from those that were given. A class because it remembers. */
export class OutputAverage {
  readonly #means = new Map<string, number>()

  estimate(model: string): number {
    return Math.ceil(this.#means.get(model) ?? FIRST_GUESS)
  }

  learn(model: string, tokens: number): void {
    const mean = this.#means.get(model)
    if (mean === undefined && this.#means.size >= MOST_MODELS) return
    this.#means.set(model, mean === undefined ? tokens : mean + (tokens - mean) * NEWEST)
  }
}
