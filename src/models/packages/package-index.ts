import { compare, explain } from '@renovatebot/pep440'
import { getSmall } from '../getting/get-json.ts'
import { LISTING_TYPES, listedFiles, type Listed } from './package-listing.ts'
import { isSafeUrl, refusedBy, shownUrl } from '../pull/http-download.ts'
import { plainName, shownPackage, type PackageReference } from './package-reference.ts'
import { PullError } from '../pull/pull-failure.ts'
import type { HttpAnswer, PullPorts } from '../pull/pull-ports.ts'
import type { PullContext } from '../pull/pull-request.ts'
import { readDigest, type Sha256 } from '../store/store-layout.ts'

/** A wheel or source archive as an index states it. */
export interface IndexedArchive {
  readonly url: URL
  /** The index that named it. */
  readonly from: URL
  readonly kind: 'wheel' | 'sdist'
  readonly version: string
  readonly bytes: number
  readonly sha256: Sha256
}

/** Largest archive that is fetched, bytes. */
const MOST_BYTES = 200 * 1024 ** 3

/** The archive of a package that an index has: of the version asked for, else of the latest that is neither a trial nor withdrawn. */
export async function findArchive(
  reference: PackageReference,
  index: string,
  context: PullContext,
): Promise<IndexedArchive> {
  const url = new URL(`${index.replace(/\/+$/, '')}/${reference.name}/`)
  const source = shownPackage(reference)
  const accept = { accept: LISTING_TYPES }
  const got = await getSmall(url, accept, context.ports, context.signal)
  if (got.status === 404) throw new PullError({ code: 'package-not-found', detail: { source } })
  const archives = listedFiles(got).flatMap((file) => {
    const read = archiveNamed(file.filename, reference.name)
    return read === null ? [] : [{ ...read, file }]
  })
  const version = reference.version ?? latest(archives)
  const [best] = archives
    .filter((one) => version !== null && isSame(one.version, version))
    .toSorted((a, b) => preference(a.file) - preference(b.file))
  if (best === undefined) throw new PullError({ code: 'package-not-found', detail: { source } })
  const { file, kind } = best
  const at = URL.parse(file.url, got.url.href)
  const stated = file.hashes['sha256']
  // an index that states no digest lets anything pass for the file
  if (stated === undefined)
    throw new PullError({
      code: 'digest-not-stated',
      detail: { source: shownUrl(url), file: file.filename },
    })
  const sha256 = readDigest(stated)
  if (at === null || !isSafeUrl(at) || sha256 === null)
    throw new PullError({ code: 'source-malformed', detail: { source } })
  const bytes = file.size ?? (await sizeAt(at, url, context))
  if (bytes > MOST_BYTES) throw new PullError({ code: 'source-malformed', detail: { source } })
  return { url: at, from: url, kind, version: best.version, bytes, sha256 }
}

/** Wheels for every machine first, then sources, then wheels for some machines; withdrawn ones only when there is nothing else. */
function preference({ filename, yanked }: Listed): number {
  const kind = filename.endsWith('-none-any.whl') ? 0 : filename.endsWith('.whl') ? 2 : 1
  return kind + (yanked === undefined || yanked === null || yanked === false ? 0 : 10)
}

/** What a file of that package is, by its name; null when it is none that is read here. */
export function archiveNamed(
  filename: string,
  name: string,
): Pick<IndexedArchive, 'kind' | 'version'> | null {
  const wheel = /^([^-]+)-([^-]+)(?:-\d[^-]*)?-[^-]+-[^-]+-[^-]+\.whl$/.exec(filename)
  const source = /^(.+)-([^-]+)\.tar\.gz$/.exec(filename)
  const [, written = '', version = ''] = wheel ?? source ?? []
  if (plainName(written) !== name || explain(version) === null) return null
  return { kind: wheel ? 'wheel' : 'sdist', version }
}

const isSame = (a: string, b: string): boolean =>
  a === b || (explain(b) !== null && compare(a, b) === 0)

function latest(
  archives: readonly { readonly version: string; readonly file: Listed }[],
): string | null {
  const usable = archives.filter(({ file }) => preference(file) < 10)
  const released = usable.filter(({ version }) => {
    const read = explain(version)
    return read !== null && !read.is_prerelease && !read.is_devrelease
  })
  const [last] = (released.length > 0 ? released : usable).toSorted((a, b) =>
    compare(b.version, a.version),
  )
  return last?.version ?? null
}

/** Places that a file may be sent on to before it is found. */
const MOST_REDIRECTS = 5

/** The size of a file that its list leaves out, wherever the index sends it from. */
async function sizeAt(first: URL, from: URL, { ports, signal }: PullContext): Promise<number> {
  const malformed = new PullError({ code: 'source-malformed', detail: { source: first.host } })
  let url = first
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    if (!isSafeUrl(url)) throw new PullError({ code: 'unsafe-address' })
    const answer = await asked(url, from, ports, signal)
    await answer.discard()
    const { location } = answer.headers
    if ([301, 302, 303, 307, 308].includes(answer.status) && typeof location === 'string') {
      const next = URL.parse(location, url.href)
      if (next === null) throw malformed
      url = next
      continue
    }
    if (answer.status !== 200) throw new PullError(refusedBy(shownUrl(first), answer))
    const length = Number(answer.headers['content-length'] ?? Number.NaN)
    if (!Number.isSafeInteger(length)) throw malformed
    return length
  }
  throw new PullError({ code: 'too-many-redirects', detail: { source: shownUrl(first) } })
}

async function asked(
  url: URL,
  from: URL,
  ports: PullPorts,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  try {
    return await ports.get(url, {}, signal, from)
  } catch (error) {
    if (signal.aborted || error instanceof PullError) throw error
    throw new PullError({ code: 'source-unreachable', detail: { source: shownUrl(url) } })
  }
}
