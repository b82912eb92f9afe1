import { exactly, type ByteSource } from '../bytes/byte-source.ts'
import { onlySpace, parseStrictJson, type Json } from '../bytes/strict-json.ts'
import { strictUtf8 } from '../bytes/utf8.ts'
import { hiddenPayload } from '../hidden-payload.ts'
import type { Scan } from '../scan.ts'
import dtypes from './dtypes.json' with { type: 'json' }

/** Header length that the reference reader accepts, bytes (MAX_HEADER_SIZE of safetensors/src/tensor.rs). */
const MAX_HEADER_BYTES = 100_000_000

const BITS: ReadonlyMap<string, number> = new Map(Object.entries(dtypes.bits))

/** Whether the first bytes look like safetensors: a length that is plausible, then an opening brace. */
export function looksLikeSafetensors(head: Buffer, size: number): boolean {
  if (head.length < 9 || head[8] !== 0x7b) return false
  const length = head.readBigUInt64LE(0)
  return length >= 2n && length <= BigInt(Math.max(MAX_HEADER_BYTES, size))
}

interface Extent {
  readonly name: string
  readonly begin: number
  readonly end: number
}

/** Checks every structural rule of a safetensors file; only its header is read. */
export function scanSafetensors(source: ByteSource, scan: Scan): void {
  const text = readHeader(source, scan)
  if (text === null) return
  let duplicate: string | null = null
  const parsed = parseStrictJson(text.header, {
    depth: 6,
    step: () => scan.budget.step(),
    onDuplicate: (key) => {
      duplicate = key
    },
  })
  if (duplicate !== null) scan.report('safetensors-duplicate-key', { offset: 8 }, duplicate)
  // the reference accepts trailing spaces only as padding
  if (!parsed.ok || !(parsed.value instanceof Map) || !onlySpace(text.header, parsed.end)) {
    scan.report('safetensors-header-json', { offset: 8 })
    return
  }
  if (text.bufferStart % 8 !== 0) scan.report('safetensors-misaligned', { offset: 0 })
  checkEntries(parsed.value, source.size - text.bufferStart, text.bufferStart, scan)
}

function readHeader(
  source: ByteSource,
  scan: Scan,
): { readonly header: string; readonly bufferStart: number } | null {
  const start = exactly(source, 0, 8)
  const declared = start?.readBigUInt64LE(0) ?? null
  if (declared === null || declared > BigInt(MAX_HEADER_BYTES)) {
    scan.report('safetensors-header-length', { offset: 0 })
    return null
  }
  const bytes = exactly(source, 8, Number(declared))
  if (bytes === null) {
    scan.report('safetensors-header-length', { offset: 0 })
    return null
  }
  if (bytes[0] !== 0x7b) {
    scan.report('safetensors-header-start', { offset: 8 })
    return null
  }
  const header = strictUtf8(bytes)
  if (header === null) {
    scan.report('safetensors-header-utf8', { offset: 8 })
    return null
  }
  return { header, bufferStart: 8 + Number(declared) }
}

function checkEntries(
  header: ReadonlyMap<string, Json>,
  room: number,
  bufferStart: number,
  scan: Scan,
): void {
  const extents: Extent[] = []
  let unknown = false
  for (const [name, entry] of header) {
    scan.budget.step()
    if (name === '__metadata__') {
      checkMetadata(entry, scan)
      continue
    }
    const extent = readEntry(name, entry, room, scan)
    if (extent === null) unknown = true
    else extents.push(extent)
  }
  scan.fact('tensors', extents.length)
  if (!unknown) checkCover(extents, room, bufferStart, scan)
}

const FIELDS = new Set(['dtype', 'shape', 'data_offsets'])

/** The extent of one tensor; null when it has none that could be trusted. */
function readEntry(name: string, entry: Json, room: number, scan: Scan): Extent | null {
  const at = { at: 'header' }
  if (!(entry instanceof Map)) {
    scan.report('safetensors-entry', at, name)
    return null
  }
  const fields: ReadonlyMap<string, Json> = entry
  const dtype = fields.get('dtype')
  const shape = whole(fields.get('shape'))
  const offsets = whole(fields.get('data_offsets'))
  const known = [...fields.keys()].every((key) => FIELDS.has(key))
  const [begin, end] = offsets ?? []
  if (
    !known ||
    typeof dtype !== 'string' ||
    shape === null ||
    offsets?.length !== 2 ||
    begin === undefined ||
    end === undefined
  ) {
    scan.report('safetensors-entry', at, name)
    return null
  }
  if (begin > end || end > room) scan.report('safetensors-extent', at, name)
  const bits = BITS.get(dtype)
  if (bits === undefined) scan.report('safetensors-dtype', at, dtype)
  else if (bytesOf(shape, bits) !== end - begin) scan.report('safetensors-size', at, name)
  return { name, begin, end }
}

/** Whole numbers of a list, or null when it is something else. */
function whole(value: Json | undefined): readonly number[] | null {
  if (!Array.isArray(value)) return null
  const items: readonly unknown[] = value
  return items.every((item): item is number => typeof item === 'number') ? items : null
}

/** Bytes of a tensor; null when it overflows or does not fill its last byte. */
function bytesOf(shape: readonly number[], bits: number): number | null {
  let total = BigInt(bits)
  for (const dimension of shape) {
    total *= BigInt(dimension)
    // a later zero cannot undo an overflow: the reference multiplies in the same order, checked
    if (total > 0xff_ff_ff_ff_ff_ff_ff_ffn) return null
  }
  return total % 8n === 0n ? Number(total / 8n) : null
}

/** Tensors must cover the buffer, each byte once: no room for a second format. */
function checkCover(
  extents: readonly Extent[],
  room: number,
  bufferStart: number,
  scan: Scan,
): void {
  const sorted = [...extents].sort((a, b) => a.begin - b.begin || a.end - b.end)
  let covered = 0
  for (const { name, begin, end } of sorted) {
    const offset = bufferStart + begin
    if (begin < covered) scan.report('safetensors-overlap', { offset }, name)
    else if (begin > covered) scan.report('safetensors-hole', { offset: bufferStart + covered })
    covered = Math.max(covered, end)
  }
  if (covered < room) scan.report('safetensors-trailing', { offset: bufferStart + covered })
}

function checkMetadata(metadata: Json, scan: Scan): void {
  if (!(metadata instanceof Map)) {
    scan.report('safetensors-metadata-type', { at: '__metadata__' })
    return
  }
  for (const [key, value] of metadata) {
    if (typeof value !== 'string') {
      scan.report('safetensors-metadata-type', { at: '__metadata__' }, String(key))
    } else if (hiddenPayload(value)) {
      scan.report('safetensors-metadata-payload', { at: '__metadata__' }, String(key))
    }
    if (typeof value === 'string' && SHOWN.has(String(key))) scan.fact(String(key), value)
  }
}

/** Metadata worth showing. */
const SHOWN = new Set(['format', 'modelspec.title', 'modelspec.license', 'modelspec.architecture'])
