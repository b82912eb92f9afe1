import type { ByteSource } from './byte-source.ts'

/** Thrown inside a parser when the bytes end before they should; never leaves the scanner. */
export class Truncated extends Error {}

const WINDOW_BYTES = 256 * 1024

/** Reads forward through a source by windows. What it hands out stays valid. */
export class Cursor {
  readonly source: ByteSource
  readonly end: number
  #window: Buffer = Buffer.alloc(0)
  #from = 0
  #at: number

  constructor(source: ByteSource, start = 0, end: number = source.size) {
    this.source = source
    this.end = Math.min(end, source.size)
    this.#at = start
  }

  get at(): number {
    return this.#at
  }

  get left(): number {
    return this.end - this.#at
  }

  /** Moves on without reading. */
  skip(length: number): void {
    if (length < 0 || length > this.left) throw new Truncated()
    this.#at += length
  }

  seek(offset: number): void {
    if (offset < 0 || offset > this.end) throw new Truncated()
    this.#at = offset
  }

  /** The next bytes, at most a few megabytes: callers bound lengths before they ask. */
  take(length: number): Buffer {
    const start = this.#need(length)
    this.#at += length
    return this.#window.subarray(start, start + length)
  }

  /** The next bytes as a text, without a view of them in between. */
  text(length: number, encoding: BufferEncoding): string {
    const start = this.#need(length)
    this.#at += length
    return this.#window.toString(encoding, start, start + length)
  }

  /** A text at another place, wherever the cursor stands. */
  textAt(offset: number, length: number, encoding: BufferEncoding): string {
    const start = offset - this.#from
    if (start >= 0 && start + length <= this.#window.length) {
      return this.#window.toString(encoding, start, start + length)
    }
    return Buffer.from(this.source.read(offset, length)).toString(encoding)
  }

  u8(): number {
    const start = this.#need(1)
    this.#at += 1
    return this.#window[start] ?? 0
  }

  u16(): number {
    return this.take(2).readUInt16LE()
  }

  u32(): number {
    const start = this.#need(4)
    this.#at += 4
    return this.#window.readUInt32LE(start)
  }

  i32(): number {
    return this.u32() | 0
  }

  /** A floating number, highest byte first. */
  f64(): number {
    const start = this.#need(8)
    this.#at += 8
    return this.#window.readDoubleBE(start)
  }

  u64(): bigint {
    return this.take(8).readBigUInt64LE()
  }

  /** The next byte without moving on; -1 at the end. */
  peek(): number {
    if (this.left < 1) return -1
    return this.#window[this.#need(1)] ?? -1
  }

  /** Bytes up to the next line feed, which is passed over; null when none comes within `limit`. */
  line(limit: number): Buffer | null {
    for (let wanted = 256; ; wanted *= 8) {
      const length = Math.min(wanted, limit, this.left)
      const start = this.#need(length)
      const found = this.#window.subarray(start, start + length).indexOf(10)
      if (found >= 0) {
        this.#at += found + 1
        return this.#window.subarray(start, start + found)
      }
      if (length < wanted) return null
    }
  }

  /** Brings `length` bytes into the window and tells where they begin in it. */
  #need(length: number): number {
    const start = this.#at - this.#from
    if (start >= 0 && start + length <= this.#window.length) return start
    if (length > this.left) throw new Truncated()
    const wanted = Math.min(Math.max(WINDOW_BYTES, length), this.left)
    const bytes = this.source.read(this.#at, wanted)
    if (bytes.length < length) throw new Truncated()
    this.#window = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#from = this.#at
    return 0
  }
}
