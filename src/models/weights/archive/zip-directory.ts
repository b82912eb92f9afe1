import { exactly, type ByteSource } from '../bytes/byte-source.ts'
import type { Scan } from '../scan.ts'

/** One member as the central directory tells it, with its local header beside. */
export interface ZipEntry {
  readonly name: string
  readonly rawName: Buffer
  /** Another name, in an extra field that some readers take instead (Info-ZIP Unicode path). */
  readonly otherName: string | null
  readonly flags: number
  readonly method: number
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly offset: number
  /** File type bits of Unix, 0 where the archive was made elsewhere. */
  readonly mode: number
}

export interface ZipDirectory {
  readonly entries: readonly ZipEntry[]
  /** Where the directory begins and the end record ends, bytes. */
  readonly start: number
  readonly end: number
  /** Where the archive begins: offsets count from there when something was put in front. */
  readonly base: number
}

const END_BYTES = 22
const LONGEST_COMMENT = 65_535
const END_MARK = Buffer.from('PK\x05\x06', 'latin1')
const CENTRAL_MARK = 0x02_01_4b_50
/** Where the record of ZIP64 stands; PyTorch writes both, whatever the size. */
const LOCATOR_MARK = 0x07_06_4b_50
const WIDE_END_MARK = 0x06_06_4b_50
const MARK_32 = 0xff_ff_ff_ff
const LONGEST_DIRECTORY = 256 * 1024 * 1024

interface EndRecord {
  readonly at: number
  readonly count: number
  readonly size: number
  readonly offset: number
  readonly comment: number
}

/**
 * The end record of a zip with members at the end of the bytes, or null: what readers look for from behind. Python takes
 * one with anything after it, too; `exact` asks that nothing is.
 */
export function findZipEnd(source: ByteSource, exact = false): EndRecord | null {
  const found = endRecords(source).find(
    ({ at, count, comment }) => count > 0 && (!exact || at + END_BYTES + comment === source.size),
  )
  return found ?? null
}

/** Every end record in the last 65,557 bytes whose directory begins with the mark of one, last first. */
function endRecords(source: ByteSource): readonly EndRecord[] {
  const length = Math.min(source.size, END_BYTES + LONGEST_COMMENT)
  const from = source.size - length
  const tail = exactly(source, from, length)
  const found: EndRecord[] = []
  if (tail === null || length < END_BYTES) return found
  for (
    let at = tail.lastIndexOf(END_MARK);
    at >= 0;
    at = at === 0 ? -1 : tail.lastIndexOf(END_MARK, at - 1)
  ) {
    if (at + END_BYTES > tail.length) continue
    const record = {
      at: from + at,
      count: tail.readUInt16LE(at + 10),
      size: tail.readUInt32LE(at + 12),
      offset: tail.readUInt32LE(at + 16),
      comment: tail.readUInt16LE(at + 20),
    }
    if (isDirectory(source, record)) found.push(record)
  }
  return found
}

/** An end record counts when a directory stands right before it, or the record of ZIP64 does, or it is empty. */
function isDirectory(source: ByteSource, { at, count, size }: EndRecord): boolean {
  if (count === 0 && size === 0) return true
  if ((exactly(source, at - 20, 4)?.readUInt32LE(0) ?? 0) === LOCATOR_MARK) return true
  return (exactly(source, at - size, 4)?.readUInt32LE(0) ?? 0) === CENTRAL_MARK
}

/** The directory of a zip; null, and told, when there is none that can be read. */
export function readZipDirectory(source: ByteSource, scan: Scan): ZipDirectory | null {
  const records = endRecords(source)
  const [last] = records
  if (last === undefined) {
    scan.report('zip-malformed')
    return null
  }
  // readers that look for the mark alone, and go where it points, find an end record in the comment
  const behind = exactly(source, last.at + END_BYTES, source.size - last.at - END_BYTES)
  if (behind?.includes(END_MARK) === true) scan.report('zip-directories', { offset: last.at })
  const found = withZip64(source, last, scan)
  if (found === null || found.size > LONGEST_DIRECTORY || found.size > found.end) {
    scan.report('zip-malformed', { offset: last.at })
    return null
  }
  const start = found.end - found.size
  const base = start - found.offset
  const bytes = exactly(source, start, found.size)
  if (bytes === null || base < 0) {
    scan.report('zip-malformed', { offset: last.at })
    return null
  }
  // one that lies among the members belongs to an archive inside; gaps between members are told by themselves
  const isOutside = ({ at }: EndRecord): boolean => at !== last.at && (at < base || at >= start)
  if (records.some((record) => isOutside(record))) {
    scan.report('zip-directories', { offset: last.at })
  }
  const entries = readEntries(bytes, found.count, start, scan)
  return entries && { entries, start, end: last.at + END_BYTES + last.comment, base }
}

interface Found {
  readonly count: number
  readonly size: number
  readonly offset: number
  /** Where the directory ends: at the end record, or at the one of ZIP64 before it. */
  readonly end: number
}

function withZip64(source: ByteSource, record: EndRecord, scan: Scan): Found | null {
  const plain = { ...record, end: record.at }
  const locator = exactly(source, record.at - 20, 20)
  if (locator === null || locator.readUInt32LE(0) !== LOCATOR_MARK) return plain
  const at = Number(locator.readBigUInt64LE(8))
  // what was put in front of the archive moves the record too: it stands right before its locator
  const places = new Set([at, record.at - 20 - 56])
  const records = [...places].filter((place) => isWideEnd(source, place))
  const [place] = records
  if (place === undefined) return null
  const bytes = exactly(source, place, 56)
  const [count = 0n, size = 0n, offset = 0n] = [32, 40, 48].map((field) =>
    bytes?.readBigUInt64LE(field),
  )
  // some readers take the first of two, some the second; some go by the plain record unless it says to look further
  const agrees =
    (record.count === 0xff_ff || count === BigInt(record.count)) &&
    (record.size === MARK_32 || size === BigInt(record.size)) &&
    (record.offset === MARK_32 || offset === BigInt(record.offset))
  if (records.length > 1 || !agrees) scan.report('zip-directories', { offset: record.at })
  if (size > BigInt(place)) return null
  return { count: Number(count), size: Number(size), offset: Number(offset), end: place }
}

const isWideEnd = (source: ByteSource, place: number): boolean =>
  Number.isSafeInteger(place) && exactly(source, place, 56)?.readUInt32LE(0) === WIDE_END_MARK

function readEntries(
  bytes: Buffer,
  count: number,
  start: number,
  scan: Scan,
): readonly ZipEntry[] | null {
  const entries: ZipEntry[] = []
  let at = 0
  while (at + 46 <= bytes.length && bytes.readUInt32LE(at) === CENTRAL_MARK) {
    scan.budget.entry()
    const nameLength = bytes.readUInt16LE(at + 28)
    const extraLength = bytes.readUInt16LE(at + 30)
    const next = at + 46 + nameLength + extraLength + bytes.readUInt16LE(at + 32)
    if (next > bytes.length) break
    entries.push(readEntry(bytes, at, nameLength, extraLength))
    at = next
  }
  if (at !== bytes.length || entries.length !== count) {
    scan.report('zip-malformed', { offset: start + at })
    return entries.length > 0 ? entries : null
  }
  return entries
}

function readEntry(bytes: Buffer, at: number, nameLength: number, extraLength: number): ZipEntry {
  const rawName = bytes.subarray(at + 46, at + 46 + nameLength)
  const flags = bytes.readUInt16LE(at + 8)
  const extra = bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength)
  const wide = zip64Sizes(extra, {
    size: bytes.readUInt32LE(at + 24),
    packed: bytes.readUInt32LE(at + 20),
    offset: bytes.readUInt32LE(at + 42),
  })
  return {
    name: rawName.toString((flags & 0x8_00) === 0 ? 'latin1' : 'utf8'),
    rawName: Buffer.from(rawName),
    otherName: unicodeName(extra),
    flags,
    method: bytes.readUInt16LE(at + 10),
    crc: bytes.readUInt32LE(at + 16),
    mode: bytes[at + 5] === 3 ? (bytes.readUInt32LE(at + 38) >>> 16) & 0xf0_00 : 0,
    ...wide,
  }
}

/** Info-ZIP Unicode path: a version, a checksum of the plain name, the name (APPNOTE 4.6.9). */
function unicodeName(extra: Buffer): string | null {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    const end = at + 4 + extra.readUInt16LE(at + 2)
    if (extra.readUInt16LE(at) === 0x70_75 && end - at > 9) {
      return extra.subarray(at + 9, end).toString('utf8')
    }
  }
  return null
}

interface Sizes {
  readonly size: number
  readonly packed: number
  readonly offset: number
}

/** Sizes beyond 32 bits stand in an extra field, in this order, those alone that need it (APPNOTE 4.5.3). */
export function zip64Sizes(extra: Buffer, sizes: Sizes): Sizes {
  let at = 0
  while (at + 4 <= extra.length) {
    const length = extra.readUInt16LE(at + 2)
    if (extra.readUInt16LE(at) === 1) {
      let field = at + 4
      const end = Math.min(extra.length, field + length)
      const wide = (value: number): number => {
        if (value !== MARK_32 || field + 8 > end) return value
        field += 8
        return Number(extra.readBigUInt64LE(field - 8))
      }
      return {
        size: wide(sizes.size),
        packed: wide(sizes.packed),
        offset: wide(sizes.offset),
      }
    }
    at += 4 + length
  }
  return sizes
}
