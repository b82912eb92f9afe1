import { z } from 'zod'
import { shownUrl } from '../pull/http-download.ts'
import { PullError } from '../pull/pull-failure.ts'
import type { PullContext } from '../pull/pull-request.ts'
import { shardSets } from '../store/shard-name.ts'
import { getSmall, jsonOf, type Got } from './get-json.ts'
import {
  hubFailure,
  hubFileAccess,
  hubHeaders,
  type HubPlace,
  type Revealed,
} from './hub-access.ts'
import { MOST_FILES, type PlannedFile, type PullPlan } from './plan.ts'
import { isSafeName } from './safe-name.ts'

/** `owner/name`, a revision, and one file where only that is wanted. */
export interface HubReference {
  readonly repository: string
  readonly revision: string
  readonly file: string | null
}

const COMMIT = /^[0-9a-f]{40}$/
const Info = z.object({
  sha: z.string().regex(COMMIT),
  cardData: z
    .object({ license: z.string().optional().catch(undefined) })
    .nullish()
    .catch(null),
})
const Entry = z.object({
  type: z.string(),
  path: z.string(),
  size: z.int().nonnegative(),
  oid: z.string(),
  lfs: z.object({ oid: z.string(), size: z.int().nonnegative() }).nullish(),
  /** Of the chunks that the Hub keeps it in; it says nothing of the bytes that a plain hash would. */
  xetHash: z.string().nullish(),
})
type HubEntry = z.infer<typeof Entry>
const Tree = z.array(Entry)

/** `OWNER/NAME`, `@REVISION` and `:FILE` after it where given; null when it is none. */
export function readHubReference(text: string): HubReference | null {
  const match =
    /^([A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95})(?:@([\w./-]{1,200}))?(?::(.+))?$/.exec(
      text,
    )
  const [, repository, revision = 'main', file = null] = match ?? []
  if (repository === undefined || revision.includes('..')) return null
  return file !== null && !isSafeName(file) ? null : { repository, revision, file }
}

/**
 * The files of a repository of the Hugging Face Hub. A branch or tag is turned into its commit first, and everything is
 * taken from that commit: LFS files have their SHA-256, others the SHA-1 that git gives them.
 */
export async function hubPlan(
  { repository, revision, file }: HubReference,
  { hub, token }: { readonly hub: string; readonly token: Revealed | null },
  { ports, signal }: PullContext,
): Promise<PullPlan> {
  const base = hub.replace(/\/+$/, '')
  const at = (path: string): URL => new URL(`${base}${path}`)
  const place: HubPlace = { repository, revision, page: shownUrl(at(`/${repository}`)), token }
  const ask: Ask = async (url) => {
    const got = await getSmall(url, hubHeaders(place), ports, signal)
    const failure = hubFailure(got, place)
    if (failure !== null) throw new PullError(failure)
    return got
  }
  const info = jsonOf(
    await ask(at(`/api/models/${repository}/revision/${encodeURIComponent(revision)}`)),
    Info,
  )
  const commit = info.sha
  const source = shownUrl(at(`/${repository}/resolve/${commit}`))
  // a revision that is a commit is that commit, or somebody is not telling the truth
  if (COMMIT.test(revision) && revision !== commit)
    throw new PullError({ code: 'source-malformed', detail: { source } })
  const entries = await treeOf(at(`/api/models/${repository}/tree/${commit}?recursive=true`), ask)
  const all = entries.filter(({ type, path }) => type === 'file' && path !== '.gitattributes')
  const wanted = file === null ? all : withShards(all, file)
  if (file !== null && wanted.length === 0)
    throw new PullError({ code: 'entry-not-found', detail: { repository, file } })
  if (wanted.length === 0 || wanted.some(({ path }) => !isSafeName(path)))
    throw new PullError({ code: 'source-malformed', detail: { source } })
  const fileUrl = (path: string): URL =>
    at(`/${repository}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`)
  return {
    files: wanted.map((entry) => {
      const { path, bytes, expected } = stated(entry, source)
      const access = hubFileAccess(place, { path, bytes, commit, expected })
      return { path, bytes, expected, from: { kind: 'url', url: fileUrl(path), access } }
    }),
    source: {
      kind: 'hugging-face',
      reference: `${repository}@${commit}${file === null ? '' : `:${file}`}`,
    },
    attested: true,
    aliasDigests: [],
    licence: info.cardData?.license ?? null,
  }
}

/** One file; of a shard, all that belong to it. */
function withShards(all: readonly HubEntry[], file: string): readonly HubEntry[] {
  const set = shardSets(all).find(({ files }) => files.some(({ path }) => path === file))
  return set?.files ?? all.filter(({ path }) => path === file)
}

type Ask = (url: URL) => Promise<Got>

/** What the list of files says of one: its name, size and digest. */
function stated(
  { path, size, oid, lfs, xetHash }: HubEntry,
  source: string,
): Pick<PlannedFile, 'path' | 'bytes' | 'expected'> {
  // then the SHA-1 is that of a pointer, and nothing says what the bytes must be
  if (!lfs && typeof xetHash === 'string')
    throw new PullError({ code: 'digest-not-stated', detail: { source, file: path } })
  const hex = (lfs?.oid ?? oid).replace(/^sha256:/, '').toLowerCase()
  const kind = lfs ? ('sha256' as const) : ('git' as const)
  if (!(kind === 'sha256' ? /^[0-9a-f]{64}$/ : COMMIT).test(hex))
    throw new PullError({ code: 'source-malformed', detail: { source } })
  return { path, bytes: lfs?.size ?? size, expected: { kind, hex } }
}

/** A long list comes in pages, each naming the next. */
async function treeOf(first: URL, ask: Ask): Promise<readonly HubEntry[]> {
  const found: HubEntry[] = []
  const seen = new Set<string>()
  for (let url: URL | null = first; url !== null;) {
    const source = shownUrl(url)
    const got = await ask(url)
    found.push(...jsonOf(got, Tree))
    seen.add(url.href)
    const next: string | undefined = /<([^>]+)>;\s*rel="next"/.exec(
      String(got.headers['link'] ?? ''),
    )?.[1]
    url = next === undefined ? null : URL.parse(next, url.href)
    const strays = url !== null && (url.origin !== first.origin || seen.has(url.href))
    if (strays || found.length > MOST_FILES)
      throw new PullError({ code: 'source-malformed', detail: { source } })
  }
  return found
}
