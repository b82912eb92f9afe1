import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Sha256 } from './store-layout.ts'

/** Large reads keep the hash busy rather than the event loop, bytes. */
const READ_BYTES = 1024 * 1024

/** SHA-256 of a file. Rejects with the signal's reason, or the file system's error. */
export async function fileDigest(path: string, signal?: AbortSignal): Promise<Sha256> {
  const hash = createHash('sha256')
  const options = { highWaterMark: READ_BYTES, ...(signal === undefined ? {} : { signal }) }
  for await (const part of createReadStream(path, options)) hash.update(part as Buffer)
  return hash.digest('hex')
}
