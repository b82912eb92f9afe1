import { namedEntity } from './entities.ts'

/** What stood for something else, and where it ends. */
export interface Decoded {
  readonly text: string
  readonly end: number
}

const ENTITY = /&(?:#(\d{1,7});?|#x([\da-f]{1,6});?|([a-z]{2,8}\d{0,2});)/iy

const isScalar = (code: number): boolean =>
  code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)

/** An HTML entity at `at`, decoded; a number may lack its semicolon, as browsers allow. */
export function entityAt(text: string, at: number): Decoded | undefined {
  ENTITY.lastIndex = at
  const match = ENTITY.exec(text)
  if (match === null) return undefined
  const [, decimal, hex, name] = match
  const end = ENTITY.lastIndex
  if (name !== undefined) {
    const value = namedEntity(name)
    return value === undefined ? undefined : { text: value, end }
  }
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
  return isScalar(code) ? { text: String.fromCodePoint(code), end } : undefined
}

const PERCENTS = /(?:%[\da-f]{2}){1,4}/iy

/** One percent-encoded UTF-8 character at `at`, decoded. */
export function percentAt(text: string, at: number): Decoded | undefined {
  PERCENTS.lastIndex = at
  const run = PERCENTS.exec(text)?.[0]
  if (run === undefined) return undefined
  const first = Number.parseInt(run.slice(1, 3), 16)
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  if (length === 0 || run.length < length * 3 || first === 0) return undefined
  if (length === 1) return { text: String.fromCharCode(first), end: at + 3 }
  const bytes = Array.from({ length }, (_, i) =>
    Number.parseInt(run.slice(i * 3 + 1, i * 3 + 3), 16),
  )
  const value = Buffer.from(bytes).toString('utf8')
  return value.includes('�') ? undefined : { text: value, end: at + length * 3 }
}

// JSON in JSON doubles the backslash, once more it is four
const ESCAPE = /\\{1,4}(?:u([\da-f]{4})|u\{([\da-f]{1,6})\}|x([\da-f]{2})|([nrt"'/]))/iy
const LOW_HALF = /\\{1,4}u(d[c-f][\da-f]{2})/iy
const SIMPLE: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['"', '"'],
  ["'", "'"],
  ['/', '/'],
])

/** A JSON or JavaScript escape at `at`, decoded; the two halves of a pair are one character. */
export function escapeAt(text: string, at: number): Decoded | undefined {
  ESCAPE.lastIndex = at
  const match = ESCAPE.exec(text)
  if (match === null) return undefined
  const end = ESCAPE.lastIndex
  const [, four, braced, two, simple] = match
  if (simple !== undefined) {
    const value = SIMPLE.get(simple)
    return value === undefined ? undefined : { text: value, end }
  }
  const code = Number.parseInt(four ?? braced ?? two ?? '', 16)
  if (code > 0x10ffff) return undefined
  if (code < 0xd800 || code > 0xdbff) return { text: String.fromCodePoint(code), end }
  LOW_HALF.lastIndex = end
  const low = LOW_HALF.exec(text)?.[1]
  if (low === undefined) return { text: String.fromCharCode(code), end }
  return { text: String.fromCharCode(code, Number.parseInt(low, 16)), end: LOW_HALF.lastIndex }
}

const ESCAPE_CHARACTER = 27
/** Colours of a terminal, after the escape character (ECMA-48, control sequence introducer): they show nothing. */
const COLOUR = /\[[\d;]{0,24}[A-Za-z]/y

/** A control character at `at`, or a whole terminal sequence: nothing is left of it. */
export function controlAt(text: string, at: number): Decoded {
  COLOUR.lastIndex = at + 1
  const isColour = text.charCodeAt(at) === ESCAPE_CHARACTER && COLOUR.test(text)
  return { text: '', end: isColour ? COLOUR.lastIndex : at + 1 }
}
