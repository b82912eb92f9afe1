import { crc32, inflateRawSync } from 'node:zlib'
import { exactly, inMemory, sliceOf, type ByteSource } from '../bytes/byte-source.ts'
import { OutOfBudget } from '../budget.ts'
import type { Scan } from '../scan.ts'
import { zip64Sizes, type ZipEntry } from './zip-directory.ts'

const LOCAL_MARK = 0x04_03_4b_50
const STORED = 0
const DEFLATED = 8
/** Flags that say a member cannot be read as it is: encrypted, patched, strongly encrypted, masked (APPNOTE 4.4.4). */
const UNREADABLE_FLAGS = 0x01 | 0x20 | 0x40 | 0x20_00
const SIZES_FOLLOW = 0x08
/** Deflate makes at most 1,032 bytes of one. */
const MOST_RATIO = 1000
const BOMB_BYTES = 64 * 1024 * 1024
/** Larger stored members are tensors; their checksum would cost reading them all. */
const CHECKED_BYTES = 64 * 1024 * 1024

/** Where the bytes of a member lie. */
export interface Placed {
  readonly entry: ZipEntry
  readonly start: number
  readonly dataStart: number
  readonly dataEnd: number
  readonly localName: string
  readonly followed: boolean
}

/** Finds a member by its local header, and tells where the two headers disagree. */
export function placeMember(
  source: ByteSource,
  entry: ZipEntry,
  base: number,
  scan: Scan,
): Placed | null {
  const start = base + entry.offset
  const header = exactly(source, start, 30)
  if (header === null || header.readUInt32LE(0) !== LOCAL_MARK) {
    scan.report('zip-malformed', { offset: Math.max(0, start) }, entry.name)
    return null
  }
  const nameLength = header.readUInt16LE(26)
  const extraLength = header.readUInt16LE(28)
  const rest = exactly(source, start + 30, nameLength + extraLength)
  if (rest === null) {
    scan.report('zip-malformed', { offset: start }, entry.name)
    return null
  }
  const name = rest.subarray(0, nameLength)
  const flags = header.readUInt16LE(6)
  const sizes = zip64Sizes(rest.subarray(nameLength), {
    size: header.readUInt32LE(22),
    packed: header.readUInt32LE(18),
    offset: 0,
  })
  const followed = (flags & SIZES_FOLLOW) !== 0
  const known = followed && sizes.size === 0 && sizes.packed === 0
  const agrees =
    name.equals(entry.rawName) &&
    header.readUInt16LE(8) === entry.method &&
    (known || (sizes.size === entry.size && sizes.packed === entry.packed)) &&
    (flags & UNREADABLE_FLAGS) === (entry.flags & UNREADABLE_FLAGS)
  if (!agrees) scan.report('zip-header-mismatch', { offset: start }, entry.name)
  const dataStart = start + 30 + nameLength + extraLength
  if (dataStart + entry.packed > source.size) {
    scan.report('zip-malformed', { offset: start }, entry.name)
    return null
  }
  return {
    entry,
    start,
    dataStart,
    dataEnd: dataStart + entry.packed,
    localName: name.toString('latin1'),
    followed,
  }
}

/** The bytes of a member, unpacked within the limits; null, and told, when they cannot be had. */
export function openMember(source: ByteSource, placed: Placed, scan: Scan): ByteSource | null {
  const { entry, dataStart } = placed
  const at = { offset: placed.start }
  const flags = exactly(source, placed.start, 8)?.readUInt16LE(6) ?? 0
  const marked = ((flags | entry.flags) & UNREADABLE_FLAGS) !== 0
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    scan.report(marked ? 'zip-encrypted' : 'zip-method', at, entry.name)
    return null
  }
  const packed = sliceOf(source, dataStart, entry.packed)
  const opened = entry.method === STORED ? packed : inflate(packed, placed, marked, scan)
  if (opened === null) return null
  const intact = isIntact(opened, entry)
  if (marked) {
    // a member that reads well as it is was never encrypted: the flag is there to stop scanners
    scan.report(intact ? 'zip-false-flags' : 'zip-encrypted', at, entry.name)
    return opened
  }
  if (opened.size !== entry.size) scan.report('zip-size', at, entry.name)
  else if (!intact) scan.report('zip-crc', at, entry.name)
  return opened
}

function isIntact(opened: ByteSource, entry: ZipEntry): boolean {
  if (opened.size !== entry.size) return false
  if (opened.size > CHECKED_BYTES) return true
  return crc32(opened.read(0, opened.size)) === entry.crc
}

function inflate(
  packed: ByteSource,
  placed: Placed,
  marked: boolean,
  scan: Scan,
): ByteSource | null {
  const { entry } = placed
  const at = { offset: placed.start }
  if (entry.size > BOMB_BYTES && entry.size > entry.packed * MOST_RATIO) {
    scan.report('archive-bomb', at, entry.name)
    return null
  }
  const room = scan.budget.memberRoom
  if (entry.packed > room || entry.size > room) throw new OutOfBudget('member')
  const bytes = Buffer.from(packed.read(0, packed.size))
  // one byte more than it says, to see whether it says too little
  const most = Math.min(room, Math.max(entry.size + 1, 1))
  try {
    const unpacked = inflateRawSync(bytes, { maxOutputLength: most })
    scan.budget.unpack(unpacked.length)
    return inMemory(unpacked)
  } catch (error) {
    const tooMuch = error instanceof RangeError
    if (tooMuch && !marked) scan.report('archive-bomb', at, entry.name)
    else scan.report(marked ? 'zip-encrypted' : 'zip-broken-member', at, entry.name)
    return tooMuch && !marked ? beginningOf(bytes, most) : null
  }
}

/** What the first megabytes of an oversized member say: a payload at its beginning is still a payload. */
function beginningOf(bytes: Buffer, most: number): ByteSource | null {
  try {
    return inMemory(inflateRawSync(bytes, { maxOutputLength: Math.max(most, 16 * 1024 * 1024) }))
  } catch {
    return null
  }
}
