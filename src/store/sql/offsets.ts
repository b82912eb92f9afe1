/** First byte: positions as steps from one to the next, or one bit for each. */
const STEPS = 0
const BITS = 1

/** Which of the records of a block, by position from 0, rising. Nothing at all means every one of them. */
export function packOffsets(offsets: readonly number[], size: number): Uint8Array {
  if (offsets.length === size) return new Uint8Array(0)
  const steps: number[] = [STEPS]
  let before = 0
  for (const offset of offsets) {
    let step = offset - before
    for (; step >= 128; step = Math.floor(step / 128)) steps.push((step % 128) + 128)
    steps.push(step)
    before = offset
  }
  const bytes = 1 + Math.ceil(size / 8)
  if (steps.length < bytes) return Uint8Array.from(steps)
  const bits = new Uint8Array(bytes)
  bits[0] = BITS
  for (const offset of offsets) setBit(bits, 1, offset)
  return bits
}

/** One bit for each record of a block. */
export function unpackOffsets(packed: Uint8Array, size: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil(size / 8))
  if (packed.length === 0) return bits.fill(0xff)
  if (packed[0] === BITS) {
    bits.set(packed.subarray(1, 1 + bits.length))
    return bits
  }
  let at = 1
  for (let offset = 0; at < packed.length;) {
    for (let unit = 1; ; unit *= 128) {
      const byte = packed[at] ?? 0
      at += 1
      offset += (byte % 128) * unit
      if (byte < 128) break
    }
    setBit(bits, 0, offset)
  }
  return bits
}

/** The positions, highest first, whose bit is set in every one of them. */
export function commonOffsets(all: readonly Uint8Array[], size: number): number[] {
  const [first, ...others] = all
  const offsets: number[] = []
  if (!first) return offsets
  for (let byte = first.length - 1; byte >= 0; byte -= 1) {
    let bits = first[byte] ?? 0
    for (const other of others) bits &= other[byte] ?? 0
    if (bits === 0) continue
    for (let bit = 7; bit >= 0; bit -= 1) {
      const offset = byte * 8 + bit
      if ((bits >> bit) & 1 && offset < size) offsets.push(offset)
    }
  }
  return offsets
}

function setBit(bits: Uint8Array, start: number, offset: number): void {
  const byte = start + (offset >> 3)
  bits[byte] = (bits[byte] ?? 0) | (1 << (offset & 7))
}
