import { createHash, type Hash } from 'node:crypto'
import { constants, readSync, type BigIntStats } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import type { HashAlgorithm, Piece, PieceOutcome, PieceProblem } from './piece.ts'

/** Bytes of one read: small enough that what was read is still in the cache of the core when it is hashed. */
const READ_BYTES = 256 * 1024

/** OpenSSL's names. */
const OPENSSL_NAMES: Readonly<Record<HashAlgorithm, string>> = {
  sha256: 'sha256',
  blake2b: 'blake2b512',
}

/**
 * How bytes are read. `blocking` costs the least CPU and is for threads of their own; `overlapped` reads the next bytes
 * elsewhere while the last ones are hashed, and lets other work in between.
 */
export type Reading = 'blocking' | 'overlapped'

/** How far a piece is. Returning true stops it. */
export type Watch = (bytes: number) => boolean

/** Hashes one piece. Only a regular file is read, and one that changes meanwhile has no digest. */
export async function hashPiece(
  piece: Piece,
  reading: Reading,
  watch: Watch,
): Promise<PieceOutcome> {
  // without NONBLOCK, opening a named pipe would wait for a writer
  const flags =
    constants.O_RDONLY | constants.O_NONBLOCK | (piece.followLink ? 0 : constants.O_NOFOLLOW)
  let file: FileHandle
  try {
    file = await open(piece.path, flags)
  } catch (error) {
    return { ok: false, error: openProblem(error) }
  }
  try {
    return await hashOpen(file, piece, reading, watch)
  } catch {
    return { ok: false, error: 'unreadable-file' }
  } finally {
    await file.close()
  }
}

async function hashOpen(
  file: FileHandle,
  piece: Piece,
  reading: Reading,
  watch: Watch,
): Promise<PieceOutcome> {
  const before = await file.stat({ bigint: true })
  if (!before.isFile()) return { ok: false, error: 'not-a-regular-file' }
  const fileBytes = Number(before.size)
  const end = piece.end ?? fileBytes
  if (end > fileBytes) return { ok: false, error: 'file-too-short' }
  const hash = createHash(OPENSSL_NAMES[piece.algorithm])
  const stretch = { file, hash, start: piece.start, end, watch }
  const problem = reading === 'blocking' ? readBlocking(stretch) : await readOverlapped(stretch)
  if (problem !== null) return { ok: false, error: problem }
  if (isOther(before, await file.stat({ bigint: true }))) {
    return { ok: false, error: 'changed-while-read' }
  }
  return { ok: true, value: { hex: hash.digest('hex'), bytes: end - piece.start, fileBytes } }
}

interface Stretch {
  readonly file: FileHandle
  readonly hash: Hash
  readonly start: number
  readonly end: number
  readonly watch: Watch
}

/** A model may be thousands of small files: no more memory than there is to read. */
const bufferFor = (start: number, end: number): Buffer =>
  Buffer.allocUnsafe(Math.max(0, Math.min(READ_BYTES, end - start)))

/** One buffer, no promise: as little CPU as `openssl dgst` takes. */
function readBlocking({ file, hash, start, end, watch }: Stretch): PieceProblem | null {
  const buffer = bufferFor(start, end)
  for (let at = start; at < end;) {
    const count = readSync(file.fd, buffer, 0, Math.min(buffer.length, end - at), at)
    if (count === 0) return 'changed-while-read'
    hash.update(count === buffer.length ? buffer : buffer.subarray(0, count))
    at += count
    if (watch(count)) return 'interrupted'
  }
  return null
}

async function readOverlapped(stretch: Stretch): Promise<PieceProblem | null> {
  const { file, hash, start, end, watch } = stretch
  const buffers = [bufferFor(start, end), bufferFor(start + READ_BYTES, end)] as const
  const read = (turn: 0 | 1, from: number): Promise<number> | null =>
    from >= end
      ? null
      : file
          .read(buffers[turn], 0, Math.min(READ_BYTES, end - from), from)
          .then(({ bytesRead }) => bytesRead)
  let at = start
  let turn: 0 | 1 = 0
  let next = read(turn, at)
  while (next !== null) {
    const count = await next
    if (count === 0) return 'changed-while-read'
    const full = buffers[turn].subarray(0, count)
    at += count
    turn = turn === 0 ? 1 : 0
    next = read(turn, at)
    hash.update(full)
    if (watch(count)) {
      await next
      return 'interrupted'
    }
  }
  return null
}

const isOther = (before: BigIntStats, after: BigIntStats): boolean =>
  before.size !== after.size || before.mtimeNs !== after.mtimeNs || before.ctimeNs !== after.ctimeNs

function openProblem(error: unknown): PieceProblem {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing-file'
  // a link where none is followed; a socket, or a device without a driver
  if (code === 'ELOOP' || code === 'EMLINK' || code === 'ENXIO' || code === 'EISDIR') {
    return 'not-a-regular-file'
  }
  return 'unreadable-file'
}
