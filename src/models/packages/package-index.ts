import { compare, explain } from '@renovatebot/pep440'
import { z } from 'zod'
import { getSmall, jsonOf } from '../getting/get-json.ts'
import { isSafeUrl } from '../pull/http-download.ts'
import { plainName, shownPackage, type PackageReference } from './package-reference.ts'
import { PullError } from '../pull/pull-failure.ts'
import type { PullContext } from '../pull/pull-request.ts'
import { readDigest, type Sha256 } from '../store/store-layout.ts'

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
    .max(100_000),
})
type Listed = z.infer<typeof Listing>['files'][number]

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
  const accept = { accept: 'application/vnd.pypi.simple.v1+json' }
  const got = await getSmall(url, accept, context.ports, context.signal)
  if (got.status === 404) throw new PullError({ code: 'package-not-found', detail: { source } })
  const archives = jsonOf(got, Listing).files.flatMap((file) => {
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
  const sha256 = readDigest(file.hashes['sha256'] ?? '')
  // an index that states no digest lets anything pass for the file
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

/** The size of a file that its list leaves out. */
async function sizeAt(url: URL, from: URL, { ports, signal }: PullContext): Promise<number> {
  const answer = await ports.get(url, {}, signal, from)
  await answer.discard()
  const length = Number(answer.headers['content-length'])
  if (answer.status !== 200 || !Number.isSafeInteger(length))
    throw new PullError({ code: 'source-malformed', detail: { source: url.host } })
  return length
}
