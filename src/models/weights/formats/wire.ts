import { Truncated, type Cursor } from '../bytes/cursor.ts'

/** A field of a protobuf message: its number, and its value or the place of its bytes. */
export interface WireField {
  readonly field: number
  /** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
  readonly type: 0 | 1 | 2 | 5
  readonly value: bigint
  readonly start: number
  readonly end: number
}

/** Thrown where bytes are no protobuf. */
export class NotProtobuf extends Error {}

/** The fields of the message between the cursor and `end`, one after another; bytes are passed over, not read. */
export function* wireFields(cursor: Cursor, end: number, step: () => void): Generator<WireField> {
  while (cursor.at < end) {
    step()
    const tag = varint(cursor)
    const type = Number(tag & 7n)
    const field = Number(tag >> 3n)
    if (field === 0 || field > 0x1f_ff_ff_ff) throw new NotProtobuf()
    if (type === 0) {
      const value = varint(cursor)
      yield { field, type, value, start: cursor.at, end: cursor.at }
    } else if (type === 2) {
      const length = varint(cursor)
      if (length > BigInt(end - cursor.at)) throw new Truncated()
      const start = cursor.at
      yield { field, type, value: length, start, end: start + Number(length) }
      cursor.seek(start + Number(length))
    } else if (type === 1 || type === 5) {
      const start = cursor.at
      cursor.skip(type === 1 ? 8 : 4)
      yield { field, type, value: 0n, start, end: cursor.at }
    } else throw new NotProtobuf()
    if (cursor.at > end) throw new Truncated()
  }
}

/** One number of variable length. */
export function varint(cursor: Cursor): bigint {
  let value = 0n
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = cursor.u8()
    value |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) return value
  }
  throw new NotProtobuf()
}
