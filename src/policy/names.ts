import { addBit, emptyBits, unite, type Bits } from './bits.ts'

/** Whether a name is one of these, or begins like one that ends in `*`. */
export const isNamed = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  )

/** Numbers by the names they were put under: a look-up costs the same however many there are. */
export class NamedBits {
  readonly #count: number
  /** Those put under no name: they are found under every one. */
  readonly #unnamed: Bits
  readonly #exact = new Map<string, Bits>()
  readonly #beginnings = new Map<string, Bits>()
  /** Lengths of beginnings that occur. */
  readonly #lengths = new Set<number>()
  readonly #scratch: Bits
  #isUsed = false

  constructor(count: number) {
    this.#count = count
    this.#unnamed = emptyBits(count)
    this.#scratch = emptyBits(count)
  }

  put(number: number, names: readonly string[] | undefined): void {
    if (names === undefined) return addBit(this.#unnamed, number)
    this.#isUsed = true
    for (const name of names) {
      const isBeginning = name.endsWith('*')
      const text = isBeginning ? name.slice(0, -1) : name
      if (isBeginning) this.#lengths.add(text.length)
      addBit(this.#under(isBeginning ? this.#beginnings : this.#exact, text), number)
    }
  }

  /** Whether a name makes any difference. */
  get isUsed(): boolean {
    return this.#isUsed
  }

  /** The numbers under this name, those under a beginning of it, and the unnamed; valid until the next call. */
  of(name: string | undefined): Bits {
    const found = this.#scratch
    found.set(this.#unnamed)
    if (name === undefined) return found
    const exact = this.#exact.get(name)
    if (exact) unite(found, exact)
    for (const length of this.#lengths) {
      const begun = length <= name.length ? this.#beginnings.get(name.slice(0, length)) : undefined
      if (begun) unite(found, begun)
    }
    return found
  }

  /** The same for several names at once. */
  ofAny(names: readonly string[]): Bits {
    const found = this.#scratch
    found.set(this.#unnamed)
    for (const name of names) {
      const exact = this.#exact.get(name)
      if (exact) unite(found, exact)
    }
    return found
  }

  #under(names: Map<string, Bits>, text: string): Bits {
    const known = names.get(text)
    if (known) return known
    const bits = emptyBits(this.#count)
    names.set(text, bits)
    return bits
  }
}
