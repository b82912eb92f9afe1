import { close, fdatasync, openSync } from 'node:fs'
import { promisify } from 'node:util'

/** Makes durable what was committed, on a thread of Node's own: the event loop goes on while the disk turns. */
export interface LogSync {
  /** Resolves when all that was committed before is on the disk. @throws when the disk says no. */
  sync(): Promise<void>
  close(): Promise<void>
}

const synced = promisify(fdatasync)
const closed = promisify(close)

/** For the write-ahead log of an open database: it stays the same file as long as a connection is open. @throws when there is none. */
export function openLogSync(databasePath: string): LogSync {
  // Windows flushes only what may be written to
  const file = openSync(`${databasePath}-wal`, 'r+')
  return { sync: () => synced(file), close: () => closed(file) }
}
