import { bytes, u32, u64 } from './build-pickle.ts'

/** For tests: a safetensors file from the text of its header and its buffer; `length` may lie. */
export const safetensorsOf = (header: string | Buffer, data: Buffer, length?: bigint): Buffer => {
  const text = Buffer.from(header)
  return bytes(u64(length ?? BigInt(text.length)), text, data)
}

/** For tests: float32 tensors laid out one after another, as the reference writes them. */
export function safetensors(
  tensors: readonly (readonly [string, readonly number[]])[],
  metadata?: Readonly<Record<string, string>>,
): Buffer {
  let at = 0
  const entries = tensors.map(([name, shape]) => {
    const size = shape.reduce((product, each) => product * each, 4)
    const entry = { dtype: 'F32', shape, data_offsets: [at, at + size] }
    at += size
    return [name, entry] as const
  })
  const header = JSON.stringify({
    ...(metadata && { __metadata__: metadata }),
    ...Object.fromEntries(entries),
  })
  const padded = header.padEnd(Math.ceil(header.length / 8) * 8, ' ')
  return safetensorsOf(padded, Buffer.alloc(at, 7))
}

export const ggufText = (value: string | Buffer): Buffer =>
  bytes(u64(Buffer.byteLength(value)), Buffer.from(value))

/** Values with their type numbers. */
export const textValue = (value: string | Buffer): Buffer => bytes(u32(8), ggufText(value))
export const u32Value = (value: number): Buffer => bytes(u32(4), u32(value))

export interface GgufTensor {
  readonly name: string | Buffer
  readonly shape: readonly (number | bigint)[]
  readonly type?: number
  readonly offset?: number | bigint
}

export interface GgufParts {
  readonly version?: number
  readonly tensorCount?: number | bigint
  readonly keyCount?: number | bigint
  readonly alignment?: number
  readonly data?: Buffer
}

/** For tests: a GGUF of float32 tensors, with whatever is wrong with it. */
export function gguf(
  keys: readonly (readonly [string | Buffer, Buffer])[],
  tensors: readonly GgufTensor[],
  parts: GgufParts = {},
): Buffer {
  const alignment = parts.alignment ?? 32
  let at = 0
  const infos = tensors.map(({ name, shape, type = 0, offset }) => {
    const size = Number(shape.reduce<bigint>((product, each) => product * BigInt(each), 4n))
    const info = bytes(
      ggufText(name),
      u32(shape.length),
      ...shape.map((each) => u64(each)),
      u32(type),
      u64(offset ?? at),
    )
    at = Math.ceil((at + Math.min(size, 4096)) / alignment) * alignment
    return info
  })
  const header = bytes(
    'GGUF',
    u32(parts.version ?? 3),
    u64(parts.tensorCount ?? tensors.length),
    u64(parts.keyCount ?? keys.length),
    ...keys.flatMap(([key, value]) => [ggufText(key), value]),
    ...infos,
  )
  const padding = Buffer.alloc((alignment - (header.length % alignment)) % alignment)
  return bytes(header, padding, parts.data ?? Buffer.alloc(at, 3))
}

/** For tests: fields of a protobuf message. */
export const message = (
  ...fields: readonly (readonly [number, Buffer | string | number])[]
): Buffer =>
  bytes(
    ...fields.map(([field, value]) =>
      typeof value === 'number'
        ? bytes(varint((field << 3) | 0), varint(value))
        : bytes(varint((field << 3) | 2), varint(Buffer.byteLength(value)), Buffer.from(value)),
    ),
  )

function varint(value: number): Buffer {
  const digits: number[] = []
  let left = value
  do {
    digits.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0))
    left = Math.floor(left / 128)
  } while (left > 0)
  return Buffer.from(digits)
}

/** For tests: an array of numpy with a header of choice. */
export function npy(header: string, data: Buffer): Buffer {
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11, ' ')}\n`
  const length = Buffer.alloc(2)
  length.writeUInt16LE(padded.length)
  return bytes(0x93, 'NUMPY', 1, 0, length, padded, data)
}
