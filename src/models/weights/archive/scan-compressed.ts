import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from 'node:zlib'
import { inMemory, sliceOf, type ByteSource } from '../bytes/byte-source.ts'
import { OutOfBudget } from '../budget.ts'
import type { Scan } from '../scan.ts'

export type Compression =
  | 'gzip'
  | 'zlib'
  | 'zstd'
  | 'bzip2'
  | 'xz'
  | 'lzma'
  | 'lz4'
  | '7z'
  | 'rar'
  | 'brotli'

type Unpack = (
  bytes: Buffer,
  options: { readonly maxOutputLength: number; readonly info: true },
) => unknown

const UNPACK: Partial<Readonly<Record<Compression, Unpack>>> = {
  gzip: (bytes, options) => gunzipSync(bytes, options),
  zlib: (bytes, options) => inflateSync(bytes, options),
  zstd: (bytes, options) => zstdDecompressSync(bytes, options),
  brotli: (bytes, options) => brotliDecompressSync(bytes, options),
}

/** What `info` makes of the answer: the bytes, and how many were taken for them. */
interface Unpacked {
  readonly buffer: Buffer
  readonly engine: { readonly bytesWritten: number }
}

const isUnpacked = (value: unknown): value is Unpacked =>
  typeof value === 'object' && value !== null && 'buffer' in value && 'engine' in value

/** Unpacks one compressed stream within the limits and scans what is inside. */
export function scanCompressed(source: ByteSource, compression: Compression, scan: Scan): void {
  const unpack = UNPACK[compression]
  if (unpack === undefined) {
    scan.report('archive-unreadable', {}, compression)
    return
  }
  const room = scan.budget.memberRoom
  if (source.size > room) throw new OutOfBudget('member')
  const bytes = Buffer.from(source.read(0, source.size))
  const pieces: Buffer[] = []
  let at = 0
  let length = 0
  try {
    // zstd allows frames one after another; of the others only gzip does, whose reader follows them by itself
    const last = compression === 'zstd' ? bytes.length : 1
    while (at < last) {
      scan.budget.step()
      const made = unpack(bytes.subarray(at), {
        maxOutputLength: Math.max(1, room - length),
        info: true,
      })
      if (!isUnpacked(made) || made.engine.bytesWritten === 0) throw new Error('nothing unpacked')
      pieces.push(made.buffer)
      length += made.buffer.length
      at += made.engine.bytesWritten
    }
  } catch (error) {
    if (error instanceof RangeError) throw new OutOfBudget('unpacked')
    scan.report('zip-broken-member', {}, compression)
    if (pieces.length === 0) {
      // a loader runs what comes before the end that is wrong
      const beginning = withoutEnd(bytes, compression, room)
      if (beginning !== null) scan.inside('(before the broken end)', inMemory(beginning))
      return
    }
  }
  if (at < bytes.length && bytes.subarray(at).some((byte) => byte !== 0)) {
    scan.report('zip-hidden-data', { offset: at })
    scan.inside('(after the stream)', sliceOf(source, at, bytes.length - at))
  }
  const unpacked = Buffer.concat(pieces)
  scan.budget.unpack(unpacked.length)
  scan.inside(scan.name.replace(/\.(?:gz|tgz|zst|z|br)$/i, '') || compression, inMemory(unpacked))
}

/** The data of a gzip or zlib stream whose checksum, or what follows it, is wrong; null when more is. */
function withoutEnd(bytes: Buffer, compression: Compression, room: number): Buffer | null {
  const start = compression === 'zlib' ? 2 : compression === 'gzip' ? gzipHeader(bytes) : null
  if (start === null) return null
  try {
    return inflateRawSync(bytes.subarray(start), {
      maxOutputLength: room,
      finishFlush: constants.Z_SYNC_FLUSH,
    })
  } catch {
    return null
  }
}

/** Length of the header of a gzip member (RFC 1952): fixed part, extra field, name, comment, checksum. */
function gzipHeader(bytes: Buffer): number | null {
  if (bytes.length < 18) return null
  const flags = bytes[3] ?? 0
  let at = 10
  if ((flags & 0x04) !== 0) at += 2 + bytes.readUInt16LE(10)
  for (const flag of [0x08, 0x10]) {
    if ((flags & flag) === 0) continue
    const end = bytes.indexOf(0, at)
    if (end < 0) return null
    at = end + 1
  }
  return (flags & 0x02) === 0 ? at : at + 2
}
