/** Longer texts get an array of their own. */
const POOLED = 65_536
const pool = new Uint16Array(POOLED)
const poolBytes = Buffer.from(pool.buffer)

/**
 * The UTF-16 units of a text as numbers: three passes over an array cost a third of those over a string.
 * Valid until the next call; beyond the text's length it holds anything.
 */
export function unitsOf(text: string): Uint16Array {
  if (text.length <= POOLED) {
    poolBytes.write(text, 'utf16le')
    return pool
  }
  const own = new Uint16Array(text.length)
  Buffer.from(own.buffer).write(text, 'utf16le')
  return own
}
