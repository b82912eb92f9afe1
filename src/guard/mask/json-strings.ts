/** Strings inside strings that are looked into. */
const DEEPEST = 16

/** A stretch of a text, with what stands there. */
export interface Stretch<What> {
  readonly start: number
  readonly end: number
  readonly what: What
}

/** What is done with each text: one that is no JSON, or a string inside a JSON text. */
export type ChangeText<What> = (text: string, stretches: readonly Stretch<What>[]) => string

/**
 * Changes the texts that a text holds: itself, or, where it is JSON, each of its strings that is a value, at any depth of
 * JSON in JSON. What is not changed keeps its very spelling: numbers, spaces, names. Stretches are given in the text as it
 * stands, and come to `change` in the text it gets.
 */
export function changeTexts<What>(
  text: string,
  stretches: readonly Stretch<What>[],
  change: ChangeText<What>,
  depth = 0,
): string {
  if (depth >= DEEPEST || !isJson(text)) return change(text, stretches)
  let out = ''
  let from = 0
  for (const literal of text.matchAll(LITERAL)) {
    const start = literal.index
    const end = start + literal[0].length
    if (isName(text, end)) continue
    const raw = text.slice(start + 1, end - 1)
    const isPlain = !raw.includes('\\')
    const inside = stretches.flatMap((one) => clipped(one, start + 1, end - 1))
    const decoded = isPlain ? raw : String(JSON.parse(literal[0]))
    const placed = isPlain || inside.length === 0 ? inside : inDecoded(inside, raw)
    const changed = changeTexts(decoded, placed, change, depth + 1)
    if (changed === decoded) continue
    out += text.slice(from, start) + JSON.stringify(changed)
    from = end
  }
  return from === 0 ? text : out + text.slice(from)
}

/** In a text that is valid JSON quotes begin and end strings, and nothing else. */
const LITERAL = /"(?:[^"\\]|\\.)*"/gs

const JSON_START = /^\s*[[{"]/

function isJson(text: string): boolean {
  if (!JSON_START.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Whether the string that ends here is the name of a field. */
function isName(text: string, end: number): boolean {
  for (let at = end; ; at++) {
    const unit = text.charCodeAt(at)
    if (unit !== 32 && (unit < 9 || unit > 13)) return unit === 58
  }
}

function clipped<What>(one: Stretch<What>, start: number, end: number): Stretch<What>[] {
  const from = Math.max(one.start, start)
  const to = Math.min(one.end, end)
  return to > from ? [{ start: from - start, end: to - start, what: one.what }] : []
}

/** The same stretches once the escapes are read. */
function inDecoded<What>(stretches: readonly Stretch<What>[], raw: string): Stretch<What>[] {
  const places = new Uint32Array(raw.length + 1)
  let decoded = 0
  for (let at = 0; at < raw.length;) {
    const length = raw[at] !== '\\' ? 1 : raw[at + 1] === 'u' ? 6 : 2
    // all of an escape stands where its character does
    places.fill(decoded, at, at + length)
    at += length
    decoded += 1
  }
  places[raw.length] = decoded
  return stretches.flatMap(({ start, end, what }) => {
    const from = places[start] ?? 0
    // the last unit of a stretch is inside of it, be it half an escape
    const to = (places[end - 1] ?? 0) + 1
    return to > from ? [{ start: from, end: Math.min(to, decoded), what }] : []
  })
}
