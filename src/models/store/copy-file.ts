import { constants } from 'node:fs'
import { copyFile, open, rm } from 'node:fs/promises'

/** Bytes read at once; a stretch of so many zeros is left out of the copy. */
const PIECE = 1024 * 1024
const ZEROS = Buffer.alloc(PIECE)

export interface CopyTask {
  /** Of the file when it was looked at: the copy never has more. */
  readonly bytes: number
  readonly signal: AbortSignal
  readonly onBytes: (length: number) => void
}

/**
 * Copies a file: shares its blocks where the file system can, else piece by piece, with holes where it has nothing but
 * zeros, so that a sparse file takes no more room than it does where it is.
 */
export async function copyBounded(from: string, into: string, task: CopyTask): Promise<void> {
  const isShared = await copyFile(from, into, constants.COPYFILE_FICLONE_FORCE).then(
    () => true,
    () => false,
  )
  if (isShared) return task.onBytes(task.bytes)
  // an attempt that failed may have left an empty file
  await rm(into, { force: true })
  const source = await open(from, 'r')
  try {
    const copy = await open(into, 'wx', 0o600)
    try {
      const piece = Buffer.alloc(Math.min(PIECE, task.bytes))
      let done = 0
      while (done < task.bytes) {
        task.signal.throwIfAborted()
        const { bytesRead } = await source.read(piece, 0, Math.min(PIECE, task.bytes - done), done)
        if (bytesRead === 0) break
        const part = piece.subarray(0, bytesRead)
        if (!part.equals(ZEROS.subarray(0, bytesRead))) await writeAll(copy, part, done)
        done += bytesRead
        task.onBytes(done)
      }
      // what was left out at the end is there as a hole; one that became shorter stays shorter
      await copy.truncate(done)
    } finally {
      await copy.close()
    }
  } finally {
    await source.close()
  }
}

async function writeAll(
  file: Awaited<ReturnType<typeof open>>,
  part: Buffer,
  at: number,
): Promise<void> {
  for (let written = 0; written < part.length;) {
    const { bytesWritten } = await file.write(part, written, part.length - written, at + written)
    written += bytesWritten
  }
}
