import { recordsOf } from './btree-v2.ts'
import { heapAt } from './fractal-heap.ts'
import { defined, Fields, NotUnderstood, type Hdf5File, type Piece } from './hdf5-file.ts'
import { MESSAGE, type Message } from './object-header.ts'

/** An attribute of an object. */
export interface Attribute {
  readonly name: string
  /** What of its values is text or bytes; numbers give none. */
  readonly texts: readonly Buffer[]
}

/** B-tree records of attributes by the hash of their name. */
const ATTRIBUTE_NAME_TYPE = 8
const HEAP_ID_BYTES = 8
const CLASS = { text: 3, opaque: 5, variable: 9 } as const
/** Elements of one attribute that are looked at: a list of layers has some thousands. */
const MOST_ELEMENTS = 1_000_000

/** The attributes of an object, kept in its header or apart. */
export function* attributesOf(file: Hdf5File, messages: readonly Message[]): Generator<Attribute> {
  for (const { type, body, isShared } of messages) {
    if (type === MESSAGE.attribute) {
      if (isShared) throw new NotUnderstood()
      yield attributeOf(file, body)
    } else if (type === MESSAGE.attributeInfo) {
      yield* denseAttributes(file, body)
    }
  }
}

function* denseAttributes(file: Hdf5File, body: Buffer): Generator<Attribute> {
  const fields = new Fields(body, 1)
  if ((fields.u8() & 0x01) !== 0) fields.skip(2)
  const heapAddress = fields.offset(file.offsetBytes)
  const names = fields.offset(file.offsetBytes)
  if (heapAddress === null) return
  const heap = heapAt(file, heapAddress)
  for (const record of recordsOf(file, defined(names), ATTRIBUTE_NAME_TYPE)) {
    const isShared = ((record[HEAP_ID_BYTES] ?? 0) & 0x02) !== 0
    if (isShared) throw new NotUnderstood()
    yield attributeOf(file, heap.object(record.subarray(0, HEAP_ID_BYTES)))
  }
}

function attributeOf(file: Hdf5File, body: Buffer): Attribute {
  const fields = new Fields(body)
  const version = fields.u8()
  const flags = fields.u8()
  if (version < 1 || version > 3) throw new NotUnderstood()
  const sizes = [fields.u16(), fields.u16(), fields.u16()] as const
  if (version === 3) fields.skip(1)
  // the first version fills each part up to a multiple of eight
  const part = (length: number): Buffer => {
    const bytes = fields.take(length)
    if (version === 1) fields.skip((8 - (length % 8)) % 8)
    return bytes
  }
  const name = part(sizes[0])
    .toString('utf8')
    .replace(/\0[\s\S]*$/, '')
  const type = part(sizes[1])
  const space = part(sizes[2])
  // a type or a space that stands elsewhere: libraries write it for types that have a name
  if (version > 1 && (flags & 0x03) !== 0) throw new NotUnderstood()
  return { name, texts: textsOf(file, type, elementsOf(file, space), fields) }
}

/** How many elements a space has. */
export function elementsOf(file: Hdf5File, space: Buffer): number {
  const fields = new Fields(space)
  const version = fields.u8()
  const dimensions = fields.u8()
  fields.skip(1)
  if (version === 1) fields.skip(5)
  else if (version !== 2) throw new NotUnderstood()
  else if (fields.u8() === 2) return 0
  let count = 1
  for (let at = 0; at < dimensions; at++) count *= fields.uint(file.lengthBytes)
  return count
}

function textsOf(
  file: Hdf5File,
  type: Buffer,
  elements: number,
  values: Fields,
): readonly Buffer[] {
  const fields = new Fields(type)
  const head = fields.u8() & 0x0f
  const bits = fields.u8()
  fields.skip(2)
  const size = fields.u32()
  if (head === CLASS.text || head === CLASS.opaque) {
    if (elements > MOST_ELEMENTS || size * elements > values.left) throw new NotUnderstood()
    return Array.from({ length: elements }, () => trimmed(values.take(size)))
  }
  if (head !== CLASS.variable) return []
  if (elements > MOST_ELEMENTS || size !== 8 + file.offsetBytes) throw new NotUnderstood()
  // sequences of numbers have a length that counts elements
  const isText = (bits & 0x0f) === 1
  return Array.from({ length: elements }, () => variable(file, values, isText))
}

/** Zeros fill texts up. */
function trimmed(bytes: Buffer): Buffer {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end -= 1
  return bytes.subarray(0, end)
}

/** A text in the heap of the whole file: length, place of the collection, number in it. */
function variable(file: Hdf5File, values: Fields, isText: boolean): Buffer {
  const length = values.u32()
  const address = values.offset(file.offsetBytes)
  const index = values.u32()
  if (length === 0 || address === null || index === 0) return Buffer.alloc(0)
  const object = globalObject(file, address, index)
  if (isText && length > object.length) throw new NotUnderstood()
  return isText ? trimmed(object.subarray(0, length)) : object
}

function globalObject(file: Hdf5File, address: number, index: number): Buffer {
  let objects = file.collections.get(address)
  if (objects === undefined) {
    objects = collectionAt(file, address)
    file.collections.set(address, objects)
  }
  const found = defined(objects.get(index))
  return file.bytes(found.address, found.length)
}

function collectionAt(file: Hdf5File, address: number): ReadonlyMap<number, Piece> {
  const head = file.marked('GCOL', address, 8 + file.lengthBytes)
  if (head.u8() !== 1) throw new NotUnderstood()
  head.skip(3)
  const end = address + head.uint(file.lengthBytes)
  const header = 8 + file.lengthBytes
  const objects = new Map<number, Piece>()
  for (let at = address + header; at + header <= end;) {
    const fields = new Fields(file.bytes(at, header))
    const number = fields.u16()
    fields.skip(6)
    const length = fields.uint(file.lengthBytes)
    // the rest is free
    if (number === 0) break
    if (objects.has(number)) throw new NotUnderstood()
    objects.set(number, { address: at + header, length })
    at += header + Math.ceil(length / 8) * 8
  }
  return objects
}
