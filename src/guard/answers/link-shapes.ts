import { withoutEscapes, withoutReferences } from './decode-url.ts'
import type { Link } from './link-risk.ts'

/** What begins at one place of a text: addresses with the place where it ends, or nothing; `open`: more of the text decides. */
export type Shape =
  | { readonly kind: 'none' }
  | { readonly kind: 'open'; readonly links: readonly Link[] }
  | { readonly kind: 'links'; readonly links: readonly Link[]; readonly end: number }

const NONE: Shape = { kind: 'none' }

/** Schemes that are followed without two slashes. */
const SCHEMES =
  /^(?:data|javascript|vbscript|file|blob|filesystem|view-source|mailto|sms|intent|ms-[a-z-]+):/i
const WITH_SLASHES = /^(?:[a-z][a-z\d+.-]*:)?[/\\]{2}/i

/** Controls and spaces that browsers leave out of an address or of its beginning. */
// oxlint-disable-next-line no-control-regex
const IGNORED = /[\t\n\r]|^[\u0000-\u0020]+/g

/** An address as a browser reads it, or null for a relative one and for what is none. */
function addressOf(text: string): string | null {
  const url = text.replaceAll(IGNORED, '')
  if (!SCHEMES.test(url) && !WITH_SLASHES.test(url)) return null
  // two slashes alone: whatever scheme the page has
  return url.replace(/^[/\\]{2}/, 'https://')
}

const written = (text: string, isLoaded: boolean, shown?: string): readonly Link[] => {
  const url = addressOf(text)
  if (url === null) return []
  return [{ url, isLoaded, isWritten: true, ...(shown === undefined ? {} : { shown }) }]
}

const SPACE = /\s/

/** What follows `](` or `]:` of Markdown: an address, in angle brackets or up to a space. */
export function destinationAt(
  text: string,
  from: number,
  isEnd: boolean,
  how: { readonly isLoaded: boolean; readonly isInline: boolean; readonly shown: string },
): Shape {
  let at = from
  while (at < text.length && SPACE.test(text.charAt(at))) at++
  if (at === text.length) return isEnd ? NONE : { kind: 'open', links: [] }
  const isBracketed = text[at] === '<'
  const end = isBracketed ? bracketedEnd(text, at) : plainEnd(text, at)
  const raw = text.slice(isBracketed ? at + 1 : at, end)
  // a definition may be that of a picture, wherever that stands: what it asks for is sent at once
  const isLoaded = how.isLoaded || (!how.isInline && raw.includes('?'))
  const links = written(withoutReferences(withoutEscapes(raw)), isLoaded, how.shown)
  if (end === text.length && !isEnd) return { kind: 'open', links }
  const past = isBracketed && text[end] === '>' ? end + 1 : end
  return how.isInline ? closed(text, past, isEnd, links) : { kind: 'links', links, end: past }
}

function bracketedEnd(text: string, at: number): number {
  let end = at + 1
  while (end < text.length && text[end] !== '>' && text[end] !== '\n') end++
  return end
}

/** Up to a space, or to a parenthesis that none within opened. */
function plainEnd(text: string, at: number): number {
  let [end, depth] = [at, 0]
  for (; end < text.length; end++) {
    const sign = text.charAt(end)
    if (sign === '\\') end++
    else if (sign === '(') depth++
    else if (sign === ')' && depth-- === 0) break
    else if (SPACE.test(sign)) break
  }
  return Math.min(end, text.length)
}

/** Longest title of a link that belongs to what is taken out. */
const TITLE = 300

/** The end of an inline link: its parenthesis, after a title if there is one. */
function closed(text: string, at: number, isEnd: boolean, links: readonly Link[]): Shape {
  if (text[at] === ')') return { kind: 'links', links, end: at + 1 }
  const rest = text.slice(at, at + TITLE)
  const [title] = /^\s*(?:"[^"]*"|'[^']*'|\([^)]*\))?\s*\)/.exec(rest) ?? []
  if (title !== undefined) return { kind: 'links', links, end: at + title.length }
  const isWaiting =
    !isEnd && rest.length < TITLE && /^\s*(?:"[^"]*"?|'[^']*'?|\([^)]*\)?)?\s*$/.test(rest)
  return isWaiting ? { kind: 'open', links } : { kind: 'links', links, end: at }
}

const AUTOLINK = /^<([a-z][a-z\d+.-]{1,31}:[^\s<>]*)>/i
const TAG_NAME = /^<([a-z][a-z\d:-]*)(?=[\s/>])/i
/** Where a person clicks; everything else may be fetched at once. */
const CLICKED: ReadonlySet<string> = new Set(['a', 'area'])

/** What begins with `<`: an address in angle brackets, or a tag of HTML with the addresses in its attributes. */
export function tagAt(text: string, at: number, isEnd: boolean): Shape {
  const rest = text.slice(at)
  const autolink = AUTOLINK.exec(rest)
  if (autolink) {
    const links = written(withoutReferences(autolink[1] ?? ''), false)
    return { kind: 'links', links, end: at + autolink[0].length }
  }
  const name = TAG_NAME.exec(rest)
  if (!name) {
    // nothing but the beginning of a name or of an address
    const isWaiting = !isEnd && /^<(?:[a-z][a-z\d+.:-]*(?::[^\s<>]*)?)?$/i.test(rest)
    return isWaiting ? { kind: 'open', links: [] } : NONE
  }
  return attributesAt(text, at + name[0].length, isEnd, (name[1] ?? '').toLowerCase())
}

const ATTRIBUTE = /[\s/]*([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)("|$)|'([^']*)('|$)|([^\s"'=<>`]+)))?/y
const TAG_END = /[\s/]*>/y

function attributesAt(text: string, from: number, isEnd: boolean, tag: string): Shape {
  const links: Link[] = []
  for (let at = from; ;) {
    TAG_END.lastIndex = at
    if (TAG_END.test(text)) return { kind: 'links', links, end: TAG_END.lastIndex }
    ATTRIBUTE.lastIndex = at
    const found = ATTRIBUTE.exec(text)
    if (!found) {
      const isWaiting = !isEnd && /^[\s/]*=?\s*["']?$/.test(text.slice(at))
      return isWaiting ? { kind: 'open', links } : ended(links, at)
    }
    const [, name = '', double, , single, , bare] = found
    links.push(...inAttribute(tag, name.toLowerCase(), double ?? single ?? bare ?? ''))
    at = ATTRIBUTE.lastIndex
    if (at === text.length) return isEnd ? ended(links, at) : { kind: 'open', links }
  }
}

/** A tag that is none, or that the text ends in: what it points to counts. */
const ended = (links: readonly Link[], end: number): Shape =>
  links.length > 0 ? { kind: 'links', links, end } : NONE

/** Attributes that are one address. */
const WHOLE = /^(?:(?:xlink:)?href|src|action|formaction|poster|data|background|cite|longdesc)$/

function inAttribute(tag: string, name: string, value: string): readonly Link[] {
  if (name.startsWith('xmlns')) return []
  const isLoaded = !CLICKED.has(tag) || name !== 'href'
  const decoded = withoutReferences(value)
  if (WHOLE.test(name)) return written(decoded, isLoaded)
  // lists of pictures, styles and refreshes have addresses among other words
  return decoded.split(/[\s,;()'"=]+/).flatMap((piece) => written(piece, isLoaded))
}

/** Ends an address that stands in a text without any sign around it. */
// oxlint-disable-next-line no-control-regex
const BARE_END = /[\s<>"'`|^{}\]\u0000-\u001F\u007F]/
const TRAILING = /[.,;:!?*_~)]+$/

/** A bare address that begins here. */
export function bareAt(text: string, at: number, isEnd: boolean, isLoaded: boolean): Shape {
  let [end, depth] = [at, 0]
  for (; end < text.length; end++) {
    const sign = text.charAt(end)
    if (BARE_END.test(sign)) break
    if (sign === '(') depth++
    else if (sign === ')' && depth-- === 0) break
  }
  const raw = text.slice(at, end)
  const url = withoutReferences(/^www\./i.test(raw) ? `https://${raw}` : raw)
  const isOpen = end === text.length && !isEnd
  const links: readonly Link[] = [
    { url: isOpen ? url : url.replace(TRAILING, ''), isLoaded, isWritten: false },
  ]
  if (isOpen) return { kind: 'open', links }
  const kept = raw.replace(TRAILING, '')
  return { kind: 'links', links, end: at + Math.max(kept.length, 1) }
}
