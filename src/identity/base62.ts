import type { RandomBytes } from '#kernel/ports.ts'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Largest multiple of 62 in a byte: values above it would make some characters likelier. */
const FAIR = 248

/** Characters drawn evenly from 0-9A-Za-z: 5.95 bits each. */
export function randomBase62(length: number, randomBytes: RandomBytes): string {
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length - text.length)) {
      if (byte < FAIR) text += ALPHABET.charAt(byte % 62)
    }
  }
  return text
}

/** A non-negative integer below 2^53 in base 62, left-filled with zeros. */
export function toBase62(value: number, length: number): string {
  let text = ''
  for (let rest = value; text.length < length; rest = Math.floor(rest / 62)) {
    text = ALPHABET.charAt(rest % 62) + text
  }
  return text
}
