/** Counts work in steps (about one unit of text looked at), never in time: a busy machine must not change a label. */
export class Steps {
  #spent = 0
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  spend(count: number): void {
    this.#spent += count
  }

  get spent(): number {
    return this.#spent
  }

  /** Whether this many more would be too many. */
  wouldExhaust(count: number): boolean {
    return this.#spent + count > this.#limit
  }

  /** Once true, loops stop where they are and the text is undetermined. */
  get exhausted(): boolean {
    return this.#spent > this.#limit
  }
}
