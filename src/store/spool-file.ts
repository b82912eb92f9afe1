import { mkdirSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import type { SpoolFile } from '#ledger/spooling.ts'
import { PRIVATE } from './sqlite/private-file.ts'

/** Room for some millions of records; beyond it, requests are refused as if there were no spool. */
const MAX_BYTES = 1_073_741_824
const PIECE = 65_536

/** A file of lines that only grows until it is cleared; each line is on the disk before it counts. @throws what the system says */
export async function openSpoolFile(path: string, maxBytes = MAX_BYTES): Promise<SpoolFile> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const file = await open(path, 'a+', PRIVATE)
  let end = await wholeLength(file)
  // what a crash cut off was never acknowledged, and nothing may be added behind half a line
  await file.truncate(end)
  return {
    bytes: () => end,
    async append(line) {
      const bytes = Buffer.from(`${line}\n`)
      if (end + bytes.length > maxBytes) throw new Error('the spool is full')
      try {
        await file.appendFile(bytes)
        await file.datasync()
      } catch (error) {
        await file.truncate(end).catch(() => {})
        throw error
      }
      end += bytes.length
    },
    lines: () => linesOf(file, end),
    async clear() {
      await file.truncate(0)
      await file.datasync()
      end = 0
    },
    close: () => file.close(),
  }
}

async function* linesOf(file: FileHandle, end: number): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8')
  const piece = Buffer.alloc(PIECE)
  let rest = ''
  for (let at = 0; at < end;) {
    const { bytesRead } = await file.read(piece, 0, Math.min(PIECE, end - at), at)
    if (bytesRead === 0) return
    at += bytesRead
    const lines = (rest + decoder.write(piece.subarray(0, bytesRead))).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}

/** Bytes up to the end of the last whole line. */
async function wholeLength(file: FileHandle): Promise<number> {
  const { size } = await file.stat()
  const piece = Buffer.alloc(PIECE)
  for (let end = size; end > 0;) {
    const from = Math.max(0, end - PIECE)
    const { bytesRead } = await file.read(piece, 0, end - from, from)
    const found = piece.subarray(0, bytesRead).lastIndexOf(10)
    if (found >= 0) return from + found + 1
    end = from
  }
  return 0
}
