import { recordsOf } from './btree-v2.ts'
import { heapAt } from './fractal-heap.ts'
import { defined, Fields, NotUnderstood, type Hdf5File } from './hdf5-file.ts'
import { MESSAGE, type Message } from './object-header.ts'

/** What a group holds under a name. */
export type Link =
  | { readonly kind: 'object'; readonly name: string; readonly address: number }
  | { readonly kind: 'soft'; readonly name: string }
  /** To an object of another file, or of a kind that a program defines. */
  | { readonly kind: 'outside'; readonly name: string; readonly target: string }

/** B-tree records of links by the hash of their name. */
const LINK_NAME_TYPE = 5
const HASH_BYTES = 4
const LINK = { hard: 0, soft: 1, external: 64 } as const
const SOFT_CACHE = 2
/** Deeper trees of groups would hold more than a disk. */
const DEEPEST = 64

/** The links of a group, in whichever of the three ways it keeps them. */
export function* linksOf(file: Hdf5File, messages: readonly Message[]): Generator<Link> {
  for (const { type, body } of messages) {
    if (type === MESSAGE.link) yield linkOf(file, body)
    else if (type === MESSAGE.linkInfo) yield* denseLinks(file, body)
    else if (type === MESSAGE.symbolTable) yield* oldLinks(file, body)
  }
}

function linkOf(file: Hdf5File, body: Buffer): Link {
  const fields = new Fields(body)
  if (fields.u8() !== 1) throw new NotUnderstood()
  const flags = fields.u8()
  const type = (flags & 0x08) === 0 ? LINK.hard : fields.u8()
  if ((flags & 0x04) !== 0) fields.skip(8)
  if ((flags & 0x10) !== 0) fields.skip(1)
  const name = fields.take(fields.uint(2 ** (flags & 0x03))).toString('utf8')
  if (type === LINK.hard) {
    return { kind: 'object', name, address: defined(fields.offset(file.offsetBytes)) }
  }
  const value = fields.take(fields.u16())
  if (type === LINK.soft) return { kind: 'soft', name }
  const parts = value.subarray(1).toString('utf8').split('\0')
  const target = type === LINK.external ? parts.slice(0, 2).join(' ') : `type ${type}`
  return { kind: 'outside', name, target }
}

function* denseLinks(file: Hdf5File, body: Buffer): Generator<Link> {
  const fields = new Fields(body, 1)
  const flags = fields.u8()
  if ((flags & 0x01) !== 0) fields.skip(8)
  const heapAddress = fields.offset(file.offsetBytes)
  const names = fields.offset(file.offsetBytes)
  if (heapAddress === null) return
  const heap = heapAt(file, heapAddress)
  for (const record of recordsOf(file, defined(names), LINK_NAME_TYPE)) {
    yield linkOf(file, heap.object(record.subarray(HASH_BYTES)))
  }
}

function* oldLinks(file: Hdf5File, body: Buffer): Generator<Link> {
  const fields = new Fields(body)
  const tree = defined(fields.offset(file.offsetBytes))
  const heapAddress = defined(fields.offset(file.offsetBytes))
  const heap = file.marked('HEAP', heapAddress, 8 + file.lengthBytes * 2 + file.offsetBytes)
  heap.skip(4)
  const length = heap.uint(file.lengthBytes)
  heap.skip(file.lengthBytes)
  const names = file.bytes(defined(heap.offset(file.offsetBytes)), length)
  yield* oldNode(file, tree, names, { seen: new Set(), depth: 0 })
}

interface OldWalk {
  readonly seen: Set<number>
  readonly depth: number
}

function* oldNode(
  file: Hdf5File,
  address: number,
  names: Buffer,
  { seen, depth }: OldWalk,
): Generator<Link> {
  if (seen.has(address) || depth > DEEPEST) throw new NotUnderstood()
  seen.add(address)
  if (file.bytes(address, 4).toString('latin1') === 'SNOD') {
    yield* symbols(file, address, names)
    return
  }
  const head = file.marked('TREE', address, 8)
  if (head.u8() !== 0) throw new NotUnderstood()
  head.skip(1)
  const count = head.u16()
  const keyed = file.lengthBytes + file.offsetBytes
  const fields = new Fields(file.bytes(address + 8 + file.offsetBytes * 2, count * keyed))
  for (let child = 0; child < count; child++) {
    fields.skip(file.lengthBytes)
    const at = defined(fields.offset(file.offsetBytes))
    yield* oldNode(file, at, names, { seen, depth: depth + 1 })
  }
}

function* symbols(file: Hdf5File, address: number, names: Buffer): Generator<Link> {
  const head = file.marked('SNOD', address, 8)
  head.skip(2)
  const count = head.u16()
  const entryBytes = file.offsetBytes * 2 + 24
  const fields = new Fields(file.bytes(address + 8, count * entryBytes))
  for (let entry = 0; entry < count; entry++) {
    file.budget.step()
    const nameAt = fields.uint(file.offsetBytes)
    const header = fields.offset(file.offsetBytes)
    const cache = fields.u32()
    fields.skip(20)
    const end = names.indexOf(0, nameAt)
    if (nameAt >= names.length || end < 0) throw new NotUnderstood()
    const name = names.toString('utf8', nameAt, end)
    if (cache === SOFT_CACHE || header === null) yield { kind: 'soft', name }
    else yield { kind: 'object', name, address: header }
  }
}
