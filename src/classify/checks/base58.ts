import { createHash } from 'node:crypto'

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
/** Longest value decoded, in characters: the work is quadratic in it. */
const LONGEST = 64

/** The bytes of a base58 value of at most 64 characters; undefined on any other character. */
export function base58(value: string): Uint8Array | undefined {
  if (value.length > LONGEST) return undefined
  const bytes: number[] = []
  for (const char of value) {
    let carry = ALPHABET.indexOf(char)
    if (carry < 0) return undefined
    for (let i = 0; i < bytes.length; i++) {
      carry += (bytes[i] ?? 0) * 58
      bytes[i] = carry & 0xff
      carry >>= 8
    }
    while (carry > 0) {
      bytes.push(carry & 0xff)
      carry >>= 8
    }
  }
  for (let i = 0; value[i] === '1'; i++) bytes.push(0)
  return Uint8Array.from(bytes.toReversed())
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/** The payload, version byte first, of a base58check value of 21 bytes; undefined when the four bytes of double SHA-256 do not hold. */
export function base58Check(value: string): Uint8Array | undefined {
  const bytes = base58(value)
  if (bytes?.length !== 25) return undefined
  const sum = sha256(sha256(bytes.subarray(0, 21))).subarray(0, 4)
  return sum.equals(bytes.subarray(21)) ? bytes.subarray(0, 21) : undefined
}
