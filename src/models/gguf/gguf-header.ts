import { open } from 'node:fs/promises'

/** The value of a metadata key; of a list only its length is kept, and of a large text nothing. */
export type GgufValue = string | number | boolean | bigint | { readonly length: number } | null

export interface GgufHeader {
  readonly version: number
  readonly tensorCount: number
  readonly metadata: ReadonlyMap<string, GgufValue>
  /** Number of weights: the sum over all tensors. */
  readonly parameters: number
}

/** Bounds on a hostile file: the largest known headers (vocabularies of 260,000 words) stay well inside. */
const LIMITS = {
  headerBytes: 64 * 1024 * 1024,
  keys: 4096,
  tensors: 65_536,
  dimensions: 4,
  listItems: 8_000_000,
  textBytes: 1024 * 1024,
} as const

/** Why a file is not a GGUF we can read. */
class NotGguf extends Error {}

/** Reads the header of a GGUF file (ggml-org/ggml docs/gguf.md, versions 2 and 3, little-endian); null when it is not one. */
export async function readGgufHeader(path: string): Promise<GgufHeader | null> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    return await parse(new Cursor(file, Math.min(size, LIMITS.headerBytes)))
  } catch (error) {
    if (error instanceof NotGguf) return null
    throw error
  } finally {
    await file.close()
  }
}

interface Source {
  read(into: Buffer, offset: number, length: number, at: number): Promise<{ bytesRead: number }>
}

/** Reads forward through a file by windows; never past the bound. */
class Cursor {
  readonly #file: Source
  readonly #end: number
  readonly #window = Buffer.alloc(256 * 1024)
  #from = 0
  #length = 0
  #at = 0

  constructor(file: Source, end: number) {
    this.#file = file
    this.#end = end
  }

  async take(length: number): Promise<Buffer> {
    if (this.#at + length > this.#end) throw new NotGguf()
    if (length > this.#window.length) {
      const large = Buffer.alloc(length)
      const { bytesRead } = await this.#file.read(large, 0, length, this.#at)
      if (bytesRead !== length) throw new NotGguf()
      this.#at += length
      return large
    }
    if (this.#at < this.#from || this.#at + length > this.#from + this.#length) {
      const wanted = Math.min(this.#window.length, this.#end - this.#at)
      const { bytesRead } = await this.#file.read(this.#window, 0, wanted, this.#at)
      if (bytesRead < length) throw new NotGguf()
      this.#from = this.#at
      this.#length = bytesRead
    }
    const start = this.#at - this.#from
    this.#at += length
    return this.#window.subarray(start, start + length)
  }

  skip(length: number): void {
    this.#at += length
    if (this.#at > this.#end) throw new NotGguf()
  }

  /** True when the next bytes are already in the window: no need to wait for them. */
  has(length: number): boolean {
    return this.#at >= this.#from && this.#at + length <= this.#from + this.#length
  }

  /** A 64-bit length in the window; only after `has(8)`. */
  lengthNow(): number {
    const value = this.#window.readBigUInt64LE(this.#at - this.#from)
    this.#at += 8
    return bounded(value, LIMITS.headerBytes)
  }

  async u32(): Promise<number> {
    return (await this.take(4)).readUInt32LE()
  }

  async count(limit: number): Promise<number> {
    return bounded((await this.take(8)).readBigUInt64LE(), limit)
  }

  async text(limit: number): Promise<string> {
    const length = await this.count(limit)
    return (await this.take(length)).toString('utf8')
  }
}

function bounded(value: bigint, limit: number): number {
  if (value > BigInt(limit)) throw new NotGguf()
  return Number(value)
}

const MAGIC = 0x46_55_47_47 // "GGUF", little-endian

async function parse(cursor: Cursor): Promise<GgufHeader> {
  if ((await cursor.u32()) !== MAGIC) throw new NotGguf()
  const version = await cursor.u32()
  if (version !== 2 && version !== 3) throw new NotGguf()
  const tensorCount = await cursor.count(LIMITS.tensors)
  const keyCount = await cursor.count(LIMITS.keys)
  const metadata = new Map<string, GgufValue>()
  for (let index = 0; index < keyCount; index++) {
    const key = await cursor.text(65_535)
    metadata.set(key, await readValue(cursor, await cursor.u32()))
  }
  const parameters = await countParameters(cursor, tensorCount)
  return { version, tensorCount, metadata, parameters }
}

type Reader = (bytes: Buffer) => GgufValue

/** Scalars by type number: size in bytes and how to read them. */
const SCALARS: Readonly<Record<number, readonly [number, Reader]>> = {
  0: [1, (b) => b.readUInt8()],
  1: [1, (b) => b.readInt8()],
  2: [2, (b) => b.readUInt16LE()],
  3: [2, (b) => b.readInt16LE()],
  4: [4, (b) => b.readUInt32LE()],
  5: [4, (b) => b.readInt32LE()],
  6: [4, (b) => b.readFloatLE()],
  7: [1, (b) => b.readUInt8() !== 0],
  10: [8, (b) => b.readBigUInt64LE()],
  11: [8, (b) => b.readBigInt64LE()],
  12: [8, (b) => b.readDoubleLE()],
}
const TEXT = 8
const LIST = 9

async function readValue(cursor: Cursor, type: number): Promise<GgufValue> {
  const scalar = SCALARS[type]
  if (scalar !== undefined) return scalar[1](await cursor.take(scalar[0]))
  if (type === TEXT) {
    const length = await cursor.count(LIMITS.headerBytes)
    if (length <= LIMITS.textBytes) return (await cursor.take(length)).toString('utf8')
    cursor.skip(length)
    return null
  }
  if (type !== LIST) throw new NotGguf()
  const itemType = await cursor.u32()
  const length = await cursor.count(LIMITS.listItems)
  await skipItems(cursor, itemType, length)
  return { length }
}

async function skipItems(cursor: Cursor, type: number, length: number): Promise<void> {
  const scalar = SCALARS[type]
  if (scalar !== undefined) return cursor.skip(scalar[0] * length)
  // Lists of lists exist on paper only.
  if (type !== TEXT) throw new NotGguf()
  for (let index = 0; index < length; index++) {
    cursor.skip(cursor.has(8) ? cursor.lengthNow() : await cursor.count(LIMITS.headerBytes))
  }
}

async function countParameters(cursor: Cursor, tensorCount: number): Promise<number> {
  let total = 0
  for (let index = 0; index < tensorCount; index++) {
    await cursor.text(65_535)
    const dimensions = await cursor.u32()
    if (dimensions > LIMITS.dimensions) throw new NotGguf()
    let weights = 1
    for (let axis = 0; axis < dimensions; axis++) {
      weights *= await cursor.count(Number.MAX_SAFE_INTEGER)
    }
    cursor.skip(4 + 8)
    total += weights
    if (!Number.isSafeInteger(total)) throw new NotGguf()
  }
  return total
}
