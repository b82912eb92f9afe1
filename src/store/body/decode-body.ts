import { canonicalJson } from '#kernel/canonical-json.ts'
import { FIXED_WORDS } from './fixed-words.ts'
import { FIXED, MARK, PLAIN, SMALL } from './marks.ts'
import { CHECKED_FROM, checkOf, SHAPES } from './shapes.ts'

/** The text of a word in the table; undefined when there is none of that number. */
export type WordOfNumber = (number: number) => string | undefined

/** Levels of nesting; no event has more. */
const DEPTH = 32

/** The payload that was stored, byte for byte; null when the bytes are none of ours (somebody changed them). */
export function decodeBody(body: Uint8Array, id: string, wordOf: WordOfNumber): string | null {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  if (bytes[0] === PLAIN) return bytes.toString('utf8')
  if (bytes[0] === MARK.other) return bytes.toString('utf8', 1)
  const reader = new BodyReader(bytes, id, wordOf)
  try {
    const text = reader.value(0)
    return reader.isAtEnd ? text : null
  } catch (error) {
    if (error instanceof Damaged) return null
    throw error
  }
}

/** Not an error of anybody who reads: it ends the reading of one body. */
class Damaged extends Error {}

class BodyReader {
  readonly #bytes: Buffer
  readonly #id: string
  readonly #wordOf: WordOfNumber
  #at = 0

  constructor(bytes: Buffer, id: string, wordOf: WordOfNumber) {
    this.#bytes = bytes
    this.#id = id
    this.#wordOf = wordOf
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  /** One value as canonical JSON. */
  value(depth: number): string {
    const mark = this.#byte()
    if (mark < SMALL) return String(mark)
    if (mark >= FIXED) return quoted(FIXED_WORDS[mark - FIXED])
    switch (mark) {
      case MARK.null:
        return 'null'
      case MARK.false:
        return 'false'
      case MARK.true:
        return 'true'
      case MARK.whole:
        return String(this.#length())
      case MARK.negative:
        return `-${this.#length()}`
      case MARK.double:
        return this.#double()
      case MARK.shape:
        return this.#shaped(depth + 1)
      case MARK.list:
        return this.#list(depth + 1)
      case MARK.map:
        return this.#map(depth + 1)
      default:
        return quoted(this.#text(mark))
    }
  }

  #text(mark: number): string {
    if (mark >= FIXED) return FIXED_WORDS[mark - FIXED] ?? damaged()
    if (mark === MARK.ownId) return this.#id
    if (mark === MARK.word) return this.#wordOf(this.#length()) ?? damaged()
    if (mark !== MARK.text && mark !== MARK.hex) return damaged()
    const bytes = this.#take(this.#length())
    return bytes.toString(mark === MARK.hex ? 'hex' : 'utf8')
  }

  #shaped(depth: number): string {
    const shape = SHAPES[this.#layout()]
    if (!shape || depth > DEPTH) return damaged()
    const mask = this.#take(shape.maskBytes)
    let place = 0
    let text = ''
    for (const { key, constant, optional } of shape.fields) {
      if (optional) {
        const isThere = ((mask[place >> 3] ?? 0) >> (place & 7)) & 1
        place += 1
        if (!isThere) continue
      }
      text += (text === '' ? '{' : ',') + key + (constant ?? this.value(depth))
    }
    // a bit that stands for no field is one that somebody set
    if ((mask.at(-1) ?? 0) >> (((place - 1) & 7) + 1) !== 0) return damaged()
    return text + shape.ending
  }

  #layout(): number {
    const first = this.#byte()
    if (first < CHECKED_FROM) return first
    const number = first - 0x80
    return number >= CHECKED_FROM && this.#byte() === checkOf(number) ? number : damaged()
  }

  #list(depth: number): string {
    const items: string[] = []
    for (let left = this.#count(depth); left > 0; left -= 1) items.push(this.value(depth))
    return `[${items.join(',')}]`
  }

  #map(depth: number): string {
    const items: string[] = []
    for (let left = this.#count(depth); left > 0; left -= 1) {
      items.push(`${quoted(this.#text(this.#byte()))}:${this.value(depth)}`)
    }
    return `{${items.join(',')}}`
  }

  /** Every item takes a byte at least. */
  #count(depth: number): number {
    const count = this.#length()
    return depth > DEPTH || count > this.#bytes.length - this.#at ? damaged() : count
  }

  #double(): string {
    const value = this.#take(8).readDoubleBE(0)
    return Number.isFinite(value) ? String(value) : damaged()
  }

  #take(length: number): Buffer {
    const end = this.#at + length
    if (end > this.#bytes.length) return damaged()
    const taken = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return taken
  }

  #byte(): number {
    const byte = this.#bytes[this.#at] ?? damaged()
    this.#at += 1
    return byte
  }

  #length(): number {
    let length = 0
    for (let unit = 1; ; unit *= 128) {
      const byte = this.#byte()
      length += (byte % 128) * unit
      if (!Number.isSafeInteger(length)) return damaged()
      if (byte < 128) return length
    }
  }
}

const quoted = (text: string | undefined): string => canonicalJson(text ?? damaged())

function damaged(): never {
  throw new Damaged()
}
