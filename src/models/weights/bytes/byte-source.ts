/** Bytes at any place, without holding them: a file of 100 GB is never read whole. */
export interface ByteSource {
  readonly size: number
  /** The bytes from `offset` on, fewer only at the end. They stay as they are: no later call writes over them. */
  read(offset: number, length: number): Uint8Array
}

/** Bytes that are in memory. */
export const inMemory = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: (offset, length) => bytes.subarray(offset, Math.min(bytes.length, offset + length)),
})

/** A part of another source; it never reaches beyond. */
export function sliceOf(source: ByteSource, start: number, length: number): ByteSource {
  const size = Math.max(0, Math.min(length, source.size - start))
  return {
    size,
    read: (offset, wanted) =>
      offset >= size
        ? new Uint8Array(0)
        : source.read(start + offset, Math.min(wanted, size - offset)),
  }
}

/** A source whose reading is counted. */
export const metered = (source: ByteSource, spend: (bytes: number) => void): ByteSource => ({
  size: source.size,
  read(offset, length) {
    const bytes = source.read(offset, length)
    spend(bytes.length)
    return bytes
  },
})

/** A part, or null when the source ends before. */
export function exactly(source: ByteSource, offset: number, length: number): Buffer | null {
  if (offset < 0 || length < 0 || offset + length > source.size) return null
  const bytes = source.read(offset, length)
  return bytes.length === length ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length) : null
}
