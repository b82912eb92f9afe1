/** The type of an array's items as numpy writes it: plain numbers and texts, Python objects, or what numpy never writes. */
export type DescrKind = 'plain' | 'objects' | 'odd'

const TOKEN = /\s*('[^'\\]*'|"[^"\\]*"|[[\](),]|\d+L?)/y
const PLAIN = /^[<>|=]?[biufcSVUMma?]\d*(?:\[\w+\])?$/
const OBJECTS = /^[<>|=]?O\d*$/
const DEEPEST = 20

/**
 * Judges the `descr` of a header. `numpy.dtype` reads far more than numpy writes (`3O`, `f4,O`, `object`): whatever is
 * neither a single type nor a list of fields in its own form is odd.
 */
export function judgeDescr(text: string): DescrKind {
  const tokens = tokensOf(text)
  if (tokens === null) return 'odd'
  const reader = new Reader(tokens)
  const kind = readType(reader, 0)
  return reader.peek() === undefined ? kind : 'odd'
}

function tokensOf(text: string): readonly string[] | null {
  const tokens: string[] = []
  for (let at = 0; at < text.trimEnd().length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at
    const found = TOKEN.exec(text)?.[1]
    if (found === undefined) return null
    tokens.push(found)
  }
  return tokens
}

class Reader {
  readonly #tokens: readonly string[]
  #at = 0

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens
  }

  peek(): string | undefined {
    return this.#tokens[this.#at]
  }

  next(): string | undefined {
    this.#at += 1
    return this.#tokens[this.#at - 1]
  }

  /** Passes over a token where it stands. */
  has(token: string): boolean {
    if (this.peek() !== token) return false
    this.#at += 1
    return true
  }
}

const isText = (token: string | undefined): boolean => /^['"]/.test(token ?? '')

const worse = (a: DescrKind, b: DescrKind): DescrKind =>
  a === 'odd' || b === 'odd' ? 'odd' : a === 'objects' ? a : b

function readType(reader: Reader, depth: number): DescrKind {
  if (depth > DEEPEST) return 'odd'
  const first = reader.next()
  if (isText(first)) {
    const type = first?.slice(1, -1) ?? ''
    if (OBJECTS.test(type)) return 'objects'
    return PLAIN.test(type) ? 'plain' : 'odd'
  }
  if (first !== '[') return 'odd'
  let kind: DescrKind = 'plain'
  while (!reader.has(']')) {
    kind = worse(kind, readField(reader, depth))
    if (kind === 'odd') return kind
    if (!reader.has(',') && reader.peek() !== ']') return 'odd'
  }
  return kind
}

/** `('name', type)` or `(('title', 'name'), type)`, with a shape behind it or without. */
function readField(reader: Reader, depth: number): DescrKind {
  if (!reader.has('(')) return 'odd'
  const name = reader.next()
  const titled =
    name === '(' &&
    isText(reader.next()) &&
    reader.has(',') &&
    isText(reader.next()) &&
    reader.has(')')
  if (!(isText(name) || titled) || !reader.has(',')) return 'odd'
  const kind = readType(reader, depth + 1)
  const shaped = !reader.has(',') || readShape(reader)
  return shaped && reader.has(')') ? kind : 'odd'
}

function readShape(reader: Reader): boolean {
  if (!reader.has('(')) return false
  while (!reader.has(')')) {
    const token = reader.next()
    if (token === undefined || !(token === ',' || /^\d/.test(token))) return false
  }
  return true
}
