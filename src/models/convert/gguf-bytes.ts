/** A metadata value and its type (ggml-org/ggml docs/gguf.md, version 3). */
export type GgufField =
  | readonly ['u32', number]
  | readonly ['f32', number]
  | readonly ['bool', boolean]
  | readonly ['text', string]
  | readonly ['texts', readonly string[]]
  | readonly ['i32s', readonly number[]]

/** A tensor of the file to be; `shape` outermost dimension first, as everywhere but in GGUF itself. */
export interface GgufTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly type: 'F32' | 'F16'
}

const TYPES = { F32: { id: 0, bytes: 4 }, F16: { id: 1, bytes: 2 } } as const
const ALIGNMENT = 32
const VERSION = 3

/** Zeros that follow a tensor of this many bytes. */
export const paddingAfter = (bytes: number): number => (ALIGNMENT - (bytes % ALIGNMENT)) % ALIGNMENT

/** Bytes that a tensor fills, without padding. */
export const tensorBytes = ({ shape, type }: GgufTensor): number =>
  shape.reduce((product, axis) => product * axis, 1) * TYPES[type].bytes

/** The head of a GGUF file, padded: the tensors follow in this order, each padded. The same input gives the same bytes. */
export function ggufHead(
  metadata: readonly (readonly [string, GgufField])[],
  tensors: readonly GgufTensor[],
): Buffer {
  let offset = 0
  const infos = tensors.map((tensor) => {
    const at = offset
    const bytes = tensorBytes(tensor)
    offset += bytes + paddingAfter(bytes)
    const axes = tensor.shape.toReversed()
    return Buffer.concat([
      text(tensor.name),
      u32(axes.length),
      ...axes.map(u64),
      u32(TYPES[tensor.type].id),
      u64(at),
    ])
  })
  const head = Buffer.concat([
    Buffer.from('GGUF'),
    u32(VERSION),
    u64(tensors.length),
    u64(metadata.length),
    ...metadata.flatMap(([key, field]) => [text(key), value(field)]),
    ...infos,
  ])
  return Buffer.concat([head, Buffer.alloc(paddingAfter(head.length))])
}

function value(field: GgufField): Buffer {
  switch (field[0]) {
    case 'u32':
      return Buffer.concat([u32(4), u32(field[1])])
    case 'f32': {
      const bytes = Buffer.alloc(4)
      bytes.writeFloatLE(field[1])
      return Buffer.concat([u32(6), bytes])
    }
    case 'bool':
      return Buffer.concat([u32(7), Buffer.of(field[1] ? 1 : 0)])
    case 'text':
      return Buffer.concat([u32(8), text(field[1])])
    case 'texts':
      return Buffer.concat([u32(9), u32(8), u64(field[1].length), ...field[1].map(text)])
    case 'i32s': {
      const bytes = Buffer.alloc(4 * field[1].length)
      for (const [index, item] of field[1].entries()) bytes.writeInt32LE(item, 4 * index)
      return Buffer.concat([u32(9), u32(5), u64(field[1].length), bytes])
    }
  }
}

const text = (content: string): Buffer =>
  Buffer.concat([u64(Buffer.byteLength(content)), Buffer.from(content)])

function u32(number: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(number)
  return bytes
}

function u64(number: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(number))
  return bytes
}
