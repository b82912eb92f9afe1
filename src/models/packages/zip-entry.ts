import { createReadStream } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { createInflateRaw } from 'node:zlib'
import { zip64Sizes } from '../weights/archive/zip-directory.ts'

/** A file of an archive, as its directory has it. */
export interface ZipMember {
  readonly name: string
  /** Of its content. */
  readonly bytes: number
  /** Mode bits where the archive was made on Unix; 0 elsewhere. */
  readonly mode: number
  readonly method: number
  readonly compressed: number
  readonly offset: number
  /** Stored or deflated, in the plain form of the format. */
  readonly isReadable: boolean
}

const END_BYTES = 22
/** Of ZIP64: where its end record is, and that record (APPNOTE 4.3.14 and 4.3.15). */
const LOCATOR_BYTES = 20
const WIDE_END_BYTES = 56
const LOCATOR_MARK = 0x07_06_4b_50
const WIDE_END_MARK = 0x06_06_4b_50
const LIMITS = {
  /** The end record is followed by a comment of at most 65,535 bytes. */
  tailBytes: LOCATOR_BYTES + END_BYTES + 65_535,
  directoryBytes: 16 * 1024 * 1024,
} as const
/** A field of 16 or 32 bits that says to look in ZIP64. */
const MARK_16 = 0xff_ff
const MARK_32 = 0xff_ff_ff_ff
const STORED = 0
const DEFLATED = 8

/**
 * The bytes of one entry of a ZIP archive (APPNOTE 6.3 with ZIP64, without encryption or several disks), as a stream.
 * Null when there is no such entry or the archive is not one we read. The caller bounds what comes out.
 */
export async function openZipEntry(
  path: string,
  name: string,
): Promise<AsyncIterable<Buffer> | null> {
  const entry = (await zipMembers(path))?.find((one) => one.name === name)
  return entry?.isReadable === true ? openZipMember(path, entry) : null
}

/** The bytes of a file of an archive, as a stream; null when it is not where the directory says. */
export async function openZipMember(
  path: string,
  entry: ZipMember,
): Promise<AsyncIterable<Buffer> | null> {
  const file = await open(path, 'r')
  let start: number | null
  try {
    start = await dataStart(file, entry)
  } finally {
    await file.close()
  }
  if (start === null) return null
  const raw = createReadStream(path, { start, end: start + entry.compressed - 1 })
  if (entry.method === STORED) return raw
  const inflated = createInflateRaw()
  raw.on('error', (error) => inflated.destroy(error))
  inflated.on('close', () => raw.destroy())
  return raw.pipe(inflated)
}

/** The files that the directory of an archive names; null when it is no archive that is read here. */
export async function zipMembers(path: string): Promise<readonly ZipMember[] | null> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const tail = await readAt(file, Math.max(0, size - LIMITS.tailBytes), LIMITS.tailBytes)
    const end = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
    if (end < 0 || end + END_BYTES > tail.length) return null
    const place = await directoryOf(file, tail, end, size)
    if (place === null) return null
    const { length, offset, count } = place
    if (length > LIMITS.directoryBytes || offset + length > size) return null
    const members = membersIn(await readAt(file, offset, length))
    return members?.length === count ? members : null
  } finally {
    await file.close()
  }
}

interface Directory {
  readonly count: number
  readonly length: number
  readonly offset: number
}

/** Where the directory is: the end record says, or that of ZIP64, where it has a locator. Null where the two disagree. */
async function directoryOf(
  file: FileHandle,
  tail: Buffer,
  end: number,
  size: number,
): Promise<Directory | null> {
  const count = tail.readUInt16LE(end + 10)
  const length = tail.readUInt32LE(end + 12)
  const offset = tail.readUInt32LE(end + 16)
  const plain = { count, length, offset }
  const locator = end - LOCATOR_BYTES
  if (locator < 0 || tail.readUInt32LE(locator) !== LOCATOR_MARK)
    return count === MARK_16 || length === MARK_32 || offset === MARK_32 ? null : plain
  const at = safe(tail.readBigUInt64LE(locator + 8))
  if (at === null || at + WIDE_END_BYTES > size) return null
  const record = await readAt(file, at, WIDE_END_BYTES)
  if (record.length < WIDE_END_BYTES || record.readUInt32LE(0) !== WIDE_END_MARK) return null
  const wide = [32, 40, 48].map((field) => safe(record.readBigUInt64LE(field)))
  const [wideCount = null, wideLength = null, wideOffset = null] = wide
  if (wideCount === null || wideLength === null || wideOffset === null) return null
  const agrees =
    (count === MARK_16 || count === wideCount) &&
    (length === MARK_32 || length === wideLength) &&
    (offset === MARK_32 || offset === wideOffset)
  return agrees ? { count: wideCount, length: wideLength, offset: wideOffset } : null
}

/** A number of 64 bits that counts exactly here; null for others, which no file reaches. */
const safe = (value: bigint): number | null =>
  value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : null

async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  const { bytesRead } = await file.read(bytes, 0, length, at)
  return bytes.subarray(0, bytesRead)
}

/** Null where something else than entries is in it. */
function membersIn(directory: Buffer): readonly ZipMember[] | null {
  const members: ZipMember[] = []
  let at = 0
  while (at + 46 <= directory.length && directory.readUInt32LE(at) === 0x02_01_4b_50) {
    const nameLength = directory.readUInt16LE(at + 28)
    const extraAt = at + 46 + nameLength
    const extraLength = directory.readUInt16LE(at + 30)
    const next = extraAt + extraLength + directory.readUInt16LE(at + 32)
    if (next > directory.length) return null
    const extra = directory.subarray(extraAt, extraAt + extraLength)
    members.push(readMember(directory, at, nameLength, extra))
    at = next
  }
  return at === directory.length ? members : null
}

/** Made on Unix, by the upper byte of the version that made it. */
const UNIX = 3

function readMember(directory: Buffer, at: number, nameLength: number, extra: Buffer): ZipMember {
  const encrypted = (directory.readUInt16LE(at + 8) & 1) === 1
  const method = directory.readUInt16LE(at + 10)
  const { packed, size, offset } = zip64Sizes(extra, {
    packed: directory.readUInt32LE(at + 20),
    size: directory.readUInt32LE(at + 24),
    offset: directory.readUInt32LE(at + 42),
  })
  // what ZIP64 was to say and does not, and what no file reaches
  const isPlain = [packed, size, offset].every(
    (value) => value !== MARK_32 && Number.isSafeInteger(value),
  )
  return {
    name: directory.toString('utf8', at + 46, at + 46 + nameLength),
    bytes: size,
    mode: directory.readUInt8(at + 5) === UNIX ? directory.readUInt16LE(at + 40) : 0,
    method,
    compressed: packed,
    offset,
    isReadable: !encrypted && isPlain && packed > 0 && (method === STORED || method === DEFLATED),
  }
}

async function dataStart(file: FileHandle, entry: ZipMember): Promise<number | null> {
  const header = await readAt(file, entry.offset, 30)
  if (header.length < 30 || header.readUInt32LE(0) !== 0x04_03_4b_50) return null
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  const { size } = await file.stat()
  return start + entry.compressed <= size ? start : null
}
