import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** The bytes of a file; null when there is none. @throws what the system says */
export function readWhole(path: string): Uint8Array | null {
  try {
    return readFileSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** Puts a file (0600) in place, whole and on the disk, or leaves what was there. @throws what the system says */
export function writeWhole(path: string, bytes: Uint8Array): void {
  const fresh = `${path}.${process.pid}.new`
  try {
    rmSync(fresh, { force: true })
    const file = openSync(fresh, 'wx', 0o600)
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(fresh, path)
    syncDirectory(dirname(path))
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
