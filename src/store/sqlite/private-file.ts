import { closeSync, openSync } from 'node:fs'

/** Read and write for the owner, nothing for others. */
export const PRIVATE = 0o600

/**
 * Makes an empty file that only its owner can read, unless there is one; SQLite gives its side files the same mode.
 * An existing file is never opened here: closing any descriptor of it would drop the locks this process holds on it.
 * https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_
 */
export function createPrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', PRIVATE))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}
