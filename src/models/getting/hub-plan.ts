import { z } from 'zod'
import { shownUrl } from '../http-download.ts'
import { PullError } from '../pull-failure.ts'
import type { PullContext } from '../pull-request.ts'
import { getSmall, jsonOf } from './get-json.ts'
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
})
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
  hub: string,
  { ports, signal }: PullContext,
): Promise<PullPlan> {
  const base = hub.replace(/\/+$/, '')
  const at = (path: string): URL => new URL(`${base}${path}`)
  const infoUrl = at(`/api/models/${repository}/revision/${encodeURIComponent(revision)}`)
  const info = jsonOf(await getSmall(infoUrl, {}, ports, signal), Info)
  const commit = info.sha
  const source = shownUrl(at(`/${repository}/resolve/${commit}`))
  // a revision that is a commit is that commit, or somebody is not telling the truth
  if (COMMIT.test(revision) && revision !== commit)
    throw new PullError({ code: 'source-malformed', detail: { source } })
  const entries = await treeOf(at(`/api/models/${repository}/tree/${commit}?recursive=true`), {
    ports,
    signal,
  })
  const wanted = entries.filter(
    ({ type, path }) =>
      type === 'file' && (file === null ? path !== '.gitattributes' : path === file),
  )
  if (wanted.length === 0 || wanted.some(({ path }) => !isSafeName(path)))
    throw new PullError({ code: 'source-malformed', detail: { source } })
  const fileUrl = (path: string): URL =>
    at(`/${repository}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`)
  return {
    files: wanted.map((entry) => plannedOf(entry, fileUrl(entry.path), source)),
    source: {
      kind: 'hugging-face',
      reference: `${repository}@${commit}${file === null ? '' : `:${file}`}`,
    },
    attested: true,
    aliasDigests: [],
    licence: info.cardData?.license ?? null,
  }
}

function plannedOf(entry: z.infer<typeof Entry>, url: URL, source: string): PlannedFile {
  const { path, size, oid, lfs } = entry
  const hex = (lfs?.oid ?? oid).replace(/^sha256:/, '').toLowerCase()
  const kind = lfs ? ('sha256' as const) : ('git' as const)
  if (!(kind === 'sha256' ? /^[0-9a-f]{64}$/ : COMMIT).test(hex))
    throw new PullError({ code: 'source-malformed', detail: { source } })
  const from = { kind: 'url' as const, url, headers: {} }
  return { path, bytes: lfs?.size ?? size, expected: { kind, hex }, from }
}

/** A long list comes in pages, each naming the next. */
async function treeOf(
  first: URL,
  { ports, signal }: Pick<PullContext, 'ports' | 'signal'>,
): Promise<readonly z.infer<typeof Entry>[]> {
  const found: z.infer<typeof Entry>[] = []
  const seen = new Set<string>()
  for (let url: URL | null = first; url !== null;) {
    const source = shownUrl(url)
    const got = await getSmall(url, {}, ports, signal)
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
