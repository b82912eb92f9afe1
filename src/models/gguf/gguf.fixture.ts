/** For tests: the bytes of small GGUF files (version 3, without tensor data). */
export function gguf(
  metadata: readonly (readonly [string, Buffer])[],
  tensors: readonly (readonly [string, readonly number[]])[],
): Buffer {
  return Buffer.concat([
    Buffer.from('GGUF'),
    u32(3),
    u64(tensors.length),
    u64(metadata.length),
    ...metadata.flatMap(([key, value]) => [text(key), value]),
    ...tensors.flatMap(([name, shape]) => [
      text(name),
      u32(shape.length),
      ...shape.map(u64),
      u32(0),
      u64(0),
    ]),
  ])
}

/** A text value with its type number. */
export const textValue = (value: string): Buffer => Buffer.concat([u32(8), text(value)])

/** An unsigned 32-bit value with its type number. */
export const u32Value = (value: number): Buffer => Buffer.concat([u32(4), u32(value)])

const text = (value: string): Buffer =>
  Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)])

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
