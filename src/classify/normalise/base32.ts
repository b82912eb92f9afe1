const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const VALUES = new Uint8Array(128)
Array.from(ALPHABET).forEach((letter, value) => {
  VALUES[letter.charCodeAt(0)] = value
})

/** Bytes of base32 (RFC 4648, 6), up to the first character that is none. */
export function fromBase32(run: string): Buffer {
  const bytes = Buffer.alloc(Math.floor((run.length * 5) / 8))
  let length = 0
  let bits = 0
  let held = 0
  for (let i = 0; i < run.length; i++) {
    const unit = run.charCodeAt(i)
    const value = VALUES[unit] ?? 0
    if (value === 0 && unit !== 65) break
    held = ((held << 5) | value) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes[length++] = (held >> bits) & 0xff
  }
  return bytes.subarray(0, length)
}
