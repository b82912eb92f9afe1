import type { Claim } from '../store/claim.ts'
import type { PullFailure } from './pull-failure.ts'
import type { PullPorts } from './pull-ports.ts'

/** What to pull, and where to. */
export interface PullRequest {
  /** `$ECLUSE_HOME/models`. */
  readonly dir: string
  /** A starter model; or, with `from`, the name to store it under (default: from the file's name). */
  readonly name?: string
  /** A path or a URL. */
  readonly from?: string
  /** `sha256:HEX`; required for a URL. */
  readonly digest?: string
  /** An index of Python packages that takes the place of pip. */
  readonly pythonIndex?: string | null
}

/** What a pull is doing. `total` is null where nobody says. */
export type PullProgress =
  | { readonly phase: 'trying'; readonly source: string }
  | {
      readonly phase: 'downloading'
      readonly source: string
      readonly received: number
      readonly total: number | null
    }
  | { readonly phase: 'verifying'; readonly source: string }
  | { readonly phase: 'failed'; readonly source: string; readonly failure: PullFailure }

export interface PullContext {
  readonly dir: string
  /** Of what it has in use before a name refers to it. */
  readonly claim?: Claim
  readonly ports: PullPorts
  readonly onProgress: (progress: PullProgress) => void
  readonly signal: AbortSignal
  readonly pythonIndex?: string | null
}
