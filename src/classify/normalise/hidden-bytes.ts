import { isUtf8 } from 'node:buffer'
import { constants, gunzipSync, inflateSync } from 'node:zlib'

/** How decoded bytes hold text. */
export type Hiding = 'utf-8' | 'latin-1' | 'utf-16le' | 'utf-16be' | 'gzip' | 'zlib'

/** Fewer bytes say nothing. */
const FEWEST = 8
/** Of Latin-1 text: letters with accents are rare in European languages, and random bytes are not. */
const ASCII_SHARE = 0.85
/** Printable bytes in a row that are text amid bytes that are not. */
const SHORTEST_STRETCH = 16

/** What the first bytes of something are, or undefined when they are no text: pictures, hashes, ciphers. */
export function hidingOf(head: Buffer): Hiding | undefined {
  if (head.length < FEWEST) return undefined
  const [first = 0, second = 0, third = 0] = head
  if (first === 0x1f && second === 0x8b && third === 8) return 'gzip'
  if (isWide(head, 1) || (first === 0xff && second === 0xfe)) return 'utf-16le'
  if (isWide(head, 0) || (first === 0xfe && second === 0xff)) return 'utf-16be'
  return narrowText(head) ?? (isZlib(first, second) ? 'zlib' : undefined)
}

/** Deflate, and a header that is a multiple of 31 (RFC 1950); "x " is one too, so that text is asked first. */
const isZlib = (first: number, second: number): boolean =>
  (first & 0x0f) === 8 && first >> 4 <= 7 && ((first << 8) | second) % 31 === 0

function narrowText(head: Buffer): Hiding | undefined {
  let ascii = 0
  for (const byte of head) {
    if (!isShown(byte)) return undefined
    if (byte < 128) ascii++
  }
  if (ascii === head.length || isUtf8(withoutCutEnd(head))) return 'utf-8'
  return ascii / head.length >= ASCII_SHARE ? 'latin-1' : undefined
}

const isShown = (byte: number): boolean =>
  byte >= 32 ? byte !== 127 : (byte >= 9 && byte <= 13) || byte === 27

/** A head may end inside a character. */
function withoutCutEnd(head: Buffer): Buffer {
  for (let back = 1; back <= 3; back++) {
    const byte = head[head.length - back] ?? 0
    if (byte < 0x80) return head
    if (byte >= 0xc0) return head.subarray(0, head.length - back)
  }
  return head
}

/** Every other byte zero, the others text: a European text in UTF-16. */
function isWide(head: Buffer, zeros: 0 | 1): boolean {
  for (let i = 0; i + 1 < head.length; i += 2) {
    if (head[i + zeros] !== 0 || !isShown(head[i + 1 - zeros] ?? 0)) return false
  }
  return true
}

export type Revealed =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'nothing' }
  /** More than there is room for, or broken where it should not be. */
  | { readonly kind: 'too-much' }

const NOTHING: Revealed = { kind: 'nothing' }
const TOO_MUCH: Revealed = { kind: 'too-much' }

/** The text in bytes; `room` bounds what is unpacked, in bytes. */
export function reveal(bytes: Buffer, hiding: Hiding, room: number): Revealed {
  switch (hiding) {
    case 'utf-8':
      return { kind: 'text', text: bytes.toString('utf8') }
    case 'latin-1':
      return { kind: 'text', text: bytes.toString('latin1') }
    case 'utf-16le':
      return { kind: 'text', text: bytes.toString('utf16le') }
    case 'utf-16be':
      return {
        kind: 'text',
        text: bytes
          .subarray(0, bytes.length & ~1)
          .swap16()
          .toString('utf16le'),
      }
    case 'gzip':
    case 'zlib':
      return unpacked(bytes, hiding, room)
  }
}

function unpacked(bytes: Buffer, hiding: 'gzip' | 'zlib', room: number): Revealed {
  // a cut end gives what there is; more than there is room for is an error, whatever it would become
  const options = { maxOutputLength: Math.max(room, 1), finishFlush: constants.Z_SYNC_FLUSH }
  let inside: Buffer
  try {
    inside = hiding === 'gzip' ? gunzipSync(bytes, options) : inflateSync(bytes, options)
  } catch (error) {
    const isLarge = error instanceof RangeError
    // two bytes make a zlib header: most bytes that begin so are something else
    return isLarge || hiding === 'gzip' ? TOO_MUCH : NOTHING
  }
  const hidden = hidingOf(inside.subarray(0, 64))
  if (hidden === 'gzip' || hidden === 'zlib') return TOO_MUCH
  return hidden === undefined ? stretches(inside) : reveal(inside, hidden, room)
}

/** The printable stretches of bytes that are not text as a whole, a line each. */
export function stretches(bytes: Buffer): Revealed {
  const found: string[] = []
  let start = 0
  for (let i = 0; i <= bytes.length; i++) {
    const byte = bytes[i] ?? 0
    if (i < bytes.length && isShown(byte)) continue
    if (i - start >= SHORTEST_STRETCH) found.push(bytes.toString('utf8', start, i))
    start = i + 1
  }
  return found.length === 0 ? NOTHING : { kind: 'text', text: found.join('\n') }
}
