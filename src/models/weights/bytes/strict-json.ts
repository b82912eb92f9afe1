/** A value of JSON: objects as maps, and numbers that are no safe whole numbers as their text. */
export type Json =
  | null
  | boolean
  | string
  | number
  | OtherNumber
  | readonly Json[]
  | ReadonlyMap<string, Json>

export interface OtherNumber {
  readonly number: string
}

/** Thrown inside on text that is not JSON; never leaves `parseStrictJson`. */
class NotJson extends Error {}

export interface JsonOptions {
  readonly depth: number
  /** Called for every value; throws when there are too many. */
  readonly step: () => void
  /** Called when a key occurs again in its object. */
  readonly onDuplicate: (key: string) => void
  /** `NaN` and `Infinity`, which Python's own writer gives out. */
  readonly pythonNumbers?: boolean
}

export type JsonParsed =
  | { readonly ok: true; readonly value: Json; readonly end: number }
  /** `at` is where the text stopped being JSON. */
  | { readonly ok: false; readonly at: number }

/** One JSON value from an offset of a text on, and where it ends (RFC 8259, no leniency). */
export function parseStrictJson(text: string, options: JsonOptions, from = 0): JsonParsed {
  const parser = new Parser(text, options)
  parser.at = from
  try {
    const value = parser.value(0)
    return { ok: true, value, end: parser.at }
  } catch (error) {
    if (error instanceof NotJson) return { ok: false, at: parser.at }
    throw error
  }
}

/** Whether the rest of a text from an offset on is white space of JSON alone. */
export const onlySpace = (text: string, from: number): boolean =>
  /^[ \t\r\n]*$/.test(text.slice(from))

const WHOLE = /^(?:0|[1-9]\d*)$/
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /(?:true|false|null)/y
const PYTHON_NUMBER = /(?:NaN|-?Infinity)/y
const SPACE = /[ \t\r\n]*/y
// a run without quote, backslash or control character
// oxlint-disable-next-line no-control-regex
const PLAIN = /[^"\\\u0000-\u001f]*/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

class Parser {
  readonly #text: string
  readonly #options: JsonOptions
  at = 0

  constructor(text: string, options: JsonOptions) {
    this.#text = text
    this.#options = options
  }

  value(depth: number): Json {
    this.#options.step()
    if (depth > this.#options.depth) throw new NotJson()
    this.#space()
    const found = this.#text[this.at]
    if (found === '{') return this.#object(depth)
    if (found === '[') return this.#array(depth)
    if (found === '"') return this.#string()
    const word = this.#match(WORD)
    if (word !== null) return word === 'null' ? null : word === 'true'
    if (this.#options.pythonNumbers === true) {
      const odd = this.#match(PYTHON_NUMBER)
      if (odd !== null) return { number: odd }
    }
    return this.#number()
  }

  #space(): void {
    SPACE.lastIndex = this.at
    SPACE.test(this.#text)
    this.at = SPACE.lastIndex
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.#text)
    if (found === null) return null
    this.at = pattern.lastIndex
    return found[0]
  }

  #expect(character: string): void {
    if (this.#text[this.at] !== character) throw new NotJson()
    this.at += 1
  }

  #number(): Json {
    const text = this.#match(NUMBER)
    if (text === null || text === '') throw new NotJson()
    const value = Number(text)
    return WHOLE.test(text) && Number.isSafeInteger(value) ? value : { number: text }
  }

  #string(): string {
    this.#expect('"')
    const start = this.at
    let escaped = false
    for (;;) {
      this.#match(PLAIN)
      const found = this.#text[this.at]
      if (found === '"') break
      if (found !== '\\' || this.#match(ESCAPE) === null) throw new NotJson()
      escaped = true
    }
    const raw = this.#text.slice(start, this.at)
    this.at += 1
    if (!escaped) return raw
    const read: unknown = JSON.parse(`"${raw}"`)
    return String(read)
  }

  #array(depth: number): Json {
    this.#expect('[')
    const items: Json[] = []
    this.#space()
    if (this.#text[this.at] === ']') {
      this.at += 1
      return items
    }
    for (;;) {
      items.push(this.value(depth + 1))
      this.#space()
      if (this.#text[this.at] === ']') break
      this.#expect(',')
    }
    this.at += 1
    return items
  }

  #object(depth: number): Json {
    this.#expect('{')
    const entries = new Map<string, Json>()
    this.#space()
    if (this.#text[this.at] === '}') {
      this.at += 1
      return entries
    }
    for (;;) {
      this.#space()
      const key = this.#string()
      this.#space()
      this.#expect(':')
      const value = this.value(depth + 1)
      if (entries.has(key)) this.#options.onDuplicate(key)
      entries.set(key, value)
      this.#space()
      if (this.#text[this.at] === '}') break
      this.#expect(',')
    }
    this.at += 1
    return entries
  }
}
