import { basename } from 'node:path'
import { err, ok, type Result } from '#kernel/result.ts'
import { isSafeUrl, shownUrl } from './http-download.ts'
import type { ModelEntry } from '../store/install-blob.ts'
import type { PullFailure } from './pull-failure.ts'
import type { PullRequest } from './pull-request.ts'
import { packageReference } from '../packages/python-package.ts'
import { readShardName } from '../store/shard-name.ts'
import { starterNamed, type StarterModel, type StarterSource } from '../starter/starter-models.ts'
import { isModelName, readDigest, type Sha256 } from '../store/store-layout.ts'

/** One place that the file can come from. */
export type Origin = {
  /** How it is written in messages: never with a password or a query. */
  readonly shown: string
  /** Null: a local file that the person vouches for. */
  readonly digest: Sha256 | null
  readonly bytes: number | null
} & (
  | { readonly kind: 'python-package'; readonly source: StarterSource & { kind: 'python-package' } }
  | { readonly kind: 'hugging-face' | 'url'; readonly url: URL }
  | { readonly kind: 'file'; readonly path: string }
)

interface Origins {
  readonly origins: readonly Origin[]
  readonly entry: Omit<ModelEntry, 'source'>
}

/** Where a request can be met from, in the order to try. */
export function originOf(
  request: PullRequest,
  starters: readonly StarterModel[],
): Result<Origins, PullFailure> {
  const digest = request.digest === undefined ? null : readDigest(request.digest)
  if (request.digest !== undefined && digest === null) return err({ code: 'invalid-digest' })
  if (request.from !== undefined) return given(request.from, digest, request.name)
  const name = request.name ?? ''
  const starter = starterNamed(starters, name)
  if (starter === undefined) {
    const known = starters.map((row) => row.name).join(', ')
    const shown = isModelName(name) ? name : '?'
    return err({ code: 'unknown-model', detail: { name: shown, known } })
  }
  const { aliases, licence, openness } = starter
  return ok({
    origins: starter.sources.map(starterOrigin),
    entry: { name: starter.name, aliases, licence, openness },
  })
}

function starterOrigin(source: StarterSource): Origin {
  const { sha256: digest, bytes } = source
  if (source.kind === 'python-package') {
    return { kind: source.kind, shown: packageReference(source), digest, bytes, source }
  }
  const { repository, revision, file } = source
  const url = new URL(`https://huggingface.co/${repository}/resolve/${revision}/${file}`)
  return { kind: source.kind, shown: shownUrl(url), digest, bytes, url }
}

function given(
  from: string,
  digest: Sha256 | null,
  asked: string | undefined,
): Result<Origins, PullFailure> {
  const url = /^https?:\/\//i.test(from) ? URL.parse(from) : null
  const file = url === null ? from : decodeURIComponent(url.pathname)
  const name = asked ?? nameOf(file)
  if (!isModelName(name)) return err({ code: 'invalid-name' })
  const entry = { name, aliases: [], licence: null, openness: null }
  if (url === null) {
    const shown = basename(from)
    return ok({ entry, origins: [{ kind: 'file', shown, digest, bytes: null, path: from }] })
  }
  if (!isSafeUrl(url)) return err({ code: 'unsafe-address' })
  if (digest === null) return err({ code: 'digest-required' })
  if (readShardName(file) !== null) return err({ code: 'shards-apart' })
  return ok({ entry, origins: [{ kind: 'url', shown: shownUrl(url), digest, bytes: null, url }] })
}

/** `Some Model.Q4_K_M.gguf` becomes `some-model.q4_k_m`. */
const nameOf = (file: string): string =>
  basename(readShardName(file)?.stem ?? file)
    .toLowerCase()
    .replace(/\.gguf$/, '')
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 100)
