import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { err, ok, type Result } from '#kernel/result.ts'
import type { SecretProblem } from './problem.ts'

/** The text of a file only its owner can read, null when there is none; refuses one that others can read. */
export function readSecretFile(path: string): Result<string | null, SecretProblem> {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? ok(null) : unreadable(path, error)
  }
  try {
    // Checked on the open file, so that nothing can be put in its place between the two.
    const mode = fstatSync(file).mode & 0o777
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      return err({ code: 'secret-exposed', where: path, found: mode.toString(8) })
    }
    return ok(readFileSync(file, 'utf8').trim())
  } catch (error) {
    return unreadable(path, error)
  } finally {
    closeSync(file)
  }
}

/** Writes a file (0600) whole or not at all. Without `replace` the first writer wins and false tells the second. */
export function writeSecretFile(
  path: string,
  text: string,
  options: { readonly replace: boolean },
): Result<boolean, SecretProblem> {
  const fresh = `${path}.${process.pid}.new`
  try {
    rmSync(fresh, { force: true })
    const file = openSync(fresh, 'wx', 0o600)
    try {
      writeSync(file, `${text}\n`)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    if (options.replace) renameSync(fresh, path)
    else linkSync(fresh, path)
    syncDirectory(dirname(path))
    return ok(true)
  } catch (error) {
    return codeOf(error) === 'EEXIST' ? ok(false) : unreadable(path, error)
  } finally {
    rmSync(fresh, { force: true })
  }
}

/** A new name is durable once its directory is; Windows cannot open one. */
function syncDirectory(path: string): void {
  if (process.platform === 'win32') return
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}

function unreadable(where: string, error: unknown): Result<never, SecretProblem> {
  return err({ code: 'secret-unreadable', where, found: codeOf(error) })
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
