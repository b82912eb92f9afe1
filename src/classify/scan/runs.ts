import { CELL_KIND, DIGIT, KIND, LETTER, UPPER } from './symbols.ts'

/** Shorter runs hide nothing: 24 characters of base64 are 18 bytes. */
const SHORTEST_TOKEN = 24

/** Candidate places that the loop over a text cuts out of it, told wherever a word or a token begins or ends. */
export class Runs {
  /** Starts of digit groups that do not continue a word. */
  readonly numbers: number[] = []
  /** Starts of words that begin with letters and soon hold a digit: IBAN, VAT numbers, tax codes. */
  readonly codes: number[] = []
  /** Starts and ends, alternating, of runs of base64 or hex characters. */
  readonly tokens: number[] = []
  /** Starts of words with a capital. */
  readonly capitals: number[] = []
  readonly #units: Uint16Array
  readonly #length: number
  #tokenStart = -1

  constructor(units: Uint16Array, length: number) {
    this.#units = units
    this.#length = length
  }

  /** At `at` the bits in `edges` change to those of `cell`. */
  edge(at: number, edges: number, cell: number): void {
    if ((edges & cell & CELL_KIND.word) !== 0) this.#word(at)
    if ((edges & CELL_KIND.token) === 0) return
    if ((cell & CELL_KIND.token) === 0) this.#endToken(at)
    else this.#tokenStart = at
  }

  /** The text ends. */
  end(): void {
    if (this.#tokenStart >= 0) this.#endToken(this.#length)
  }

  #word(at: number): void {
    const kind = this.#kind(at)
    if ((kind & DIGIT) !== 0) {
      this.numbers.push(at)
      return
    }
    if ((kind & UPPER) !== 0) this.capitals.push(at)
    if (this.#looksLikeCode(at)) this.codes.push(at)
  }

  #endToken(end: number): void {
    if (end - this.#tokenStart >= SHORTEST_TOKEN) this.tokens.push(this.#tokenStart, end)
    this.#tokenStart = -1
  }

  #looksLikeCode(at: number): boolean {
    if ((this.#kind(at + 1) & LETTER) === 0) return (this.#kind(at + 1) & DIGIT) !== 0
    if ((this.#kind(at + 2) & DIGIT) !== 0) return true
    // "FR 76 3000…": a space after the country; "FRXX…" and "ATU…": letters in the number
    if ((this.#kind(at + 3) & DIGIT) !== 0) return true
    // five or six letters of a name, then the year: British driving licence, Italian tax code
    if ((this.#kind(at + 6) & DIGIT) === 0) return false
    const name = this.#kind(at + 4) & (LETTER | DIGIT)
    return name !== 0 && ((this.#kind(at + 5) | this.#kind(at + 7)) & DIGIT) !== 0
  }

  /** 0 beyond the text, whose array may be longer. */
  #kind(at: number): number {
    return at < this.#length ? (KIND[this.#units[at] ?? 0] ?? 0) : 0
  }
}
