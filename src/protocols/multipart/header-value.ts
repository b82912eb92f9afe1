/** A header value with its parameters, names in lower case. */
export interface HeaderValue {
  readonly value: string
  readonly parameters: ReadonlyMap<string, string>
}

/** `; name=token` or `; name="quoted"`; RFC 9110, section 5.6.6, with the spaces that senders add. A name may hold U+2028. */
const PARAMETER = /[ \t]*;[ \t]*([!#$%&'*+.^_`|~\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s";,]+))/sy

/** Reads a value and its parameters; null when it is malformed, or names a parameter twice. */
export function readHeaderValue(text: string): HeaderValue | null {
  const cut = text.indexOf(';')
  const value = (cut === -1 ? text : text.slice(0, cut)).trim().toLowerCase()
  const parameters = new Map<string, string>()
  const end = text.trimEnd().length
  for (let at = cut === -1 ? end : cut; at < end; at = PARAMETER.lastIndex) {
    PARAMETER.lastIndex = at
    const found = PARAMETER.exec(text)
    const name = found?.[1]?.toLowerCase()
    if (!found || name === undefined || parameters.has(name)) return null
    parameters.set(name, found[2] === undefined ? (found[3] ?? '') : unquoted(found[2]))
  }
  return { value, parameters }
}

/** Older clients escape a quote with a backslash, browsers as `%22` (WHATWG HTML, multipart/form-data encoding). */
const unquoted = (text: string): string =>
  text.replaceAll(/\\(["\\])/g, '$1').replaceAll('%22', '"')

/** Characters a boundary may have; it does not end with a space (RFC 2046, section 5.1.1). */
const BOUNDARY = /^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/

/** The boundary that a content type names; null when it is no form or names none that can be used. */
export function boundaryOf(contentType: string): string | null {
  const read = readHeaderValue(contentType)
  const boundary = read?.parameters.get('boundary')
  if (read?.value !== 'multipart/form-data' || boundary === undefined) return null
  return BOUNDARY.test(boundary) ? boundary : null
}
