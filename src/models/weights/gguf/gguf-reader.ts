import type { Cursor } from '../bytes/cursor.ts'

/** Sizes of the scalar values by type number, bytes; 8 is a text, 9 a list (docs/gguf.md). */
export const SCALAR_BYTES: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
}
export const TEXT = 8
export const LIST = 9
export const BOOLEAN = 7

/** Numbers of a GGUF in the byte order of its machine. */
export class GgufReader {
  readonly cursor: Cursor
  readonly big: boolean

  constructor(cursor: Cursor, big: boolean) {
    this.cursor = cursor
    this.big = big
  }

  u32(): number {
    const bytes = this.cursor.take(4)
    return this.big ? bytes.readUInt32BE() : bytes.readUInt32LE()
  }

  u64(): bigint {
    const bytes = this.cursor.take(8)
    return this.big ? bytes.readBigUInt64BE() : bytes.readBigUInt64LE()
  }

  /** A length, or null when that many bytes are not left. */
  length(): number | null {
    const value = this.u64()
    return value <= BigInt(this.cursor.left) ? Number(value) : null
  }

  /** A scalar as a number, where one can be told. */
  scalar(type: number): number | bigint {
    const bytes = this.cursor.take(SCALAR_BYTES[type] ?? 0)
    const view = this.big ? Buffer.from(bytes.toReversed()) : bytes
    if (type === 6) return view.readFloatLE()
    if (type === 12) return view.readDoubleLE()
    if (type === 10) return view.readBigUInt64LE()
    if (type === 11) return view.readBigInt64LE()
    const signed = type === 1 || type === 3 || type === 5
    return signed ? view.readIntLE(0, view.length) : view.readUIntLE(0, view.length)
  }
}
