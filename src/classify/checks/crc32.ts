const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = (c & 1) === 1 ? 0xed_b8_83_20 ^ (c >>> 1) : c >>> 1
  return c
})

/** CRC-32 (IEEE 802.3) of ASCII text, unsigned. */
export function crc32(ascii: string): number {
  let crc = 0xff_ff_ff_ff
  for (let i = 0; i < ascii.length; i++) {
    crc = (TABLE[(crc ^ ascii.charCodeAt(i)) & 0xff] ?? 0) ^ (crc >>> 8)
  }
  return (crc ^ 0xff_ff_ff_ff) >>> 0
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The six base62 digits that end a GitHub or npm token: CRC-32 of what stands between prefix and tail ("Behind GitHub's new authentication token formats", github.blog, 2021). */
export function base62Crc(ascii: string): string {
  let value = crc32(ascii)
  let out = ''
  while (out.length < 6) {
    out = (BASE62[value % 62] ?? '0') + out
    value = Math.floor(value / 62)
  }
  return out
}
