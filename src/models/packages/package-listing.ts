import { z } from 'zod'
import { jsonOf, type Got } from '../getting/get-json.ts'
import { refusedBy, shownUrl } from '../pull/http-download.ts'
import { PullError } from '../pull/pull-failure.ts'
import { linksIn, type HtmlLink } from './html-links.ts'

/** Files that one package may have in an index. */
const MOST_LISTED = 100_000

/** The list of files of a package (PEP 691 with sizes of PEP 700). */
const Listing = z.object({
  files: z
    .array(
      z.object({
        filename: z.string().max(500),
        url: z.string().max(4096),
        hashes: z.record(z.string(), z.string()),
        size: z.int().nonnegative().nullish(),
        yanked: z.union([z.boolean(), z.string()]).nullish(),
      }),
    )
    .max(MOST_LISTED),
})

/** A file of a package as its index has it. */
export type Listed = z.infer<typeof Listing>['files'][number]

/** What an index is asked for: JSON, or a page where it has nothing else (PEP 691, version and format selection). */
export const LISTING_TYPES =
  'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1'

/** The files that an index lists, as JSON or as a page of links (PEP 503). */
export function listedFiles(got: Got): readonly Listed[] {
  if (got.status !== 200) throw new PullError(refusedBy(shownUrl(got.url), got))
  return isPage(got) ? filesOfPage(got) : jsonOf(got, Listing).files
}

/** By what the index says it sends; by how it begins where it does not say. */
function isPage({ headers, bytes }: Got): boolean {
  const type = String(headers['content-type'] ?? '').toLowerCase()
  if (/[/+](?:html|json)\b/.test(type)) return /[/+]html\b/.test(type)
  return /^\s*</.test(bytes.subarray(0, 1024).toString('latin1'))
}

function filesOfPage({ bytes, url }: Got): readonly Listed[] {
  const malformed = (): PullError =>
    new PullError({ code: 'source-malformed', detail: { source: shownUrl(url) } })
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw malformed()
  }
  const { base, links } = linksIn(text)
  if (links.length > MOST_LISTED) throw malformed()
  const from = base === null ? url : URL.parse(base, url.href)
  if (from === null) throw malformed()
  return links.map((link) => fileOfLink(link, from)).filter((one) => one !== null)
}

/** The name of a file is the end of its address, and the fragment its digest: `…/NAME#sha256=HEX`. */
function fileOfLink({ href, attributes }: HtmlLink, from: URL): Listed | null {
  const to = URL.parse(href, from.href)
  if (to === null) return null
  const digest = /^#(?:.*&)?sha256=([0-9a-fA-F]{64})(?:&|$)/.exec(to.hash)?.[1]
  to.hash = ''
  const last = to.pathname.split('/').at(-1) ?? ''
  let filename: string
  try {
    filename = decodeURIComponent(last)
  } catch {
    return null
  }
  return {
    filename,
    url: to.href,
    hashes: digest === undefined ? {} : { sha256: digest.toLowerCase() },
    yanked: attributes.has('data-yanked'),
  }
}
