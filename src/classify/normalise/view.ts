import { unitsOf } from '../scan/units.ts'
import { controlAt, entityAt, escapeAt, percentAt, type Decoded } from './decode.ts'
import {
  compose,
  foldUnit,
  isAlphanumeric,
  isDirty,
  isLookalike,
  isMark,
  isRemoved,
} from './fold-unit.ts'
import { quotedPrintableView } from './quoted-printable.ts'
import { plainView, type TextView, viewThrough, ViewWriter } from './view-writer.ts'

export type { TextView } from './view-writer.ts'

const AMPERSAND = 38
const PERCENT = 37
const BACKSLASH = 92
const SPACE = 32
/** What an escape may itself be written with. */
const ESCAPES = new Set(['&', '%', '\\', '&amp;'])
/** Units of a word looked at for Latin letters. */
const LONGEST_WORD = 48

/** Undoes what hides an identifier without changing how it reads: compatibility forms, foreign digits, look-alikes, invisible characters, HTML entities, percent, JSON and quoted-printable escapes, escapes in escapes once. */
export function viewOf(original: string): TextView {
  const quoted = quotedPrintableView(original)
  if (quoted === undefined) return unescaped(original)
  const inner = unescaped(quoted.text)
  return inner.text === quoted.text ? quoted : viewThrough(quoted, inner)
}

function unescaped(original: string): TextView {
  const reading = readOnce(original)
  if (reading === undefined) return plainView(original)
  if (!reading.isNested) return reading.view
  const second = readOnce(reading.view.text)
  return second === undefined ? reading.view : viewThrough(reading.view, second.view)
}

interface Reading {
  readonly view: TextView
  /** An escape gave the beginning of another one. */
  readonly isNested: boolean
}

/** One reading from left to right; undefined when the text is clean. */
function readOnce(original: string): Reading | undefined {
  const first = firstDirty(original, unitsOf(original))
  if (first < 0) return undefined
  const reader = new Reader(original)
  reader.writer.copy(original, 0, first)
  for (let at = first; at < original.length;) at = reader.step(at)
  return { view: reader.writer.finish(original.length), isNested: reader.isNested }
}

function firstDirty(text: string, units: Uint16Array): number {
  const { length } = text
  for (let i = 0; i < length; i++) {
    const unit = units[i] ?? 0
    if (isDirty(unit) && (unit > 127 || decodedAt(text, i, unit) !== undefined)) return i
  }
  return -1
}

/** What the ASCII unit at `at` begins, if it begins an escape or shows nothing. */
function decodedAt(text: string, at: number, unit: number): Decoded | undefined {
  if (unit === AMPERSAND) return entityAt(text, at)
  if (unit === PERCENT) return percentAt(text, at)
  return unit === BACKSLASH ? escapeAt(text, at) : controlAt(text, at)
}

/** Reads a text once, from left to right. */
class Reader {
  readonly writer: ViewWriter
  isNested = false
  readonly #original: string
  /** The word that was last looked at for Latin letters, and what came of it. */
  #wordEnd = 0
  #isLatinWord = false

  constructor(original: string) {
    this.#original = original
    this.writer = new ViewWriter(original.length)
  }

  /** Reads what stands at `at`; returns where to go on. */
  step(at: number): number {
    const unit = this.#original.charCodeAt(at)
    if (!isDirty(unit)) {
      this.writer.put(unit, at, at + 1)
      return at + 1
    }
    if (unit > 127) {
      const code = this.#original.codePointAt(at) ?? unit
      const end = at + (code > 0xffff ? 2 : 1)
      this.#fold(code, at, end, isLookalike(code) && this.#standsBesideLatin(at, end))
      return end
    }
    const value = decodedAt(this.#original, at, unit)
    if (value === undefined) {
      this.writer.put(unit, at, at + 1)
      return at + 1
    }
    if (ESCAPES.has(value.text)) this.isNested = true
    this.#pour(value.text, at, value.end)
    return value.end
  }

  /** Writes decoded text, which may need folding in its turn. */
  #pour(text: string, start: number, end: number): void {
    for (const character of text) {
      const code = character.codePointAt(0) ?? SPACE
      if (code > 127 && (code > 0xffff || isDirty(code))) {
        this.#fold(code, start, end, isAlphanumeric(this.writer.last))
      } else if (code > 31 || (code >= 9 && code <= 13)) this.writer.put(code, start, end)
    }
  }

  #fold(code: number, start: number, end: number, isLatin: boolean): void {
    if (isMark(code)) {
      const joined = compose(this.writer.last, code)
      if (joined !== undefined) this.writer.replaceLast(joined, end)
    } else if (!isRemoved(code)) this.writer.putText(foldUnit(code, isLatin), start, end)
  }

  /** Whether a look-alike stands in a word that has Latin letters, or touches a digit. */
  #standsBesideLatin(at: number, end: number): boolean {
    if (isAlphanumeric(this.writer.last)) return true
    if (isAlphanumeric(this.#original.charCodeAt(end))) return true
    if (at < this.#wordEnd) return this.#isLatinWord
    let stop = end
    let hasLatin = false
    while (stop < this.#original.length && stop - at < LONGEST_WORD && !hasLatin) {
      const unit = this.#original.charCodeAt(stop)
      if (unit < 128 && !isAlphanumeric(unit)) break
      hasLatin = unit > 57 && isAlphanumeric(unit)
      stop++
    }
    this.#wordEnd = stop
    this.#isLatinWord = hasLatin
    return hasLatin
  }
}
