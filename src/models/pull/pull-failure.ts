/** Every way a pull can fail; stable, shown to people and scripts. */
export const PULL_CODES = [
  'unknown-model',
  'invalid-name',
  'invalid-digest',
  'digest-required',
  'unsafe-address',
  'leads-inward',
  'file-not-found',
  'source-unreachable',
  'source-refused',
  'source-malformed',
  'source-busy',
  'source-disagrees',
  'digest-not-stated',
  'repository-gated',
  'repository-not-granted',
  'repository-not-found',
  'repository-not-visible',
  'revision-not-found',
  'entry-not-found',
  'token-refused',
  'artefact-not-found',
  'login-needed',
  'login-refused',
  'login-in-helper',
  'index-ambiguous',
  'not-a-model',
  'archive-refused',
  'names-clash',
  'name-mixes-scripts',
  'shards-missing',
  'shards-disagree',
  'shards-apart',
  'invalid-reference',
  'layer-unsupported',
  'folder-unusable',
  'store-changed',
  'bundle-malformed',
  'too-many-redirects',
  'no-python',
  'package-unavailable',
  'package-not-found',
  'package-without-weights',
  'package-malformed',
  'larger-than-announced',
  'digest-mismatch',
  'not-a-gguf',
  'disk-full',
  'store-unwritable',
  'bundle-unwritable',
  'interrupted',
] as const
export type PullCode = (typeof PULL_CODES)[number]

/** Why a model was not pulled, as data. */
export interface PullFailure {
  readonly code: PullCode
  /** Values for the `{placeholders}` of the message. */
  readonly detail?: Readonly<Record<string, string | number>>
  /** A mirror of the Hub refused, not the Hub itself. */
  readonly isAtMirror?: true
  /** Sources tried before, with the reason each gave. */
  readonly tried?: readonly { readonly source: string; readonly failure: PullFailure }[]
}

/** An expected failure on its way out of nested streams; turned into a value at the edge of this room. */
export class PullError extends Error {
  readonly failure: PullFailure

  constructor(failure: PullFailure) {
    super(failure.code)
    this.failure = failure
  }
}

/** The failure that a thrown error stands for; bugs are thrown on. */
export function failureOf(error: unknown, signal: AbortSignal): PullFailure {
  if (error instanceof PullError) return error.failure
  if (signal.aborted) return { code: 'interrupted' }
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT') return { code: 'disk-full', detail: { free: 0 } }
  if (typeof code === 'string' && DISK.has(code))
    return { code: 'store-unwritable', detail: { reason: code } }
  throw error
}

/** What a disk, or what stands in the place of a folder, answers (errno(3)). */
const DISK: ReadonlySet<string> = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'EEXIST',
  'ELOOP',
  'EIO',
  'EMFILE',
  'ENFILE',
  'EBUSY',
  'ESTALE',
])
