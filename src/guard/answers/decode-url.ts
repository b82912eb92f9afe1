/** Names of character references that HTML and Markdown decode in an address, and that could hide its parts. */
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  AMP: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  colon: ':',
  sol: '/',
  bsol: '\\',
  period: '.',
  quest: '?',
  equals: '=',
  num: '#',
  percnt: '%',
  commat: '@',
  lpar: '(',
  rpar: ')',
  lowbar: '_',
  hyphen: '-',
  Tab: '\t',
  NewLine: '\n',
  nbsp: '\u00A0',
}

const REFERENCE = /&(?:#x([\da-f]{1,6})|#(\d{1,7})|([a-z]{2,8}));?/gi

/** The text with its character references decoded. */
export const withoutReferences = (text: string): string =>
  text.includes('&')
    ? text.replaceAll(REFERENCE, (all: string, hex?: string, decimal?: string, name?: string) => {
        if (name !== undefined) return NAMED[name] ?? all
        const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
        return point > 0x10ffff ? all : String.fromCodePoint(point)
      })
    : text

/** A destination of Markdown without its backslash escapes. */
export const withoutEscapes = (text: string): string => text.replaceAll(/\\([!-/:-@[-`{-~])/g, '$1')

/** Percent signs decoded as far as they can be. */
export function withoutPercents(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text.replaceAll(/%([2-7][\da-f])/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
  }
}
