import type { Clock, NewId, RandomBytes } from '#kernel/ports.ts'

const IDS_PER_DRAW = 64

/** UUID version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, a 12-bit counter within one millisecond, 62 random bits. */
export function uuid7(clock: Clock, randomBytes: RandomBytes): NewId {
  let last = 0
  let counter = 0
  let pool: Uint8Array = new Uint8Array(0)
  let used = 0
  return () => {
    const now = Math.max(clock(), last)
    counter = now === last ? counter + 1 : 0
    // the counter is full: borrow from the next millisecond, so that ids keep their order
    last = counter > 0xfff ? now + 1 : now
    if (counter > 0xfff) counter = 0
    const bytes = Buffer.alloc(16)
    bytes.writeUIntBE(last, 0, 6)
    bytes.writeUInt16BE(0x7000 | counter, 6)
    // one system call for many ids; no byte is used twice
    if (used + 8 > pool.length) {
      pool = randomBytes(8 * IDS_PER_DRAW)
      used = 0
    }
    bytes.set(pool.subarray(used, used + 8), 8)
    used += 8
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
    const hex = bytes.toString('hex')
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      hex.slice(12, 16),
      hex.slice(16, 20),
      hex.slice(20),
    ].join('-')
  }
}
