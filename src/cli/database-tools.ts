import type { Result } from '#kernel/result.ts'
import type { LeaseView } from '#ledger/ports.ts'
import type { Said } from './terminal.ts'

/** The database as it stands. */
export interface DatabaseStatus {
  readonly kind: 'sqlite' | 'postgresql'
  /** A path, or the server and the database without a name or password. */
  readonly place: string
  /** Of the schema. */
  readonly version: number
  readonly bytes: number
  /** By table. */
  readonly rows: Readonly<Record<string, number>>
  readonly chains: readonly { readonly writer: string; readonly records: number }[]
  /** The gateways that write now; empty for a file. */
  readonly writing: readonly LeaseView[]
}

export interface CopyWatch {
  readonly onProgress: (table: string, rows: number, total: number) => void
  readonly signal: AbortSignal
}

/** What a backup, a restore or a move has done. */
export interface CopyDone {
  readonly from: string
  readonly to: string
  readonly rows: Readonly<Record<string, number>>
  /** Of a backup. */
  readonly bytes?: number
  readonly sha256?: string
  /** Records whose chain was verified in the new place. */
  readonly verified?: number
}

/** Keeping, bringing back and moving everything that is kept. */
export interface DatabaseTools {
  status(): Promise<Result<DatabaseStatus, Said>>
  backup(file: string, watch: CopyWatch): Promise<Result<CopyDone, Said>>
  restore(file: string, watch: CopyWatch): Promise<Result<CopyDone, Said>>
  /** To the database that another configuration file names; `sqlite` stands for the file in the data directory. */
  move(to: string, watch: CopyWatch): Promise<Result<CopyDone, Said>>
}
