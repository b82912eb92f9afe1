/** Sizes of scalar values by their type number (docs/gguf.md). */
const SIZES: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
}
const ALIGNMENT = 32

interface Tensor {
  readonly info: Buffer
  readonly offset: number
}

/** For tests: cuts a GGUF into parts as `llama-gguf-split` does: the first keeps the metadata, each has its share of tensors. */
export function splitGguf(whole: Buffer, parts: number): readonly Buffer[] {
  let at = 8
  const u64 = (): number => {
    at += 8
    return Number(whole.readBigUInt64LE(at - 8))
  }
  const u32 = (): number => {
    at += 4
    return whole.readUInt32LE(at - 4)
  }
  const skipText = (): void => {
    const length = u64()
    at += length
  }
  const skipValue = (type: number): void => {
    if (type === 8) return skipText()
    if (type !== 9) {
      at += SIZES[type] ?? 0
      return
    }
    const items = u32()
    const length = u64()
    for (let item = 0; item < length; item++) skipValue(items)
  }
  const tensorCount = u64()
  const keyCount = u64()
  const keysFrom = at
  for (let key = 0; key < keyCount; key++) {
    skipText()
    skipValue(u32())
  }
  const keys = whole.subarray(keysFrom, at)
  const tensors: Tensor[] = []
  for (let tensor = 0; tensor < tensorCount; tensor++) {
    const from = at
    skipText()
    const dimensions = u32()
    at += 8 * dimensions + 4
    tensors.push({ info: whole.subarray(from, at), offset: u64() })
  }
  const data = whole.subarray(Math.ceil(at / ALIGNMENT) * ALIGNMENT)
  const share = Math.ceil(tensors.length / parts)
  return Array.from({ length: parts }, (_, no) => {
    const own = tensors.slice(no * share, (no + 1) * share)
    const from = own[0]?.offset ?? 0
    const to = tensors[(no + 1) * share]?.offset ?? data.length
    const more = [
      value('split.no', 2, no, 2),
      value('split.count', 2, parts, 2),
      value('split.tensors.count', 5, tensorCount, 4),
    ]
    const count = Buffer.alloc(16)
    count.writeBigUInt64LE(BigInt(own.length), 0)
    count.writeBigUInt64LE(BigInt((no === 0 ? keyCount : 0) + more.length), 8)
    const header = Buffer.concat([
      whole.subarray(0, 8),
      count,
      ...(no === 0 ? [keys] : []),
      ...more,
      ...own.flatMap(({ info, offset }) => [info, wide(offset - from)]),
    ])
    const padding = Buffer.alloc((ALIGNMENT - (header.length % ALIGNMENT)) % ALIGNMENT)
    return Buffer.concat([header, padding, data.subarray(from, to)])
  })
}

function value(key: string, type: number, number: number, bytes: number): Buffer {
  const end = Buffer.alloc(4 + bytes)
  end.writeUInt32LE(type, 0)
  end.writeUIntLE(number, 4, bytes)
  return Buffer.concat([wide(key.length), Buffer.from(key), end])
}

function wide(number: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(number))
  return bytes
}
