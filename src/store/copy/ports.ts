import type { Result } from '#kernel/result.ts'
import type { StoreProblem } from '../problem.ts'
import type { Row, Table } from './table.ts'

/** Everything that is kept, as it was at one moment. */
export interface CopySource {
  readonly kind: 'sqlite' | 'postgresql'
  /** Of the schema. */
  readonly version: number
  readonly tables: readonly Table[]
  /** The heads of all chains, as text: two sources with the same are copies of one ledger. */
  heads(): Promise<string>
  count(table: Table): Promise<number>
  /** At most a thousand rows after the one with this key, in the order of the key. */
  rows(table: Table, after: Row | null): Promise<readonly Row[]>
  close(): Promise<void>
}

/** How far a copy has come. */
export interface CopyState {
  /** Heads of all chains of the source: another ledger has others. */
  readonly heads: string
  /** Key of the last row of the ledger that was copied. */
  readonly ledgerAfter: Row | null
}

/** A place that is being filled; it cannot be opened as a store before `finish`. */
export interface CopyTarget {
  /** As the target has them; the source's must be the same. */
  readonly tables: readonly Table[]
  /** What an interrupted copy left; null at the first time. */
  readonly state: CopyState | null
  /** Removes all rows of some tables. */
  clear(tables: readonly Table[]): Promise<void>
  /** Adds rows and notes how far it is, both or neither. */
  write(table: Table, rows: readonly Row[], state: CopyState): Promise<void>
  /** Rows of the target, as a source gives them. */
  rows(table: Table, after: Row | null): Promise<readonly Row[]>
  count(table: Table): Promise<number>
  /** Makes it a store: constraints, counters, and the newest schema. */
  finish(): Promise<void>
  close(): Promise<void>
}

/** Opens a target with the schema of this version, or an interrupted copy into it. */
export type OpenTarget = (version: number) => Promise<Result<CopyTarget, StoreProblem>>

/** Rows read or written at once. */
export const COPY_PAGE = 1000
