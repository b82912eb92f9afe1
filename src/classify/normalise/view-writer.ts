/** A text as detectors read it, and where each of its units came from. */
export interface TextView {
  readonly text: string
  /** Offset in the original of unit `index`, or of the end when `index` is the length. */
  startOf(index: number): number
  /** Offset in the original just after the unit before `index`. */
  endOf(index: number): number
}

/** A clean text is its own view: nothing is copied. */
export const plainView = (text: string): TextView => ({
  text,
  startOf: (i) => i,
  endOf: (i) => i,
})

/** The view of a view, led back to the first text. */
export const viewThrough = (first: TextView, second: TextView): TextView => ({
  text: second.text,
  startOf: (i) => first.startOf(second.startOf(i)),
  endOf: (i) => first.endOf(second.endOf(i)),
})

/** Grows a text and its two offset maps together. */
export class ViewWriter {
  #units: Uint16Array<ArrayBuffer>
  #starts: Uint32Array<ArrayBuffer>
  #ends: Uint32Array<ArrayBuffer>
  #length = 0

  constructor(expected: number) {
    this.#units = new Uint16Array(expected + 16)
    this.#starts = new Uint32Array(expected + 17)
    this.#ends = new Uint32Array(expected + 17)
  }

  /** The unit written last; a space at the beginning. */
  get last(): number {
    return this.#length === 0 ? 32 : (this.#units[this.#length - 1] ?? 32)
  }

  put(unit: number, start: number, end: number): void {
    if (this.#length >= this.#units.length) this.#grow()
    this.#units[this.#length] = unit
    this.#starts[this.#length] = start
    this.#ends[this.#length] = end
    this.#length++
  }

  /** All units of `text` stand for the same stretch. */
  putText(text: string, start: number, end: number): void {
    for (let i = 0; i < text.length; i++) this.put(text.charCodeAt(i), start, end)
  }

  /** The units of `text` in [from, to), as they are. */
  copy(text: string, from: number, to: number): void {
    for (let i = from; i < to; i++) this.put(text.charCodeAt(i), i, i + 1)
  }

  replaceLast(unit: number, end: number): void {
    this.#units[this.#length - 1] = unit
    this.#ends[this.#length - 1] = end
  }

  finish(originalLength: number): TextView {
    const length = this.#length
    const starts = this.#starts
    const ends = this.#ends
    const bytes = Buffer.from(this.#units.buffer, 0, length * 2)
    return {
      text: bytes.toString('utf16le'),
      startOf: (i) => (i < length ? (starts[i] ?? 0) : originalLength),
      endOf: (i) => (i > 0 ? (ends[i - 1] ?? 0) : 0),
    }
  }

  #grow(): void {
    const size = this.#units.length * 2
    const units = new Uint16Array(size)
    const starts = new Uint32Array(size + 1)
    const ends = new Uint32Array(size + 1)
    units.set(this.#units)
    starts.set(this.#starts)
    ends.set(this.#ends)
    this.#units = units
    this.#starts = starts
    this.#ends = ends
  }
}
