import { FIXED_NUMBERS } from './fixed-words.ts'
import { FIXED, MARK, SMALL } from './marks.ts'
import { CHECKED_FROM, checkOf, shapesOf, type Shape } from './shapes.ts'

/** The number of a repeated text in the table of words; undefined: it is written out. */
export type NumberOfWord = (text: string) => number | undefined

/** Longer texts are not kept as words. */
const LONGEST_WORD = 64
/** What stands, or should stand, behind a backslash. */
const ESCAPED = /[^ -[\]-\uffff]/
const HEX = /^(?:[0-9a-f]{2}){8,}$/
/** A body is put together here; a larger payload stays as it is. */
const scratch = Buffer.alloc(16_384)
/** A UTF-16 unit never needs more bytes of UTF-8. */
const BYTES_PER_UNIT = 3
/** Digits of a whole number that a double surely holds. */
const SAFE_DIGITS = 15
/** Levels of nesting; no event has more. */
const DEPTH = 8

const NO_MAP = String.fromCodePoint(MARK.other)
const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const ZERO = 0x30
const NINE = 0x39
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_MAP = 0x7b
const CLOSE_MAP = 0x7d

/**
 * The payload of a record as it is stored: field names, the record's own id and repeated texts are left out. It is read
 * token by token and each token is one that comes back as the same text; a payload with any other is stored as it is.
 */
export function encodeBody(payload: string, id: string, numberOf: NumberOfWord): Uint8Array {
  const isShort = payload.length * BYTES_PER_UNIT <= scratch.length
  if (isShort && !ESCAPED.test(payload) && payload.isWellFormed()) {
    const writer = new BodyWriter(payload, id, numberOf)
    for (const shape of shapesOf(payload)) if (writer.shaped(shape)) return writer.bytes()
    if (writer.whole()) return writer.bytes()
  }
  // an event is a map: what begins otherwise says so
  return payload.startsWith('{') ? Buffer.from(payload) : Buffer.from(`${NO_MAP}${payload}`)
}

/** Reads the payload from left to right and writes the body beside it. A class for its two positions. */
class BodyWriter {
  readonly #text: string
  readonly #id: string
  readonly #numberOf: NumberOfWord
  /** In the payload, and in the body. */
  #from = 0
  #to = 0

  constructor(text: string, id: string, numberOf: NumberOfWord) {
    this.#text = text
    this.#id = id
    this.#numberOf = numberOf
  }

  bytes(): Uint8Array {
    return Uint8Array.prototype.slice.call(scratch, 0, this.#to)
  }

  /** Whether the payload is this kind of event, all of it. */
  shaped({ number, fields, ending, maskBytes }: Shape): boolean {
    this.#from = 0
    this.#to = 0
    this.#mark(MARK.shape)
    if (number < CHECKED_FROM) this.#mark(number)
    else {
      this.#mark(number + 0x80)
      this.#mark(checkOf(number))
    }
    const maskAt = this.#to
    this.#to += maskBytes
    let mask = 0
    let bit = 1
    let opening = '{'
    for (const { key, constant, optional, repeated } of fields) {
      const before = this.#from
      if (!this.#skip(opening) || !this.#skip(key)) {
        if (!optional) return false
        bit *= 2
        this.#from = before
        continue
      }
      if (optional) {
        mask += bit
        bit *= 2
      }
      opening = ','
      if (!(constant === null ? this.#value(repeated, 0) : this.#skip(constant))) return false
    }
    if (!this.#skip(ending) || this.#from !== this.#text.length) return false
    if (maskBytes > 0) scratch.writeUIntLE(mask, maskAt, maskBytes)
    return true
  }

  /** Whether the payload is a map, all of it. */
  whole(): boolean {
    this.#from = 0
    this.#to = 0
    return this.#value(false, 0) && this.#from === this.#text.length && scratch[0] === MARK.map
  }

  #skip(expected: string): boolean {
    if (!this.#text.startsWith(expected, this.#from)) return false
    this.#from += expected.length
    return true
  }

  #value(repeated: boolean, depth: number): boolean {
    const first = this.#text.charCodeAt(this.#from)
    if (first === QUOTE) return this.#string(repeated)
    if (first === OPEN_MAP) return this.#items(MARK.map, CLOSE_MAP, repeated, depth + 1)
    if (first === OPEN_LIST) return this.#items(MARK.list, CLOSE_LIST, repeated, depth + 1)
    if (this.#skip('null')) return this.#mark(MARK.null)
    if (this.#skip('false')) return this.#mark(MARK.false)
    if (this.#skip('true')) return this.#mark(MARK.true)
    return this.#number()
  }

  #items(mark: number, closing: number, repeated: boolean, depth: number): boolean {
    this.#mark(mark)
    const countAt = this.#to
    this.#to += 1
    this.#from += 1
    let count = 0
    if (this.#text.charCodeAt(this.#from) === closing) this.#from += 1
    else {
      for (let next = COMMA; next !== closing; this.#from += 1) {
        if (mark === MARK.map && !(this.#string(repeated) && this.#isColon())) return false
        if (!this.#value(repeated, depth)) return false
        count += 1
        next = this.#text.charCodeAt(this.#from)
        if (next !== COMMA && next !== closing) return false
      }
    }
    scratch[countAt] = count
    return count < 128 && depth <= DEPTH
  }

  #isColon(): boolean {
    this.#from += 1
    return this.#text.charCodeAt(this.#from - 1) === COLON
  }

  #string(repeated: boolean): boolean {
    if (this.#text.charCodeAt(this.#from) !== QUOTE) return false
    const end = this.#text.indexOf('"', this.#from + 1)
    if (end < 0) return false
    const text = this.#text.slice(this.#from + 1, end)
    this.#from = end + 1
    const fixed = FIXED_NUMBERS.get(text)
    if (fixed !== undefined) return this.#mark(FIXED + fixed)
    if (text === this.#id) return this.#mark(MARK.ownId)
    const word = repeated && text.length <= LONGEST_WORD ? this.#numberOf(text) : undefined
    if (word !== undefined) {
      this.#mark(MARK.word)
      this.#length(word)
      return true
    }
    const isHex = HEX.test(text)
    const bytes = Buffer.from(text, isHex ? 'hex' : 'utf8')
    this.#mark(isHex ? MARK.hex : MARK.text)
    this.#length(bytes.length)
    scratch.set(bytes, this.#to)
    this.#to += bytes.length
    return true
  }

  #number(): boolean {
    const start = this.#from
    let end = start
    let value = 0
    for (; ; end += 1) {
      const digit = this.#text.charCodeAt(end)
      if (!(digit >= ZERO && digit <= NINE)) break
      value = value * 10 + digit - ZERO
    }
    const next = this.#text.charCodeAt(end)
    const isWhole = next === COMMA || next === CLOSE_MAP || next === CLOSE_LIST
    const digits = end - start
    const isPadded = digits > 1 && this.#text.charCodeAt(start) === ZERO
    if (!isWhole || digits === 0 || digits > SAFE_DIGITS || isPadded) return this.#odd(start)
    this.#from = end
    if (value < SMALL) return this.#mark(value)
    this.#mark(MARK.whole)
    this.#length(value)
    return true
  }

  /** A number below zero, with a fraction or an exponent, if this is how it would be written again. */
  #odd(start: number): boolean {
    const [token = ''] = /[-+.0-9eE]*/.exec(this.#text.slice(start, start + 32)) ?? []
    const value = Number(token)
    if (token === '' || !Number.isFinite(value) || String(value) !== token) return false
    this.#from = start + token.length
    if (Number.isSafeInteger(value)) {
      this.#mark(value < 0 ? MARK.negative : MARK.whole)
      this.#length(Math.abs(value))
      return true
    }
    this.#mark(MARK.double)
    this.#to = scratch.writeDoubleBE(value, this.#to)
    return true
  }

  #mark(mark: number): true {
    scratch[this.#to] = mark
    this.#to += 1
    return true
  }

  #length(length: number): void {
    let rest = length
    while (rest >= 128) {
      scratch[this.#to] = (rest % 128) + 128
      this.#to += 1
      rest = Math.floor(rest / 128)
    }
    scratch[this.#to] = rest
    this.#to += 1
  }
}
