import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Milliseconds } from '#kernel/units.ts'
import type { StoreProblem } from '../problem.ts'
import { isOurs, isUnfinished, migrate, newestVersion, versionOf } from './migrate.ts'
import { MIGRATIONS } from './migrations/all.ts'
import { createPrivateFile } from './private-file.ts'

export interface OpenOptions {
  readonly path: string
  /** Reads only; the file must exist and be up to date. */
  readonly readOnly?: boolean
  /** Every read sees the database as it was at the first one, whatever is written to it meanwhile. */
  readonly moment?: boolean
  /** How long a statement waits for another process before it fails; five seconds when absent. */
  readonly busyTimeout?: Milliseconds
}

const BUSY_TIMEOUT: Milliseconds = 5000

/** The connection alone, with the settings every use of the file needs. */
export function openDatabase(options: OpenOptions): Result<DatabaseSync, StoreProblem> {
  const { path, readOnly = false, busyTimeout = BUSY_TIMEOUT } = options
  if (readOnly && !existsSync(path)) return err({ code: 'missing', path, found: '' })
  let database: DatabaseSync | null = null
  try {
    if (!readOnly) createPrivateFile(path)
    database = new DatabaseSync(path, { readOnly, timeout: busyTimeout })
    const problem = prepare(database, path, readOnly)
    if (!problem) {
      // the first read after it begins the snapshot, and the transaction keeps it
      if (options.moment) database.exec('BEGIN')
      return ok(database)
    }
    database.close()
    return err(problem)
  } catch (error) {
    if (database?.isOpen) database.close()
    return err(problemOf(error, path))
  }
}

function prepare(database: DatabaseSync, path: string, readOnly: boolean): StoreProblem | null {
  if (!isOurs(database)) return { code: 'foreign', path, found: '' }
  const [version, newest] = [versionOf(database), newestVersion(MIGRATIONS)]
  if (isUnfinished(database)) return { code: 'unfinished', path, found: '' }
  if (version > newest) return { code: 'newer', path, found: `${version} > ${newest}` }
  if (readOnly) {
    return version < newest ? { code: 'older', path, found: `${version} < ${newest}` } : null
  }
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
  migrate(database, MIGRATIONS)
  return null
}

/** SQLITE_BUSY and SQLITE_NOTADB: https://www.sqlite.org/rescode.html */
const BUSY = 5
const NOT_A_DATABASE = 26

function problemOf(error: unknown, path: string): StoreProblem {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0
  const found = error instanceof Error ? error.message : 'unknown'
  if (code === BUSY) return { code: 'busy', path, found }
  return { code: code === NOT_A_DATABASE ? 'foreign' : 'unreadable', path, found }
}
