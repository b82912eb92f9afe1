import { defined, NotUnderstood, type Fields, type Hdf5File } from './hdf5-file.ts'

/** Mark, version, type and checksum of a node. */
const NODE_FRAME = 10
/** A tree of this depth would hold more records than a disk. */
const DEEPEST = 32

/** What a header says of a tree, and what follows from it for every level. */
interface Tree {
  readonly nodeBytes: number
  readonly recordBytes: number
  /** Width of the count of records in a pointer. */
  readonly countBytes: number
  /** By level, the leaves first: width of a pointer's count of all records below. */
  readonly totalBytes: readonly number[]
}

/** The records of a B-tree of version 2, as bytes. */
export function* recordsOf(file: Hdf5File, address: number, type: number): Generator<Buffer> {
  const head = file.marked('BTHD', address, 22 + file.offsetBytes + file.lengthBytes)
  if (head.u8() !== 0 || head.u8() !== type) throw new NotUnderstood()
  const nodeBytes = head.u32()
  const recordBytes = head.u16()
  const depth = head.u16()
  head.skip(2)
  const root = head.offset(file.offsetBytes)
  const count = head.u16()
  if (root === null || count === 0) return
  if (depth > DEEPEST || recordBytes === 0 || nodeBytes <= NODE_FRAME) throw new NotUnderstood()
  const tree = shapeOf(file, nodeBytes, recordBytes, depth)
  yield* node(file, tree, { address: root, count, level: depth }, new Set())
}

function shapeOf(file: Hdf5File, nodeBytes: number, recordBytes: number, depth: number): Tree {
  const most = Math.floor((nodeBytes - NODE_FRAME) / recordBytes)
  const countBytes = widthFor(most)
  const totalBytes = [0]
  let below = most
  for (let level = 1; level <= depth; level++) {
    const pointer = file.offsetBytes + countBytes + defined(totalBytes[level - 1])
    const records = Math.floor((nodeBytes - NODE_FRAME - pointer) / (recordBytes + pointer))
    if (records < 1) throw new NotUnderstood()
    below = (records + 1) * below + records
    if (!Number.isSafeInteger(below)) throw new NotUnderstood()
    totalBytes.push(widthFor(below))
  }
  return { nodeBytes, recordBytes, countBytes, totalBytes }
}

/** Bytes that hold numbers up to a limit. */
export const widthFor = (limit: number): number => Math.floor(Math.log2(Math.max(1, limit)) / 8) + 1

interface Node {
  readonly address: number
  readonly count: number
  readonly level: number
}

function* node(file: Hdf5File, tree: Tree, at: Node, seen: Set<number>): Generator<Buffer> {
  if (seen.has(at.address)) throw new NotUnderstood()
  seen.add(at.address)
  const fields = file.marked(at.level === 0 ? 'BTLF' : 'BTIN', at.address, tree.nodeBytes)
  fields.skip(2)
  for (let record = 0; record < at.count; record++) {
    file.budget.step()
    yield fields.take(tree.recordBytes)
  }
  if (at.level === 0) return
  for (let child = 0; child <= at.count; child++) {
    yield* node(file, tree, pointer(file, tree, fields, at.level), seen)
  }
}

function pointer(file: Hdf5File, tree: Tree, fields: Fields, level: number): Node {
  const address = defined(fields.offset(file.offsetBytes))
  const count = fields.uint(tree.countBytes)
  fields.skip(defined(tree.totalBytes[level - 1]))
  return { address, count, level: level - 1 }
}
