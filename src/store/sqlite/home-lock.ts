import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '#kernel/units.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { createPrivateFile, PRIVATE } from './private-file.ts'

/** The process that holds the data directory, as it introduces itself to others. */
export interface HomeHolder {
  readonly pid: number
  readonly listen: string
  readonly startedAt: EpochMs
}

/** Why the lock was not given. `holder` is null when somebody holds it who has not said who. */
export type HomeLockProblem =
  | { readonly code: 'home-held'; readonly holder: HomeHolder | null }
  | { readonly code: 'home-unusable'; readonly path: string; readonly found: string }

export interface HomeLock {
  /** Corrects what the lock file says, once the port is known. */
  announce(holder: HomeHolder): void
  release(): void
}

/** Held by this process. Kept here because a connection that nothing refers to is closed by the garbage collector, and its lock with it. */
const HELD = new Set<DatabaseSync>()

/** SQLITE_BUSY: https://www.sqlite.org/rescode.html#busy */
const BUSY = 5

/**
 * Takes the data directory for this process: a lock of the operating system, held by an open transaction, so that
 * it goes with the process however it ends. `runDir` must exist.
 */
export function acquireHomeLock(
  runDir: string,
  holder: HomeHolder,
): Result<HomeLock, HomeLockProblem> {
  const path = join(runDir, 'lock.db')
  const holderPath = join(runDir, 'holder.json')
  let database: DatabaseSync | null = null
  try {
    createPrivateFile(path)
    database = new DatabaseSync(path, { timeout: 0 })
    database.exec('BEGIN EXCLUSIVE')
    announce(holderPath, holder)
  } catch (error) {
    if (database?.isOpen) database.close()
    if (isBusy(error)) return err({ code: 'home-held', holder: readHomeHolder(runDir) })
    const found = error instanceof Error ? error.message : 'unknown'
    return err({ code: 'home-unusable', path, found })
  }
  const held = database
  HELD.add(held)
  return ok({
    announce: (corrected) => announce(holderPath, corrected),
    release() {
      if (!HELD.delete(held)) return
      rmSync(holderPath, { force: true })
      held.close()
    },
  })
}

/** Who says to hold the data directory; null when nobody does, or the one who did is gone. */
export function readHomeHolder(runDir: string): HomeHolder | null {
  try {
    const value: unknown = JSON.parse(readFileSync(join(runDir, 'holder.json'), 'utf8'))
    return isHolder(value) && isAlive(value.pid) ? value : null
  } catch {
    return null
  }
}

function announce(path: string, holder: HomeHolder): void {
  const { pid, listen, startedAt } = holder
  // Renamed into place, so that a reader never meets half of it.
  writeFileSync(`${path}.new`, `${JSON.stringify({ pid, listen, startedAt })}\n`, { mode: PRIVATE })
  renameSync(`${path}.new`, path)
}

const isHolder = (value: unknown): value is HomeHolder =>
  typeof value === 'object' &&
  value !== null &&
  'pid' in value &&
  typeof value.pid === 'number' &&
  'listen' in value &&
  typeof value.listen === 'string' &&
  'startedAt' in value &&
  typeof value.startedAt === 'number'

/** Signal 0 only asks: https://man7.org/linux/man-pages/man2/kill.2.html. EPERM means alive, under another user. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === BUSY
