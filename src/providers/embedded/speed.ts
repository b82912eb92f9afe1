/** How many recent answers the measure looks back on. */
const KEPT = 20

/** Tokens per second as one caller sees them, over the most recent answers. */
export class Speed {
  #recent: { readonly tokens: number; readonly ms: number }[] = []

  add(tokens: number, ms: number): void {
    // The clock starts at the first token, so a single one has no duration.
    if (tokens < 2 || ms <= 0) return
    this.#recent = [...this.#recent, { tokens: tokens - 1, ms }].slice(-KEPT)
  }

  /** Null until something was measured. */
  get tokensPerSecond(): number | null {
    const tokens = this.#recent.reduce((sum, answer) => sum + answer.tokens, 0)
    const ms = this.#recent.reduce((sum, answer) => sum + answer.ms, 0)
    return ms === 0 ? null : Math.round((tokens / ms) * 10_000) / 10
  }
}
