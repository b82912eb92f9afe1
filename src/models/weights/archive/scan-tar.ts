import { exactly, sliceOf, type ByteSource } from '../bytes/byte-source.ts'
import type { Scan } from '../scan.ts'
import { judgeMemberName } from './member-name.ts'
import { readPax } from './pax-records.ts'

const BLOCK = 512
/** Names beyond this are no names. */
const LONGEST_NAME = 64 * 1024

/** Types of entries (POSIX pax, GNU): files, and those that only say something of the next one. */
const FILES = new Set(['0', '\0', '7'])
const LINKS = new Set(['1', '2', '3', '4', '6'])
const SAYING = new Set(['L', 'K', 'x', 'g'])

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

/** What headers before a file say of it. */
interface Said {
  readonly name: string | null
  readonly size: number | null
}

/** Judges a tar archive and every file in it. */
export function scanTar(source: ByteSource, scan: Scan): 'tar' | 'pytorch-tar' {
  const names = new Set<string>()
  let at = 0
  let said: Said = { name: null, size: null }
  let ended = false
  while (at + BLOCK <= source.size) {
    const block = exactly(source, at, BLOCK)
    if (block === null) break
    scan.budget.step()
    if (block.every((byte) => byte === 0)) {
      ended = true
      at += BLOCK
      continue
    }
    // some readers go on behind the end, others never look there
    if (ended) scan.report('tar-malformed', { offset: at, at: 'after the end' })
    ended = false
    scan.budget.entry()
    const header = readHeader(block)
    const size = said.size ?? header?.size ?? 0
    if (header === null || at + BLOCK + size > source.size) {
      scan.report('tar-malformed', { offset: at })
      break
    }
    if (said.size !== null && header.size !== 0 && header.size !== said.size) {
      scan.report('tar-malformed', { offset: at, at: 'two sizes' }, header.name)
    }
    const body = sliceOf(source, at + BLOCK, size)
    if (SAYING.has(header.type)) said = saidBy(header, body, said, at, scan)
    else {
      judgeEntry({ ...header, name: said.name ?? header.name }, at, body, names, scan)
      said = { name: null, size: null }
    }
    at += BLOCK + (hasBody(header) ? Math.ceil(size / BLOCK) * BLOCK : 0)
    if (size > 0 && !hasBody(header)) scan.report('tar-malformed', { offset: at, at: 'body' })
  }
  return ['pickle', 'storages', 'tensors'].every((name) => names.has(name)) ? 'pytorch-tar' : 'tar'
}

/** Folders and links take no room, whatever size they claim: what follows is the next header (Lib/tarfile.py). */
const hasBody = ({ type, name }: Header): boolean =>
  !LINKS.has(type) && type !== '5' && !(type === '\0' && name.endsWith('/'))

/** What a header says of the file after it; one that speaks of all files must leave names and sizes alone. */
function saidBy(header: Header, body: ByteSource, before: Said, offset: number, scan: Scan): Said {
  if (header.type === 'K') return before
  const content = Buffer.from(body.read(0, Math.min(body.size, LONGEST_NAME)))
  if (header.type === 'L') {
    return { ...before, name: content.toString('utf8').replace(/\0.*$/s, '') }
  }
  const pax = readPax(content)
  if (pax === null || pax.isSparse) scan.report('tar-malformed', { offset, at: 'pax' })
  if (pax === null) return before
  if (header.type === 'x') return { name: pax.path ?? before.name, size: pax.size ?? before.size }
  if (pax.path !== null) judgeMemberName(pax.path, scan)
  if (pax.path !== null || pax.size !== null) scan.report('tar-malformed', { offset, at: 'global' })
  return before
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
  // readers take the prefix whether or not the mark of its format stands there
  const prefix = text(block, 345, 155)
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
