import { strictUtf8 } from '../bytes/utf8.ts'
import type { Scan } from '../scan.ts'
import type { GgufReader } from './gguf-reader.ts'
import types from './tensor-types.json' with { type: 'json' }

/** Block and its bytes by type number. */
const BLOCKS: ReadonlyMap<number, readonly number[]> = new Map(
  Object.entries(types.blocks).map(([type, block]) => [Number(type), block]),
)

/** GGML_MAX_NAME of ggml.h, with its closing zero. */
const LONGEST_NAME = 64
const MOST_DIMENSIONS = 4
/** Sizes are kept as numbers; a petabyte is far below what they hold exactly. */
const MOST_BYTES = 2n ** 50n

export interface Tensor {
  readonly name: string
  readonly offset: bigint
  /** Null when its type is not known. */
  readonly bytes: bigint | null
}

/** Reads the table of tensors; null when one of them makes the rest unreadable. */
export function readTensors(
  reader: GgufReader,
  count: number,
  scan: Scan,
): readonly Tensor[] | null {
  const tensors: Tensor[] = []
  const names = new Set<string>()
  for (let index = 0; index < count; index++) {
    scan.budget.step()
    const tensor = readTensor(reader, scan)
    if (tensor === null) return null
    if (names.has(tensor.name)) scan.report('gguf-duplicate-tensor', {}, tensor.name)
    names.add(tensor.name)
    tensors.push(tensor)
  }
  return tensors
}

function readTensor(reader: GgufReader, scan: Scan): Tensor | null {
  const { cursor } = reader
  const start = cursor.at
  const length = reader.length()
  if (length === null || length > 65_535) {
    scan.report('gguf-tensor-name', { offset: start })
    return null
  }
  const bytes = Buffer.from(cursor.take(length))
  const name = strictUtf8(bytes)
  if (length === 0 || length >= LONGEST_NAME + 1 || name === null) {
    scan.report('gguf-tensor-name', { offset: start }, bytes.toString('latin1'))
  }
  const shown = name ?? bytes.toString('latin1')
  const dimensions = reader.u32()
  if (dimensions > MOST_DIMENSIONS) {
    scan.report('gguf-dimensions', { offset: start }, shown)
    return null
  }
  const shape = Array.from({ length: dimensions }, () => reader.u64())
  const type = reader.u32()
  const offset = reader.u64()
  return { name: shown, offset, bytes: bytesOf(shape, type, start, shown, scan) }
}

function bytesOf(
  shape: readonly bigint[],
  type: number,
  offset: number,
  name: string,
  scan: Scan,
): bigint | null {
  let elements = 1n
  for (const dimension of shape) {
    elements *= dimension
    // checked after each step, as a loader multiplies: a later factor cannot undo an overflow
    if (dimension === 0n || elements > MOST_BYTES) {
      scan.report('gguf-dimensions', { offset }, name)
      return null
    }
  }
  const [block, size] = BLOCKS.get(type) ?? []
  if (block === undefined || size === undefined) {
    scan.report('gguf-tensor-type', { offset, at: `type ${type}` }, name)
    return null
  }
  if ((shape[0] ?? 1n) % BigInt(block) !== 0n) {
    scan.report('gguf-block', { offset }, name)
    return null
  }
  return (elements / BigInt(block)) * BigInt(size)
}

/** Every tensor inside the file, aligned, apart from the others, and nothing else beside them. */
export function checkTensors(
  tensors: readonly Tensor[],
  headerEnd: number,
  fileEnd: number,
  alignment: number,
  scan: Scan,
): void {
  const dataStart = Math.ceil(headerEnd / alignment) * alignment
  const room = BigInt(fileEnd - dataStart)
  const step = BigInt(alignment)
  const sorted = [...tensors].sort((a, b) =>
    a.offset < b.offset ? -1 : a.offset > b.offset ? 1 : 0,
  )
  let covered = 0n
  let certain = true
  for (const { name, offset, bytes } of sorted) {
    const place = { offset: Number(BigInt(dataStart) + offset) }
    if (offset % step !== 0n) scan.report('gguf-alignment', place, name)
    if (offset > room || offset + (bytes ?? 0n) > room) scan.report('gguf-extent', place, name)
    if (offset < covered) scan.report('gguf-overlap', place, name)
    else if (certain && offset - covered >= step) {
      scan.report('gguf-hidden-data', { offset: dataStart + Number(covered) })
    }
    // where the size of one is not known, what lies after it cannot be told from it
    certain = bytes !== null
    const end = offset + (bytes ?? 0n)
    covered = end > covered ? end : covered
  }
  if (certain && room - covered >= step) {
    scan.report('gguf-trailing', { offset: dataStart + Number(covered) })
  }
}
