import { exactly, sliceOf, type ByteSource } from '../bytes/byte-source.ts'
import { probePickle } from '../pickle/scan-pickle.ts'
import type { Scan } from '../scan.ts'
import { judgeMemberName } from './member-name.ts'
import { readZipDirectory, type ZipDirectory } from './zip-directory.ts'
import { openMember, placeMember, type Placed } from './zip-member.ts'

/** What a zip is, by the names of its members. */
export type ZipKind =
  | 'pytorch-zip'
  | 'torchscript'
  | 'keras-zip'
  | 'npz'
  | 'skops'
  | 'python-package'
  | 'zip'

const SYMBOLIC_LINK = 0xa0_00

/**
 * Judges a zip and every member of it, as each of its readers would see it; `isBehind` where another format may stand in
 * front of it by its own rules.
 */
export function scanZip(source: ByteSource, scan: Scan, isBehind = false): ZipKind {
  const directory = readZipDirectory(source, scan)
  if (directory === null) return 'zip'
  const names = new Set<string>()
  const places: Placed[] = []
  for (const entry of directory.entries) {
    scan.budget.step()
    judgeMemberName(entry.name, scan)
    if (names.has(entry.name)) scan.report('archive-duplicate', {}, entry.name)
    names.add(entry.name)
    if (entry.otherName !== null && !entry.rawName.equals(Buffer.from(entry.otherName))) {
      scan.report('zip-header-mismatch', {}, entry.name)
      judgeMemberName(entry.otherName, scan)
    }
    if (entry.mode === SYMBOLIC_LINK) scan.report('archive-link', {}, entry.name)
    const placed = placeMember(source, entry, directory.base, scan)
    if (placed !== null) places.push(placed)
  }
  checkGaps(source, directory, places, isBehind, scan)
  const kind = kindOf(names, scan.name)
  scan.fact('members', directory.entries.length)
  if (kind === 'torchscript') scan.report('torchscript')
  const isTorch = kind === 'pytorch-zip' || kind === 'torchscript'
  for (const placed of places) {
    if (isTorch && RAW_TENSOR.test(placed.entry.name)) checkRaw(source, placed, scan)
    else scanMember(source, placed, scan)
  }
  return kind
}

/** Members that PyTorch copies into tensors as they are. */
const RAW_TENSOR = /^[^/]+\/(?:data|constants|tensors)\/\d+$/

/** Raw numbers look like anything by chance: only a pickle that imports is worth a word. */
function checkRaw(source: ByteSource, placed: Placed, scan: Scan): void {
  const opened = openMember(source, placed, scan)
  if (opened !== null && opened.size > 0 && probePickle(opened, 0, scan)) {
    scan.report('pickle-nested', { offset: placed.dataStart }, placed.entry.name)
  }
}

function scanMember(source: ByteSource, placed: Placed, scan: Scan): void {
  const { entry, localName } = placed
  if (entry.name.endsWith('/') && entry.size === 0) return
  const opened = openMember(source, placed, scan)
  if (opened === null) return
  scan.inside(entry.name, opened)
  // a reader that goes by local headers sees another name, and may treat it in another way
  if (localName !== entry.rawName.toString('latin1')) scan.inside(localName, opened)
  if (entry.otherName !== null && entry.otherName !== entry.name) {
    scan.inside(entry.otherName, opened)
  }
}

/** Members must follow one another from the first byte to the directory: anything else hides something. */
function checkGaps(
  source: ByteSource,
  directory: ZipDirectory,
  places: readonly Placed[],
  isBehind: boolean,
  scan: Scan,
): void {
  const sorted = [...places].sort((a, b) => a.start - b.start)
  let covered = isBehind ? (sorted[0]?.start ?? 0) : 0
  for (const placed of sorted) {
    if (placed.start < covered) {
      scan.report('zip-overlap', { offset: placed.start }, placed.entry.name)
    } else if (placed.start > covered) checkGap(source, covered, placed.start, scan)
    covered = Math.max(covered, placed.dataEnd + descriptorBytes(source, placed))
  }
  if (directory.start > covered) checkGap(source, covered, directory.start, scan)
  if (directory.start < covered) scan.report('zip-overlap', { offset: directory.start })
  if (directory.end < source.size) scan.report('zip-hidden-data', { offset: directory.end })
}

/** Length of the sizes that follow a member, with or without their mark, of 32 or 64 bits (APPNOTE 4.3.9). */
function descriptorBytes(source: ByteSource, { dataEnd, entry, followed }: Placed): number {
  if (!followed) return 0
  const bytes = exactly(source, dataEnd, Math.min(24, source.size - dataEnd))
  if (bytes === null || bytes.length < 12) return 0
  const marked = bytes.readUInt32LE(0) === 0x08_07_4b_50
  const crcAt = marked ? 4 : 0
  if (bytes.readUInt32LE(crcAt) !== entry.crc) return 0
  const wide =
    bytes.length >= crcAt + 20 &&
    bytes.readBigUInt64LE(crcAt + 4) === BigInt(entry.packed) &&
    bytes.readBigUInt64LE(crcAt + 12) === BigInt(entry.size)
  return crcAt + 4 + (wide ? 16 : 8)
}

function checkGap(source: ByteSource, from: number, to: number, scan: Scan): void {
  const head = exactly(source, from, Math.min(4, to - from))
  if (head?.length === 4 && head.readUInt32LE(0) === 0x04_03_4b_50) {
    scan.report('zip-orphan', { offset: from })
    scanOrphan(source, from, to, scan)
    return
  }
  scan.report(from === 0 ? 'zip-prefix' : 'zip-hidden-data', { offset: from })
  // what stands in front may be a file of another format in its own right
  scan.inside(
    from === 0 ? '(before the archive)' : '(between members)',
    sliceOf(source, from, to - from),
  )
}

function scanOrphan(source: ByteSource, from: number, to: number, scan: Scan): void {
  const header = exactly(source, from, 30)
  if (header === null) return
  const nameLength = header.readUInt16LE(26)
  const rawName = exactly(source, from + 30, nameLength)
  if (rawName === null) return
  const dataStart = from + 30 + nameLength + header.readUInt16LE(28)
  const packed = Math.min(header.readUInt32LE(18), Math.max(0, to - dataStart))
  const entry = {
    name: rawName.toString('latin1'),
    rawName,
    otherName: null,
    flags: header.readUInt16LE(6),
    method: header.readUInt16LE(8),
    crc: header.readUInt32LE(14),
    packed,
    size: header.readUInt32LE(22),
    offset: from,
    mode: 0,
  }
  scanMember(
    source,
    {
      entry,
      start: from,
      dataStart,
      dataEnd: dataStart + packed,
      localName: entry.name,
      followed: false,
    },
    scan,
  )
}

/** The kind of an archive by what is in it; its extension only where that says nothing. */
function kindOf(names: ReadonlySet<string>, fileName: string): ZipKind {
  const all = [...names]
  const has = (pattern: RegExp): boolean => all.some((name) => pattern.test(name))
  if (has(/(?:^|\/)constants\.pkl$/) || has(/^[^/]+\/code\/.+\.py$/)) return 'torchscript'
  if (has(/(?:^|\/)data\.pkl$/)) return 'pytorch-zip'
  if (names.has('config.json') && (names.has('metadata.json') || has(/\.h5$/))) return 'keras-zip'
  if (names.has('schema.json') || /\.skops$/i.test(fileName)) return 'skops'
  if (all.length > 0 && all.every((name) => name.endsWith('.npy'))) return 'npz'
  if (has(/\.dist-info\/(?:METADATA|RECORD)$/)) return 'python-package'
  return 'zip'
}
