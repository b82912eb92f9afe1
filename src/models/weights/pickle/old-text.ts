const SIMPLE: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  '\n': '',
}

/** The text of a STRING opcode: quotes taken off, Python's escapes read (codecs.escape_decode). */
export function unquote(raw: string): string {
  const text = raw.trim()
  const inner = /^(['"])([\s\S]*)\1$/.exec(text)?.[2] ?? text
  return inner.replaceAll(
    /\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|([\s\S]))/g,
    (_, hex?: string, octal?: string, other?: string) => {
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8) & 0xff)
      return SIMPLE[other ?? ''] ?? other ?? ''
    },
  )
}

/** The text of a UNICODE opcode: only `\u` and `\U` are escapes (raw-unicode-escape). */
export function rawUnicode(raw: string): string {
  return raw.replaceAll(
    /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g,
    (_, four?: string, eight?: string) => {
      const code = Number.parseInt(four ?? eight ?? '0', 16)
      return code <= 0x10_ff_ff ? String.fromCodePoint(code) : '\u{FFFD}'
    },
  )
}
