/** A set of small numbers, 32 to a word. */
export type Bits = Uint32Array

export const emptyBits = (count: number): Bits => new Uint32Array((count + 31) >>> 5)

/** All numbers below `count`. */
export function fullBits(count: number): Bits {
  const bits = emptyBits(count).fill(0xffffffff)
  if (count % 32 !== 0) bits[bits.length - 1] = 2 ** (count % 32) - 1
  return bits
}

export function addBit(bits: Bits, number: number): void {
  const word = number >>> 5
  bits[word] = (bits[word] ?? 0) | (1 << (number & 31))
}

export function removeBit(bits: Bits, number: number): void {
  const word = number >>> 5
  bits[word] = (bits[word] ?? 0) & ~(1 << (number & 31))
}

export const hasBit = (bits: Bits, number: number): boolean =>
  (((bits[number >>> 5] ?? 0) >>> (number & 31)) & 1) === 1

/** Keeps in `into` what is in both. */
export function intersect(into: Bits, other: Bits): void {
  for (let word = 0; word < into.length; word += 1)
    into[word] = (into[word] ?? 0) & (other[word] ?? 0)
}

/** Puts all of `other` into `into`. */
export function unite(into: Bits, other: Bits): void {
  for (let word = 0; word < into.length; word += 1)
    into[word] = (into[word] ?? 0) | (other[word] ?? 0)
}

/** Takes all of `other` out of `from`. */
export function subtract(from: Bits, other: Bits): void {
  for (let word = 0; word < from.length; word += 1)
    from[word] = (from[word] ?? 0) & ~(other[word] ?? 0)
}

/** Calls back for every number, from the smallest on. */
export function eachBit(bits: Bits, visit: (number: number) => void): void {
  for (let word = 0; word < bits.length; word += 1) {
    for (let left = bits[word] ?? 0; left !== 0; left &= left - 1)
      visit(word * 32 + 31 - Math.clz32(left & -left))
  }
}
