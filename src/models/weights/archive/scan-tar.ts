import { exactly, sliceOf, type ByteSource } from '../bytes/byte-source.ts'
import type { Scan } from '../scan.ts'
import { judgeMemberName } from './member-name.ts'

const BLOCK = 512
/** Names beyond this are no names. */
const LONGEST_NAME = 64 * 1024

/** Types of entries (POSIX pax, GNU): files, and those that only say something of the next one. */
const FILES = new Set(['0', '\0', '7'])
const LINKS = new Set(['1', '2', '3', '4', '6'])

interface Header {
  readonly name: string
  readonly size: number
  readonly type: string
}

/** Whether a block is a header of tar: its checksum tells. */
export function isTarHeader(block: Buffer): boolean {
  if (block.length < BLOCK) return false
  const declared = octal(block.subarray(148, 156))
  let sum = 8 * 32
  for (let at = 0; at < BLOCK; at++) if (at < 148 || at >= 156) sum += block[at] ?? 0
  return declared !== null && declared === sum
}

/** Judges a tar archive and every file in it. */
export function scanTar(source: ByteSource, scan: Scan): 'tar' | 'pytorch-tar' {
  const names = new Set<string>()
  let at = 0
  let long: string | null = null
  while (at + BLOCK <= source.size) {
    const block = exactly(source, at, BLOCK)
    if (block === null || block.every((byte) => byte === 0)) break
    scan.budget.entry()
    const header = readHeader(block)
    if (header === null || at + BLOCK + header.size > source.size) {
      scan.report('tar-malformed', { offset: at })
      break
    }
    const body = sliceOf(source, at + BLOCK, header.size)
    const next = at + BLOCK + Math.ceil(header.size / BLOCK) * BLOCK
    if (header.type === 'L' || header.type === 'x') long = longName(body, header.type) ?? long
    else if (header.type !== 'K' && header.type !== 'g') {
      judgeEntry({ ...header, name: long ?? header.name }, at, body, names, scan)
      long = null
    }
    at = next
  }
  return ['pickle', 'storages', 'tensors'].every((name) => names.has(name)) ? 'pytorch-tar' : 'tar'
}

function judgeEntry(
  header: Header,
  offset: number,
  body: ByteSource,
  names: Set<string>,
  scan: Scan,
): void {
  const { name, type } = header
  judgeMemberName(name, scan)
  if (LINKS.has(type)) {
    scan.report('archive-link', { offset }, name)
    return
  }
  if (type === '5') return
  if (!FILES.has(type)) {
    scan.report('tar-malformed', { offset, at: `type ${type}` }, name)
    return
  }
  const plain = name.replace(/^\.\//, '')
  if (names.has(plain)) scan.report('archive-duplicate', { offset }, name)
  names.add(plain)
  scan.inside(name, body)
}

function readHeader(block: Buffer): Header | null {
  if (!isTarHeader(block)) return null
  const size = sizeOf(block.subarray(124, 136))
  if (size === null) return null
  const prefix =
    block.subarray(257, 262).toString('latin1') === 'ustar' ? text(block, 345, 155) : ''
  const name = text(block, 0, 100)
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size,
    type: String.fromCodePoint(block[156] ?? 0),
  }
}

const text = (block: Buffer, at: number, length: number): string => {
  const field = block.subarray(at, at + length)
  const end = field.indexOf(0)
  return field.subarray(0, end < 0 ? length : end).toString('utf8')
}

function octal(field: Buffer): number | null {
  const digits = /^ *([0-7]+)[ \0]*$/.exec(field.toString('latin1'))?.[1]
  return digits === undefined ? null : Number.parseInt(digits, 8)
}

/** GNU writes sizes beyond 8 GB in binary, marked by the highest bit. */
function sizeOf(field: Buffer): number | null {
  if (((field[0] ?? 0) & 0x80) === 0) return octal(field)
  const value = field.subarray(4).readBigUInt64BE(0)
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : null
}

function longName(body: ByteSource, type: string): string | null {
  const content = Buffer.from(body.read(0, Math.min(body.size, LONGEST_NAME))).toString('utf8')
  if (type === 'L') return content.replace(/\0.*$/s, '')
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(content)?.[1] ?? null
}
