import { exactly, type ByteSource } from '../bytes/byte-source.ts'
import type { Budget } from '../budget.ts'

/** Thrown inside on what the format does not allow, or allows and is not read here; never leaves the room. */
export class NotUnderstood extends Error {}

/** No structure but a heap is larger, and heaps are read by parts; bytes. */
const LARGEST_PIECE = 16 * 1024 * 1024
const SIGNATURE_BYTES = 8
/** What one read costs beside steps of other parsers, measured roughly. */
const STEPS_PER_READ = 16
const BYTES_PER_STEP = 256

/** A run of bytes. */
export interface Piece {
  readonly address: number
  readonly length: number
}

/** An HDF5 file: where its objects are, with the widths its addresses and lengths have. */
export class Hdf5File {
  readonly source: ByteSource
  readonly budget: Budget
  /** Addresses count from here. */
  readonly base: number
  readonly offsetBytes: number
  readonly lengthBytes: number
  /** Object header of the root group. */
  readonly root: number
  /** Object header of what concerns the whole file; null where there is none. */
  readonly extension: number | null
  /** Collections of the heap of the whole file that were read: place and length of each object. */
  readonly collections = new Map<number, ReadonlyMap<number, Piece>>()

  constructor(source: ByteSource, base: number, budget: Budget) {
    this.source = source
    this.base = base
    this.budget = budget
    const head = this.bytes(0, Math.min(96 + SIGNATURE_BYTES, source.size - base))
    const fields = new Fields(head, SIGNATURE_BYTES)
    const version = fields.u8()
    if (version > 3) throw new NotUnderstood()
    if (version < 2) fields.skip(4)
    this.offsetBytes = widthOf(fields.u8())
    this.lengthBytes = widthOf(fields.u8())
    if (version < 2) {
      // tree parameters and flags; in version 1 those of chunks too
      fields.skip(version === 0 ? 9 : 13)
      fields.skip(this.offsetBytes * 3)
      // a driver that spreads the file over several
      if (fields.offset(this.offsetBytes) !== null) throw new NotUnderstood()
      fields.skip(this.offsetBytes)
      this.root = defined(fields.offset(this.offsetBytes))
      this.extension = null
    } else {
      fields.skip(1 + this.offsetBytes)
      this.extension = fields.offset(this.offsetBytes)
      fields.skip(this.offsetBytes)
      this.root = defined(fields.offset(this.offsetBytes))
    }
  }

  /** Bytes at an address. */
  bytes(address: number, length: number): Buffer {
    if (length > LARGEST_PIECE) throw new NotUnderstood()
    this.budget.step(STEPS_PER_READ + Math.floor(length / BYTES_PER_STEP))
    const found = exactly(this.source, this.base + address, length)
    if (found === null) throw new NotUnderstood()
    return found
  }

  /** As many bytes at an address as there are, at most so many. */
  upTo(address: number, length: number): Buffer {
    return this.bytes(
      address,
      Math.max(0, Math.min(length, this.source.size - this.base - address)),
    )
  }

  /** A structure that begins with four letters, past them. */
  marked(mark: string, address: number, length: number): Fields {
    const bytes = this.bytes(address, length)
    if (bytes.toString('latin1', 0, 4) !== mark) throw new NotUnderstood()
    return new Fields(bytes, 4)
  }
}

function widthOf(bytes: number): number {
  if (bytes !== 2 && bytes !== 4 && bytes !== 8) throw new NotUnderstood()
  return bytes
}

/** A value that must be there. */
export function defined<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new NotUnderstood()
  return value
}

/** Reads one structure forward. */
export class Fields {
  readonly bytes: Buffer
  at: number

  constructor(bytes: Buffer, at = 0) {
    this.bytes = bytes
    this.at = at
  }

  get left(): number {
    return this.bytes.length - this.at
  }

  skip(count: number): void {
    if (count > this.left) throw new NotUnderstood()
    this.at += count
  }

  take(count: number): Buffer {
    const start = this.at
    this.skip(count)
    return this.bytes.subarray(start, start + count)
  }

  u8(): number {
    return this.uint(1)
  }

  u16(): number {
    return this.uint(2)
  }

  u32(): number {
    return this.uint(4)
  }

  /** A whole number of one to eight bytes; one that no file could hold is not understood. */
  uint(width: number): number {
    let value = 0
    for (const byte of this.take(width).toReversed()) value = value * 256 + byte
    if (!Number.isSafeInteger(value)) throw new NotUnderstood()
    return value
  }

  /** An address; null where all its bits are set, which stands for none. */
  offset(width: number): number | null {
    const start = this.at
    const bytes = this.take(width)
    if (bytes.every((byte) => byte === 0xff)) return null
    this.at = start
    return this.uint(width)
  }
}
