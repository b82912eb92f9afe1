import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'
import { inMemory, type ByteSource } from '../bytes/byte-source.ts'
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

type Unpack = (bytes: Buffer, options: { readonly maxOutputLength: number }) => Buffer

const UNPACK: Partial<Readonly<Record<Compression, Unpack>>> = {
  gzip: (bytes, options) => gunzipSync(bytes, options),
  zlib: (bytes, options) => inflateSync(bytes, options),
  zstd: (bytes, options) => zstdDecompressSync(bytes, options),
  brotli: (bytes, options) => brotliDecompressSync(bytes, options),
}

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
  let unpacked: Buffer
  try {
    unpacked = unpack(bytes, { maxOutputLength: room })
  } catch (error) {
    if (error instanceof RangeError) throw new OutOfBudget('unpacked')
    scan.report('zip-broken-member', {}, compression)
    return
  }
  scan.budget.unpack(unpacked.length)
  scan.inside(scan.name.replace(/\.(?:gz|tgz|zst|z|br)$/i, '') || compression, inMemory(unpacked))
}
