/**
 * A tag of HTML as pages of licences have them. What stands in other angle brackets stays: a reader of the file would see
 * it, and it could be a term.
 */
const TAG =
  /<\/?(?:html|head|body|title|p|br|hr|div|span|pre|code|h[1-6]|ul|ol|li|dl|dt|dd|a|b|i|u|em|strong|sup|sub|font|center|blockquote|section|article|main|header|footer|table|thead|tbody|tr|td|th|meta|link)(?:\s{1,20}[a-z:-]{1,40}=(?:"[^"<>]{0,500}"|'[^'<>]{0,500}'|[^\s"'<>]{1,500})){0,20}\s{0,20}\/?>/gi
const DOCTYPE = /^\s*<!doctype html[^<>]{0,200}>/i
/** Begins like a page, or has paragraphs and lines of one. */
const PAGE = /<!doctype html|<html[\s>]|<(?:p|pre|body|div|h[1-6])(?:\s[^<>]{0,500})?>/i

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>' }

/** The text of a page; of anything else the text itself. Line ends and spaces are those of Unix. */
export function plainText(text: string): string {
  const lines = text
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replaceAll(/[\u00a0\u202f]/g, ' ')
  if (!PAGE.test(lines)) return lines
  return lines
    .replace(DOCTYPE, '')
    .replaceAll(TAG, '\n')
    .replaceAll(/&(?:#(\d{1,6})|#x([0-9a-f]{1,5})|([a-z]{2,8}));/gi, (_, decimal, hex, name) =>
      character(decimal === undefined ? hex && Number.parseInt(hex, 16) : Number(decimal), name),
    )
}

/** A sign that is no letter separates words, whichever it is. */
function character(code: number | undefined, name: string | undefined): string {
  if (code === undefined) return NAMED[name?.toLowerCase() ?? ''] ?? ' '
  return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : ' '
}
