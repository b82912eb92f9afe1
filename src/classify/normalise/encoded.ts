import { fromBase32 } from './base32.ts'
import { hidingOf, reveal, stretches, type Hiding, type Revealed } from './hidden-bytes.ts'

/** A longer run is not decoded: what it hides is not known. */
export const LONGEST_RUN = 2_000_000
/** Shorter runs hide nothing: 24 characters of base64 are 18 bytes. */
export const SHORTEST_RUN = 24
/** Characters looked at before a run is decoded. */
const HEAD = 64
/** Runs of this length are looked at inside too, not only at their beginning. */
const LONG = 256

type Scheme = 'base64' | 'hex' | 'base32'

/** A run that hides something, by the look of its first characters. */
export interface Encoded {
  readonly scheme: Scheme
  /** mixed: it begins with other bytes, and text follows. */
  readonly hiding: Hiding | 'mixed'
  /** Characters before the encoded text: the name of a field, a path. */
  readonly prefix: number
}

/** `items/`, `b64_`: words of base64 characters that may stand before a run. */
const PREFIX = /^(?:[A-Za-z]{0,20}\d{0,3}[/_-]){1,6}/
/** Pictures, sounds, fonts and WebAssembly in base64, by their first bytes: there is nothing to read in them. */
const MEDIA =
  /^(?:iVBORw|\/9j\/|R0lGOD|UklGR|d09G|T1RUTw|AAEAAA|AAABAA|SUQz|T2dnUw|AGFzbQ|Qk[0-3]|AAAA.{4}Z0eX)/

/** A picture, sound or font in a run of standard base64: what looks like an identifier in it is chance. */
export const isMedia = (text: string, start: number, end: number): boolean =>
  end - start >= LONG &&
  MEDIA.test(text.slice(start, start + HEAD)) &&
  !/[_-]/.test(text.slice(start, end))

/** Whether the run in [start, end) hides text, by its first characters and, if it is long, by some inside. */
export function lookInto(text: string, start: number, end: number): Encoded | undefined {
  const head = text.slice(start, Math.min(end, start + HEAD))
  const seen = sniff(head)
  if (seen !== undefined) return { ...seen, prefix: 0 }
  const prefix = PREFIX.exec(head)?.[0].length ?? 0
  if (prefix > 0 && end - start - prefix >= SHORTEST_RUN) {
    const after = sniff(text.slice(start + prefix, Math.min(end, start + prefix + HEAD)))
    if (after !== undefined) return { ...after, prefix }
  }
  return end - start >= LONG && !MEDIA.test(head) ? sniffInside(text, start, end) : undefined
}

function sniffInside(text: string, start: number, end: number): Encoded | undefined {
  for (const share of [0.25, 0.5, 0.75]) {
    const at = start + 4 * Math.floor(((end - start) * share) / 4)
    const hiding = hidingIn(text.slice(at, Math.min(end, at + HEAD)), 'base64')
    if (hiding === 'utf-8' || hiding === 'latin-1')
      return { scheme: 'base64', hiding: 'mixed', prefix: 0 }
  }
  return undefined
}

function sniff(head: string): { scheme: Scheme; hiding: Hiding } | undefined {
  if (/^(?:0x)?[\da-f]{16}/i.test(head)) {
    const hiding = hidingIn(head, 'hex')
    if (hiding !== undefined) return { scheme: 'hex', hiding }
  }
  const hiding = hidingIn(head, 'base64')
  if (hiding !== undefined) return { scheme: 'base64', hiding }
  const wide = /^[A-Z2-7]{16}/.test(head) ? hidingIn(head, 'base32') : undefined
  return wide === undefined ? undefined : { scheme: 'base32', hiding: wide }
}

const scratch = Buffer.alloc(HEAD)

function hidingIn(head: string, scheme: Scheme): Hiding | undefined {
  // what does not fill a group of characters is not looked at: it may be cut
  const even = head.slice(0, head.length & ~7)
  if (scheme === 'base32') return hidingOf(fromBase32(even))
  const digits = scheme === 'hex' ? even.replace(/^0x/i, '') : even
  return hidingOf(scratch.subarray(0, scratch.write(digits, scheme)))
}

/** The text in a whole run; `room` bounds what is unpacked. */
export function decodeRun(run: string, encoded: Encoded, room: number): Revealed {
  const bytes = bytesOf(run, encoded.scheme)
  return encoded.hiding === 'mixed' ? stretches(bytes) : reveal(bytes, encoded.hiding, room)
}

function bytesOf(run: string, scheme: Scheme): Buffer {
  if (scheme === 'base32') return fromBase32(run)
  return Buffer.from(scheme === 'hex' ? run.replace(/^0x/i, '') : run, scheme)
}
