/** A link of a page: where it leads, and its attributes by their names in lower case. */
export interface HtmlLink {
  readonly href: string
  readonly attributes: ReadonlyMap<string, string>
}

/** The links of a page, in their order, and the address that they count from where it names one. */
export interface HtmlLinks {
  readonly base: string | null
  readonly links: readonly HtmlLink[]
}

/** A tag that opens, or what is to be passed over: comments, declarations, tags that close. */
const TAG = /<(?:!--[\s\S]*?(?:-->|$)|[!/?][^>]*>?|([a-zA-Z][a-zA-Z0-9]*))/g
/** An attribute with or without a value, after the spaces and slashes before it (HTML, 13.2.5.32 to 40). */
const ATTRIBUTE = /[\s/]*([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>][^\s>]*)))?/y
const END_OF_TAG = /[^>]*>/y
/** Elements whose content is text, whatever it looks like. */
const RAW: ReadonlySet<string> = new Set(['script', 'style', 'textarea', 'title'])

/** Reads the links of an HTML page as an index of packages writes them (PEP 503); one pass, and nothing else of the page. */
export function linksIn(page: string): HtmlLinks {
  const links: HtmlLink[] = []
  let base: string | null = null
  const tags = new RegExp(TAG)
  for (let tag = tags.exec(page); tag !== null; tag = tags.exec(page)) {
    const name = tag[1]?.toLowerCase()
    if (name === undefined) continue
    const { attributes, end } = attributesAt(page, tags.lastIndex)
    // one that never closes is none
    if (end === null) break
    tags.lastIndex = RAW.has(name) ? afterRaw(page, end, name) : end
    const href = attributes.get('href')
    if (href === undefined) continue
    if (name === 'a') links.push({ href, attributes })
    else if (name === 'base') base ??= href
  }
  return { base, links }
}

function attributesAt(
  page: string,
  from: number,
): { readonly attributes: ReadonlyMap<string, string>; readonly end: number | null } {
  const attributes = new Map<string, string>()
  const one = new RegExp(ATTRIBUTE)
  one.lastIndex = from
  let end = from
  for (let found = one.exec(page); found !== null; found = one.exec(page)) {
    end = one.lastIndex
    const name = found[1]?.toLowerCase() ?? ''
    // the first of several counts
    if (!attributes.has(name))
      attributes.set(name, withCharacters(found[2] ?? found[3] ?? found[4] ?? ''))
  }
  const rest = new RegExp(END_OF_TAG)
  rest.lastIndex = end
  return { attributes, end: rest.test(page) ? rest.lastIndex : null }
}

function afterRaw(page: string, from: number, name: string): number {
  const closing = new RegExp(`</${name}`, 'gi')
  closing.lastIndex = from
  return closing.exec(page)?.index ?? page.length
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Characters that an attribute writes by name or number; others stand as they are. */
const withCharacters = (text: string): string =>
  text.replaceAll(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));/g,
    (whole: string, decimal?: string, hexadecimal?: string, name?: string) => {
      if (name !== undefined) return NAMED[name] ?? whole
      const point = Number.parseInt(decimal ?? hexadecimal ?? '', decimal === undefined ? 16 : 10)
      return point > 0x10_ff_ff ? whole : String.fromCodePoint(point)
    },
  )
