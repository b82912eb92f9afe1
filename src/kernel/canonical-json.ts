export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined }
export type JsonObject = { readonly [key: string]: JsonValue | undefined }

/** One text per value: keys sorted by UTF-16 units, no white space, ECMAScript numbers (RFC 8785). @throws TypeError on a non-finite number. */
export function canonicalJson(value: JsonValue): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return String(value)
    throw new TypeError('canonical JSON has no non-finite numbers')
  }
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  return isList(value) ? listText(value) : objectText(value)
}

function listText(list: readonly JsonValue[]): string {
  let text = '['
  for (const item of list) text += text === '[' ? canonicalJson(item) : `,${canonicalJson(item)}`
  return `${text}]`
}

function objectText(object: JsonObject): string {
  let text = '{'
  for (const key of sortedKeys(object)) {
    const field = object[key]
    if (field === undefined) continue
    if (text !== '{') text += ','
    text += `${quoted(key)}:${canonicalJson(field)}`
  }
  return `${text}}`
}

/** In the order of UTF-16 units. Most objects are made with their keys in order: a look is cheaper than a sort. */
function sortedKeys(object: JsonObject): readonly string[] {
  const keys = Object.keys(object)
  let before = ''
  for (const key of keys) {
    // without a comparator: that order, in native code
    if (key < before) return keys.sort()
    before = key
  }
  return keys
}

/** Characters that JSON may have to escape, lone surrogates among them. */
const ESCAPED = /[^ !#-[\]-\ud7ff]/

const quoted = (text: string): string => (ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`)

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value)
