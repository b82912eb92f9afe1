import { open } from 'node:fs/promises'
import { PullError } from './pull-failure.ts'

export interface WriteTask {
  readonly path: string
  /** Bytes already there to keep; the rest is cut off. */
  readonly from: number
  /** The whole file must not grow beyond this; null: no bound. */
  readonly maxBytes: number | null
  readonly source: string
  readonly signal: AbortSignal
  /** Called with the length of the file so far. */
  readonly onBytes: (length: number) => void
}

/** Writes a stream to a file, bounded, and makes it durable. Returns the length of the file. */
export async function writeBounded(
  body: AsyncIterable<Uint8Array>,
  task: WriteTask,
): Promise<number> {
  const file = await open(task.path, task.from === 0 ? 'w' : 'r+', 0o600)
  let length = task.from
  try {
    await file.truncate(task.from)
    for await (const part of body) {
      task.signal.throwIfAborted()
      if (task.maxBytes !== null && length + part.length > task.maxBytes) {
        const detail = { source: task.source, bytes: task.maxBytes }
        throw new PullError({ code: 'larger-than-announced', detail })
      }
      let written = 0
      while (written < part.length) {
        const { bytesWritten } = await file.write(part, written, part.length - written, length)
        written += bytesWritten
        length += bytesWritten
      }
      task.onBytes(length)
    }
    await file.sync()
    return length
  } finally {
    await file.close()
  }
}
