/** Bytes given out one after another, with their addresses: what an HDF5 file is. */
class Image {
  readonly #parts: Buffer[] = []
  #size: number

  constructor(from: number) {
    this.#size = from
  }

  add(...parts: readonly Uint8Array[]): number {
    const at = this.#size
    const whole = Buffer.concat(parts)
    const padded = Buffer.concat([whole, Buffer.alloc((8 - (whole.length % 8)) % 8)])
    this.#parts.push(padded)
    this.#size += padded.length
    return at
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#parts)
  }
}

const UNDEFINED = Buffer.alloc(8, 0xff)
const number = (value: number, width: number): Buffer => {
  const bytes = Buffer.alloc(width)
  for (let at = 0, left = value; at < width; at++, left = Math.floor(left / 256))
    bytes[at] = left % 256
  return bytes
}
const u8 = (...values: readonly number[]): Buffer => Buffer.from(values)
const u16 = (value: number): Buffer => number(value, 2)
const u32 = (value: number): Buffer => number(value, 4)
const u64 = (value: number): Buffer => number(value, 8)
const text = (value: string): Buffer => Buffer.from(value, 'latin1')
const eight = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)])

/** Nodes have room for twice the 4 symbols and 16 children that the superblock tells. */
const SYMBOL_NODE = 8 + 8 * 40
const TREE_NODE = 24 + 33 * 8 + 32 * 8
const filled = (bytes: Buffer, length: number): Buffer =>
  Buffer.concat([bytes, Buffer.alloc(length - bytes.length)])

/** How an attribute or a group is written: there are several ways, all read by the same library. */
export interface Hdf5Options {
  /** Old: symbol tables and the first form of headers; new: links and the second; dense: trees and heaps. */
  readonly form?: 'old' | 'new' | 'dense'
  /** Texts in the heap of the whole file. */
  readonly variable?: boolean
  /** The text class by default; 5 is opaque. */
  readonly valueClass?: 3 | 5
  readonly attributes?: Readonly<Record<string, string | Uint8Array>>
  /** Further messages of a data set below the root, by type. */
  readonly data?: readonly (readonly [number, Buffer])[]
  /** A link of the root to somewhere else, as its type and value. */
  readonly link?: readonly [number, Buffer]
  /** Bytes of somebody else before it. */
  readonly userBlock?: number
}

interface Message {
  readonly type: number
  readonly body: Buffer
}

function attributeBody(
  image: Image,
  name: string,
  value: Uint8Array,
  { form = 'old', variable = false, valueClass = 3 }: Hdf5Options,
): Buffer {
  const label = text(`${name}\0`)
  const isFirst = form === 'old'
  const space = isFirst ? u8(1, 0, 0, 0, 0, 0, 0, 0) : u8(2, 0, 0, 0)
  const ofBytes = (size: number): Buffer =>
    Buffer.concat([u8(0x10 | valueClass, 0, 0, 0), u32(size)])
  const type = variable
    ? Buffer.concat([u8(0x19, 1, 0, 0), u32(16), ofBytes(1)])
    : ofBytes(value.length)
  const data = variable ? globalText(image, value) : Buffer.from(value)
  const pad = isFirst ? eight : (bytes: Buffer): Buffer => bytes
  return Buffer.concat([
    u8(isFirst ? 1 : 3, 0),
    u16(label.length),
    u16(type.length),
    u16(space.length),
    ...(isFirst ? [] : [u8(0)]),
    pad(label),
    pad(type),
    pad(space),
    data,
  ])
}

function globalText(image: Image, value: Uint8Array): Buffer {
  const object = Buffer.concat([
    u16(1),
    u16(1),
    u32(0),
    u64(value.length),
    eight(Buffer.from(value)),
  ])
  // a collection is never smaller than this; what is left is free
  const size = Math.max(4096, 32 + object.length)
  const head = Buffer.concat([text('GCOL'), u8(1, 0, 0, 0), u64(size), object])
  const free = Buffer.concat([u16(0), u16(0), u32(0), u64(size - head.length)])
  const collection = image.add(filled(Buffer.concat([head, free]), size))
  return Buffer.concat([u32(value.length), u64(collection), u32(1)])
}

/** An object header of either form. */
function header(image: Image, isFirst: boolean, messages: readonly Message[]): number {
  if (isFirst) {
    const bodies = messages.map(({ type, body }) => {
      const padded = eight(body)
      return Buffer.concat([u16(type), u16(padded.length), u32(0), padded])
    })
    const whole = Buffer.concat(bodies)
    return image.add(u8(1, 0), u16(messages.length), u32(1), u32(whole.length), u32(0), whole)
  }
  const bodies = messages.map(({ type, body }) =>
    Buffer.concat([u8(type), u16(body.length), u8(0), body]),
  )
  const whole = Buffer.concat(bodies)
  return image.add(text('OHDR'), u8(2, 2), u32(whole.length), whole, u32(0))
}

/** A B-tree of the second kind with one leaf. */
function tree(image: Image, type: number, records: readonly Buffer[]): number {
  const recordBytes = records[0]?.length ?? 1
  const leaf = image.add(
    text('BTLF'),
    u8(0, type),
    ...records,
    Buffer.alloc(Math.max(0, 2048 - 10 - recordBytes * records.length)),
    u32(0),
  )
  return image.add(
    text('BTHD'),
    u8(0, type),
    u32(2048),
    u16(recordBytes),
    u16(0),
    u8(100, 40),
    u64(leaf),
    u16(records.length),
    u64(records.length),
    u32(0),
  )
}

/** A heap of one block, or, for objects of more than 4096 bytes, with each of them apart. */
function heap(
  image: Image,
  objects: readonly Buffer[],
  idBytes: number,
): { readonly at: number; readonly ids: readonly Buffer[] } {
  const ids: Buffer[] = []
  const inside: Buffer[] = []
  const apart: Buffer[] = []
  // mark, version, header, offset: what a block begins with
  let offset = 4 + 1 + 8 + 4
  for (const object of objects) {
    if (object.length > 4096) {
      const key = apart.length + 1
      apart.push(Buffer.concat([u64(image.add(object)), u64(object.length), u64(key)]))
      ids.push(Buffer.concat([u8(0x10), number(key, idBytes - 1)]))
    } else {
      ids.push(Buffer.concat([u8(0), u32(offset), u16(object.length), Buffer.alloc(idBytes - 7)]))
      inside.push(object)
      offset += object.length
    }
  }
  const block = image.add(text('FHDB'), u8(0), u64(0), u32(0), ...inside)
  const huge = apart.length === 0 ? UNDEFINED : u64(tree(image, 1, apart))
  const at = image.add(
    text('FRHP'),
    u8(0),
    u16(idBytes),
    u16(0),
    u8(0),
    u32(4096),
    u64(0),
    huge,
    u64(0),
    UNDEFINED,
    Buffer.alloc(8 * 8),
    u16(4),
    u64(65_536),
    u64(65_536),
    u16(32),
    u16(1),
    u64(block),
    u16(0),
    u32(0),
  )
  return { at, ids }
}

function attributeMessages(image: Image, options: Hdf5Options): readonly Message[] {
  const bodies = Object.entries(options.attributes ?? {}).map(([name, value]) =>
    attributeBody(image, name, typeof value === 'string' ? Buffer.from(value) : value, options),
  )
  if (options.form !== 'dense') return bodies.map((body) => ({ type: 0x0c, body }))
  if (bodies.length === 0) return []
  const { at, ids } = heap(image, bodies, 8)
  const names = tree(
    image,
    8,
    ids.map((id) => Buffer.concat([id, u8(0), u32(0), u32(7)])),
  )
  return [{ type: 0x15, body: Buffer.concat([u8(0, 0), u64(at), u64(names)]) }]
}

const linkBody = (name: string, kind: number, value: Buffer): Buffer =>
  Buffer.concat([
    u8(1, kind === 0 ? 0 : 0x08),
    ...(kind === 0 ? [] : [u8(kind)]),
    u8(name.length),
    text(name),
    kind === 0 ? value : Buffer.concat([u16(value.length), value]),
  ])

/** Messages by which a group holds its members. */
function groupMessages(
  image: Image,
  form: Hdf5Options['form'],
  members: readonly (readonly [string, number])[],
  link: Hdf5Options['link'],
): readonly Message[] {
  if (form === 'old') {
    const names = Buffer.concat([
      Buffer.alloc(8),
      ...members.map(([name]) => eight(text(`${name}\0`))),
    ])
    const data = image.add(names)
    const local = image.add(text('HEAP'), u32(0), u64(names.length), u64(1), u64(data))
    let nameAt = 8
    const entries = members.map(([name, at]) => {
      const entry = Buffer.concat([u64(nameAt), u64(at), Buffer.alloc(24)])
      nameAt += eight(text(`${name}\0`)).length
      return entry
    })
    const node = image.add(
      filled(Buffer.concat([text('SNOD'), u8(1, 0), u16(entries.length), ...entries]), SYMBOL_NODE),
    )
    const top = [text('TREE'), u8(0, 0), u16(1), UNDEFINED, UNDEFINED, u64(0), u64(node), u64(8)]
    const root = image.add(filled(Buffer.concat(top), TREE_NODE))
    return [{ type: 0x11, body: Buffer.concat([u64(root), u64(local)]) }]
  }
  const bodies = members.map(([name, at]) => linkBody(name, 0, u64(at)))
  if (link !== undefined) bodies.push(linkBody('away', link[0], link[1]))
  if (form === 'new') return bodies.map((body) => ({ type: 0x06, body }))
  const { at, ids } = heap(image, bodies, 7)
  const names = tree(
    image,
    5,
    ids.map((id) => Buffer.concat([u32(0), id])),
  )
  return [{ type: 0x02, body: Buffer.concat([u8(0, 0), u64(at), u64(names)]) }]
}

/** An HDF5 file with a group in its root, attributes of the root, and a data set in the group. */
export function buildHdf5(options: Hdf5Options): Buffer {
  const form = options.form ?? 'old'
  const isFirst = form === 'old'
  const superblock = isFirst ? 96 : 48
  const image = new Image(superblock)
  const data = header(image, isFirst, [
    { type: 0x08, body: Buffer.concat([u8(3, 1), u64(superblock), u64(8)]) },
    ...(options.data ?? []).map(([type, body]) => ({ type, body })),
  ])
  const group = header(image, isFirst, groupMessages(image, form, [['kernel:0', data]], undefined))
  const attributes = attributeMessages(image, options)
  const members = groupMessages(image, form, [['model_weights', group]], options.link)
  const root = header(image, isFirst, [...members, ...attributes])
  const mark = Buffer.from('894844460d0a1a0a', 'hex')
  const block = options.userBlock ?? 0
  const end = superblock + image.bytes.length
  const head = isFirst
    ? Buffer.concat([
        mark,
        u8(0, 0, 0, 0, 0, 8, 8, 0),
        u16(4),
        u16(16),
        u32(0),
        u64(block),
        UNDEFINED,
        u64(end),
        UNDEFINED,
        u64(0),
        u64(root),
        Buffer.alloc(24),
      ])
    : Buffer.concat([mark, u8(3, 8, 8, 0), u64(block), UNDEFINED, u64(end), u64(root), u32(0)])
  return Buffer.concat([Buffer.alloc(block), head, image.bytes])
}
