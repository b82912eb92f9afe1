import { recordsOf } from './btree-v2.ts'
import { defined, Fields, NotUnderstood, type Hdf5File, type Piece } from './hdf5-file.ts'

/** Records of objects too large for the blocks of a heap. */
const HUGE_TYPE = 1

/** Where many links or attributes of one object are kept. */
export interface FractalHeap {
  /** The object of an id. */
  object(id: Buffer): Buffer
}

interface Shape {
  readonly offsetBytes: number
  readonly lengthBytes: number
  readonly width: number
  readonly starting: number
  readonly directRows: number
  readonly root: number
  /** Rows of the root where it is a table of blocks; none where it is the one block. */
  readonly rows: number
}

/** A heap whose blocks are not filtered: those of groups and attributes never are. */
export function heapAt(file: Hdf5File, address: number): FractalHeap {
  const wide = file.lengthBytes * 12 + file.offsetBytes * 3
  const head = file.marked('FRHP', address, wide + 26)
  if (head.u8() !== 0) throw new NotUnderstood()
  head.skip(2)
  if (head.u16() !== 0) throw new NotUnderstood()
  head.skip(1)
  const mostManaged = head.u32()
  head.skip(file.lengthBytes)
  const hugeTree = head.offset(file.offsetBytes)
  head.skip(file.lengthBytes + file.offsetBytes + file.lengthBytes * 8)
  const width = head.u16()
  const starting = head.uint(file.lengthBytes)
  const largest = head.uint(file.lengthBytes)
  const bits = head.u16()
  head.skip(2)
  const root = head.offset(file.offsetBytes)
  const rows = head.u16()
  if (!isPowerOfTwo(starting) || !isPowerOfTwo(largest) || largest < starting || width === 0) {
    throw new NotUnderstood()
  }
  const shape: Shape = {
    offsetBytes: Math.ceil(bits / 8),
    lengthBytes: Math.min(
      Math.floor((Math.log2(largest) + 7) / 8),
      Math.floor(Math.log2(Math.max(1, mostManaged)) / 8) + 1,
    ),
    width,
    starting,
    directRows: Math.log2(largest) - Math.log2(starting) + 2,
    root: root ?? 0,
    rows,
  }
  let huge: ReadonlyMap<string, Piece> | null = null
  return {
    object(id) {
      file.budget.step()
      const kind = ((id[0] ?? 0) >> 4) & 0x03
      if ((id[0] ?? 0) >> 6 !== 0) throw new NotUnderstood()
      if (kind === 2) return id.subarray(1, 2 + ((id[0] ?? 0) & 0x0f))
      if (kind === 1) {
        huge ??= hugeObjects(file, defined(hugeTree))
        const { address: at, length } = defined(huge.get(keyOf(id.subarray(1), file)))
        return file.bytes(at, length)
      }
      if (kind !== 0 || root === null) throw new NotUnderstood()
      const fields = new Fields(id, 1)
      const offset = fields.uint(shape.offsetBytes)
      return file.bytes(managed(file, shape, offset), fields.uint(shape.lengthBytes))
    },
  }
}

const isPowerOfTwo = (value: number): boolean => value > 0 && Number.isInteger(Math.log2(value))

/** By the number that an id holds, as the bytes it takes there. */
const keyOf = (bytes: Buffer, file: Hdf5File): string =>
  Buffer.concat([bytes, Buffer.alloc(file.lengthBytes)])
    .subarray(0, file.lengthBytes)
    .toString('hex')

function hugeObjects(file: Hdf5File, tree: number): ReadonlyMap<string, Piece> {
  const found = new Map<string, Piece>()
  for (const record of recordsOf(file, tree, HUGE_TYPE)) {
    const fields = new Fields(record)
    const address = defined(fields.offset(file.offsetBytes))
    const length = fields.uint(file.lengthBytes)
    found.set(keyOf(fields.take(file.lengthBytes), file), { address, length })
  }
  return found
}

/** The address of what stands at an offset of the heap's own space: rows of blocks, each row twice as large. */
function managed(file: Hdf5File, shape: Shape, wanted: number): number {
  if (shape.rows === 0) return shape.root + wanted
  let table = shape.root
  let rows = shape.rows
  let offset = wanted
  for (let depth = 0; depth < 64; depth++) {
    const row = rowOf(shape, offset)
    if (row >= rows) throw new NotUnderstood()
    const blockBytes = shape.starting * 2 ** Math.max(0, row - 1)
    const rowStart = row === 0 ? 0 : shape.width * blockBytes
    const column = Math.floor((offset - rowStart) / blockBytes)
    const within = offset - rowStart - column * blockBytes
    const entry = row * shape.width + column
    const at = 5 + file.offsetBytes + shape.offsetBytes + entry * file.offsetBytes
    file.marked('FHIB', table, 5)
    const child = defined(
      new Fields(file.bytes(table + at, file.offsetBytes)).offset(file.offsetBytes),
    )
    if (row < shape.directRows) return child + within
    table = child
    offset = within
    rows = Math.log2(blockBytes) - Math.log2(shape.starting * shape.width) + 1
  }
  throw new NotUnderstood()
}

/** The row that an offset is in: the first two have blocks of the same size. */
function rowOf({ width, starting }: Shape, offset: number): number {
  return offset < width * starting ? 0 : Math.floor(Math.log2(offset / (width * starting))) + 1
}
