import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'
import { err, ok, type Result } from '#kernel/result.ts'

/** Largest decoded body: what the pipeline holds of a whole answer. */
const DECODED_BYTES = 64 * 1024 * 1024

type Decode = (bytes: Uint8Array, options: { maxOutputLength: number }) => Buffer

const DECODERS: Readonly<Record<string, Decode>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
}

/** The coding of a body, lower case, or null when it is sent as it is. */
export function contentCoding(header: string | string[] | undefined): string | null {
  const coding = (Array.isArray(header) ? header.join(',') : (header ?? '')).trim().toLowerCase()
  return coding === '' || coding === 'identity' ? null : coding
}

/** The body without its coding; refused when the coding is unknown, the bytes are wrong, or there would be too many. */
export function decodeBody(coding: string, bytes: Uint8Array): Result<Buffer, 'undecodable'> {
  const decode = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined
  if (!decode) return err('undecodable')
  try {
    return ok(decode(bytes, { maxOutputLength: DECODED_BYTES }))
  } catch {
    return err('undecodable')
  }
}
