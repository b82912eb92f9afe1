import type { Access } from '../pull/http-download.ts'
import type { Manifest } from '../store/manifest.ts'

/** What the bytes of a file must be: SHA-256, or the SHA-1 that git gives a file (`blob LENGTH\0` before it). */
export type Expected =
  | { readonly kind: 'sha256'; readonly hex: string }
  | { readonly kind: 'git'; readonly hex: string }
  /** A file that the person vouches for. */
  | { readonly kind: 'none' }

/** How files are packed into one: many in a tar or zip, or one alone, compressed or not. */
export interface Packing {
  readonly form: 'tar' | 'zip' | 'raw'
  readonly compression: 'none' | 'gzip' | 'zstd'
  /** A package of programs: of it the weights are taken, with what says whose they are. */
  readonly holds?: 'package'
}

/** One file of a model, and where it is. */
export interface PlannedFile {
  /** Relative, with `/`, below the model. */
  readonly path: string
  readonly bytes: number
  readonly expected: Expected
  readonly from:
    | {
        readonly kind: 'url'
        readonly url: URL
        /** Null: anybody may ask. */
        readonly access: Access | null
        /** The place that named this address, where it is another. */
        readonly named?: URL
      }
    | { readonly kind: 'path'; readonly path: string }
  /** What is fetched holds the files of the model; they are taken out of it, and it is not kept. */
  readonly packing?: Packing | null
}

/** All files of a model, found before the first is fetched. */
export interface PullPlan {
  readonly files: readonly PlannedFile[]
  readonly source: Manifest['source']
  /** A registry stated the digests, at a commit or manifest that cannot change. */
  readonly attested: boolean
  readonly aliasDigests: readonly string[]
  readonly licence: string | null
  /** Called when nothing of it is needed any more. */
  readonly release?: () => Promise<void>
}

/** Files of one model at most, and bytes of a list of them. */
export const MOST_FILES = 20_000
export const MOST_LIST_BYTES = 64 * 1024 * 1024
/** Room left on the disk after a pull, bytes: a full disk would stop the ledger. */
export const HEADROOM_BYTES = 64 * 1024 * 1024
