import type { Access, AnswerHead } from '../pull/http-download.ts'
import type { PullFailure } from '../pull/pull-failure.ts'
import type { Expected } from './plan.ts'

/** The Hub itself; anything else that speaks as it does is a mirror. */
const PUBLIC_HUB = 'https://huggingface.co'

/** A credential that shows itself only when it is asked to. */
export interface Revealed {
  reveal(): string
}

/** A repository, and whether it is asked for with a token. */
export interface HubPlace {
  readonly repository: string
  readonly revision: string
  /** Where a person sees the repository, and asks for access to it. */
  readonly page: string
  readonly token: Revealed | null
}

/** What goes to the Hub and nowhere else. */
export const hubHeaders = ({ token }: Pick<HubPlace, 'token'>): Readonly<Record<string, string>> =>
  token === null ? {} : { authorization: `Bearer ${token.reveal()}` }

/** How one file of a commit is asked for: with the token, and held to what the list of files said of it. */
export function hubFileAccess(
  place: HubPlace,
  file: {
    readonly path: string
    readonly bytes: number
    readonly commit: string
    readonly expected: Expected
  },
): Access {
  return {
    headers: () => hubHeaders(place),
    judge: (answer) =>
      hubFailure(answer, place, file.path) ?? (saysOther(answer, file) ? disagrees(place) : null),
  }
}

const disagrees = ({ page }: HubPlace): PullFailure => ({
  code: 'source-disagrees',
  detail: { source: page },
})

/** The Hub states commit, size and digest of what it is about to send; what it leaves out is not held against it. */
function saysOther(
  { headers }: AnswerHead,
  { bytes, commit, expected }: Parameters<typeof hubFileAccess>[1],
): boolean {
  const said = (name: string): string | null => {
    const value = headers[name]
    return typeof value === 'string' ? value : null
  }
  const [size, at, tag] = ['x-linked-size', 'x-repo-commit', 'x-linked-etag'].map(said)
  const hex = tag?.replace(/^W\//, '').replaceAll('"', '').toLowerCase()
  return (
    (typeof size === 'string' && size !== String(bytes)) ||
    (typeof at === 'string' && at !== commit) ||
    (hex !== undefined && expected.kind !== 'none' && hex !== expected.hex)
  )
}

/** Why the Hub refuses, by the code it gives (x-error-code), else by the status; null where it does not. */
export function hubFailure(
  { status, headers }: AnswerHead,
  { repository, revision, page, token }: HubPlace,
  file: string | null = null,
): PullFailure | null {
  if (status < 400) return null
  const code = headers['x-error-code']
  const detail = { repository, page }
  const mirror = new URL(page).origin === PUBLIC_HUB ? {} : { isAtMirror: true as const }
  if (code === 'GatedRepo') {
    return {
      code: token === null ? 'repository-gated' : 'repository-not-granted',
      detail,
      ...mirror,
    }
  }
  if (code === 'RepoNotFound') {
    return {
      code: token === null ? 'repository-not-found' : 'repository-not-visible',
      detail,
      ...mirror,
    }
  }
  if (code === 'RevisionNotFound')
    return { code: 'revision-not-found', detail: { repository, revision } }
  if (code === 'EntryNotFound')
    return { code: 'entry-not-found', detail: { repository, file: file ?? '?' } }
  if (status === 401 && token !== null) return { code: 'token-refused', detail, ...mirror }
  // a fine-grained token that may not read gated repositories has no code of its own
  if (status === 403 && token !== null) return { code: 'repository-not-granted', detail }
  if (status === 401) return { code: 'repository-not-found', detail, ...mirror }
  return null
}
