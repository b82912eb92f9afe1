import type { Clock, NewId, RandomBytes } from '#kernel/ports.ts'

const IDS_PER_DRAW = 64
/** Counts that one millisecond holds. */
const COUNTS = 0x1000

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** UUID version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, a 12-bit counter within one millisecond, 62 random bits. */
export function uuid7(clock: Clock, randomBytes: RandomBytes): NewId {
  let last = -1
  let time = ''
  let counter = 0
  let pool: Uint8Array = new Uint8Array(0)
  let used = 0
  const nextByte = (): number => pool[used++] ?? 0
  return () => {
    const now = Math.max(clock(), last)
    counter = now === last ? counter + 1 : 0
    // the counter is full: borrow from the next millisecond, so that ids keep their order
    const at = counter === COUNTS ? now + 1 : now
    if (counter === COUNTS) counter = 0
    if (at !== last) {
      last = at
      const digits = at.toString(16).padStart(12, '0')
      time = `${digits.slice(0, 8)}-${digits.slice(8)}-7`
    }
    // one system call for many ids; no byte is used twice
    if (used + 8 > pool.length) {
      pool = randomBytes(8 * IDS_PER_DRAW)
      used = 0
    }
    let id = time + (COUNTS + counter).toString(16).slice(1)
    id += `-${HEX[0x80 | (nextByte() & 0x3f)]}${HEX[nextByte()]}-`
    for (let byte = 0; byte < 6; byte++) id += HEX[nextByte()]
    return id
  }
}
