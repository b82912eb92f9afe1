import { createReadStream } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { createInflateRaw } from 'node:zlib'

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
const LIMITS = {
  /** The end record is followed by a comment of at most 65,535 bytes. */
  tailBytes: END_BYTES + 65_535,
  directoryBytes: 16 * 1024 * 1024,
} as const
const STORED = 0
const DEFLATED = 8

/**
 * The bytes of one entry of a ZIP archive (APPNOTE 6.3, without ZIP64, encryption or several disks), as a stream.
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
    const length = tail.readUInt32LE(end + 12)
    const offset = tail.readUInt32LE(end + 16)
    if (length > LIMITS.directoryBytes || offset + length > size) return null
    return membersIn(await readAt(file, offset, length))
  } finally {
    await file.close()
  }
}

async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  const { bytesRead } = await file.read(bytes, 0, length, at)
  return bytes.subarray(0, bytesRead)
}

function membersIn(directory: Buffer): readonly ZipMember[] {
  const members: ZipMember[] = []
  let at = 0
  while (at + 46 <= directory.length && directory.readUInt32LE(at) === 0x02_01_4b_50) {
    const nameLength = directory.readUInt16LE(at + 28)
    const extra = directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
    members.push(readMember(directory, at, nameLength))
    at += 46 + nameLength + extra
  }
  return members
}

/** Made on Unix, by the upper byte of the version that made it. */
const UNIX = 3

function readMember(directory: Buffer, at: number, nameLength: number): ZipMember {
  const encrypted = (directory.readUInt16LE(at + 8) & 1) === 1
  const method = directory.readUInt16LE(at + 10)
  const compressed = directory.readUInt32LE(at + 20)
  const bytes = directory.readUInt32LE(at + 24)
  const offset = directory.readUInt32LE(at + 42)
  const zip64 = [compressed, bytes, offset].includes(0xff_ff_ff_ff)
  return {
    name: directory.toString('utf8', at + 46, at + 46 + nameLength),
    bytes,
    mode: directory.readUInt8(at + 5) === UNIX ? directory.readUInt16LE(at + 40) : 0,
    method,
    compressed,
    offset,
    isReadable:
      !encrypted && !zip64 && compressed > 0 && (method === STORED || method === DEFLATED),
  }
}

async function dataStart(file: FileHandle, entry: ZipMember): Promise<number | null> {
  const header = await readAt(file, entry.offset, 30)
  if (header.length < 30 || header.readUInt32LE(0) !== 0x04_03_4b_50) return null
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  const { size } = await file.stat()
  return start + entry.compressed <= size ? start : null
}
