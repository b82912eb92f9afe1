import type { Value } from './value.ts'

/** The memo of a pickle: writers number their values from zero on, hostile ones as they like. */
export class Memo {
  readonly #dense: Value[] = []
  readonly #sparse = new Map<number, Value>()

  get size(): number {
    return this.#dense.length + this.#sparse.size
  }

  get(key: number): Value | undefined {
    return this.#dense[key] ?? this.#sparse.get(key)
  }

  set(key: number, value: Value): void {
    if (key >= 0 && key < this.#dense.length) this.#dense[key] = value
    else if (key === this.#dense.length) {
      if (this.#sparse.size > 0) this.#sparse.delete(key)
      this.#dense.push(value)
    } else this.#sparse.set(key, value)
  }
}
