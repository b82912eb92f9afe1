/** Deeper strings inside strings are escaped no further. */
const DEEPEST = 6

/**
 * Follows a JSON text piece by piece and tells how many strings are open around the place it has reached: 1 inside of a
 * string, 2 inside of a string of a JSON text that is itself a string. A quote of depth n has 2^(n-1) - 1 backslashes.
 */
export class JsonDepth {
  #depth = 0
  #slashes = 0
  /** Of each open string, whether it begins as a JSON text does; null: it has not begun. */
  readonly #isJson: (boolean | null)[] = []

  get depth(): number {
    return this.#depth
  }

  /** True when a string of the outermost text begins or ends in this piece. */
  pass(unit: string): boolean {
    if (unit === '\\') {
      this.#slashes += 1
      return false
    }
    const slashes = this.#slashes
    this.#slashes = 0
    if (unit === '"') return this.#quote(slashes)
    if (this.#depth > 0 && this.#isJson[this.#depth - 1] === null && unit.trim() !== '') {
      this.#isJson[this.#depth - 1] = unit === '{' || unit === '['
    }
    return false
  }

  /** A value was put here. */
  passValue(): void {
    this.#slashes = 0
    if (this.#depth > 0) this.#isJson[this.#depth - 1] ??= false
  }

  /** A value as it is written here. */
  escaped(value: string): string {
    let text = value
    for (let i = 0; i < Math.min(this.#depth, DEEPEST); i++)
      text = JSON.stringify(text).slice(1, -1)
    return text
  }

  #quote(slashes: number): boolean {
    const depth = this.#depth
    if (depth === 0) return this.#open()
    const unit = 2 ** depth
    if (slashes % unit === unit / 2 - 1) {
      this.#isJson.pop()
      this.#depth -= 1
      return depth === 1
    }
    const isDeeper = this.#isJson[depth - 1] === true && slashes % (2 * unit) === unit - 1
    if (isDeeper && depth < DEEPEST) this.#open()
    else this.#isJson[depth - 1] ??= false
    return false
  }

  #open(): boolean {
    this.#depth += 1
    this.#isJson.push(null)
    return this.#depth === 1
  }
}
