import { entityAt, escapeAt, percentAt } from './decode.ts'
import { unitsOf } from '../scan/units.ts'
import { compose, foldUnit, isDirty, isMark, isRemoved } from './fold-unit.ts'

/** A text as detectors read it, and where each of its units came from. */
export interface TextView {
  readonly text: string
  /** Offset in the original of unit `index`, or of the end when `index` is the length. */
  startOf(index: number): number
  /** Offset in the original just after the unit before `index`. */
  endOf(index: number): number
}

const AMPERSAND = 38
const PERCENT = 37
const BACKSLASH = 92

/** A clean text is its own view: nothing is copied. */
const plain = (text: string): TextView => ({ text, startOf: (i) => i, endOf: (i) => i })

/** Undoes what hides an identifier without changing how it reads: compatibility forms, foreign digits, invisible characters, HTML entities, percent and JSON escapes. */
export function viewOf(original: string): TextView {
  const first = firstDirty(original, unitsOf(original))
  if (first < 0) return plain(original)
  const writer = new Writer(original.length)
  for (let i = 0; i < first; i++) writer.put(original.charCodeAt(i), i, i + 1)
  let at = first
  while (at < original.length) at = step(original, at, writer)
  return writer.finish(original.length)
}

function firstDirty(text: string, units: Uint16Array): number {
  const { length } = text
  for (let i = 0; i < length; i++) {
    const unit = units[i] ?? 0
    if (isDirty(unit) && (unit > 127 || decoded(text, i, unit) !== undefined)) return i
  }
  return -1
}

function decoded(text: string, at: number, unit: number): Decoded | undefined {
  if (unit === AMPERSAND) return entityAt(text, at)
  if (unit === PERCENT) return percentAt(text, at)
  return unit === BACKSLASH ? escapeAt(text, at) : undefined
}

interface Decoded {
  readonly text: string
  readonly end: number
}

function step(original: string, at: number, writer: Writer): number {
  const unit = original.charCodeAt(at)
  if (!isDirty(unit)) {
    writer.put(unit, at, at + 1)
    return at + 1
  }
  if (unit < 128) {
    const value = decoded(original, at, unit)
    if (value === undefined) writer.put(unit, at, at + 1)
    else
      for (let i = 0; i < value.text.length; i++)
        writer.put(value.text.charCodeAt(i), at, value.end)
    return value?.end ?? at + 1
  }
  if (isMark(unit)) {
    const joined = compose(writer.last, unit)
    if (joined === undefined) return at + 1
    writer.replaceLast(joined, at + 1)
    return at + 1
  }
  const code = original.codePointAt(at) ?? unit
  const end = at + (code > 0xffff ? 2 : 1)
  if (isRemoved(code)) return end
  const neighbour = /[A-Za-z\d]/.test(String.fromCharCode(writer.last) + (original[end] ?? ''))
  const folded = foldUnit(code, neighbour)
  for (let i = 0; i < folded.length; i++) writer.put(folded.charCodeAt(i), at, end)
  return end
}

/** Grows a text and its two offset maps together. */
class Writer {
  #units: Uint16Array<ArrayBuffer>
  #starts: Uint32Array<ArrayBuffer>
  #ends: Uint32Array<ArrayBuffer>
  #length = 0

  constructor(expected: number) {
    this.#units = new Uint16Array(expected + 16)
    this.#starts = new Uint32Array(expected + 17)
    this.#ends = new Uint32Array(expected + 17)
  }

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
