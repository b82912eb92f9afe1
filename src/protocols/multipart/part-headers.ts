/** More than any form of ours needs. */
const MAX_HEADERS = 16

const LINE = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*)$/s

/** The header lines of a part by name in lower case; null when one is folded, repeated or no header line. */
export function readPartHeaders(head: string): ReadonlyMap<string, string> | null {
  const lines = head.split('\r\n')
  if (lines.length > MAX_HEADERS) return null
  const headers = new Map<string, string>()
  for (const line of lines) {
    const [, name, value] = LINE.exec(line) ?? []
    if (name === undefined || value === undefined || hasControl(value)) return null
    const key = name.toLowerCase()
    if (headers.has(key)) return null
    headers.set(key, value.trimEnd())
  }
  return headers
}

/** A control character, the line ends among them; a tab is white space. */
export function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if ((unit < 32 && unit !== 9) || unit === 127) return true
  }
  return false
}
