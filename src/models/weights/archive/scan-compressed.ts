import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'
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
    if (pieces.length === 0) return
  }
  if (at < bytes.length && bytes.subarray(at).some((byte) => byte !== 0)) {
    scan.report('zip-hidden-data', { offset: at })
    scan.inside('(after the stream)', sliceOf(source, at, bytes.length - at))
  }
  const unpacked = Buffer.concat(pieces)
  scan.budget.unpack(unpacked.length)
  scan.inside(scan.name.replace(/\.(?:gz|tgz|zst|z|br)$/i, '') || compression, inMemory(unpacked))
}
