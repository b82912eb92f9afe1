import { gunzipSync, inflateSync } from 'node:zlib'
import type { Budget } from '../budget.ts'
import { inMemory, sliceOf, type ByteSource } from '../bytes/byte-source.ts'

/** A held text or bytes that are tried as encoded or compressed, bytes; and what they may unpack to. */
const LONGEST_ENCODED = 1024 * 1024
const LONGEST_UNPACKED = 1024 * 1024
/** What decoding and unpacking cost beside the steps of the machine, measured roughly. */
const BYTES_PER_STEP = 64

/** Bytes that may be a pickle; `marked` where they begin as only a pickle of protocol 2 to 5 does. */
export interface InnerPickle {
  readonly source: ByteSource
  readonly marked: boolean
}

const BASE64 = /^[A-Za-z0-9+/_=\s-]+$/
const HEXADECIMAL = /^(?:[0-9a-fA-F]{2})+$/
/** An import, after a mark or not: what payloads of protocols 0 and 1 begin with. */
const OLD_OPENING = /^\(*c[A-Za-z_][\w.]{0,80}\n[A-Za-z_]/

/** The pickle that a run of bytes inside a pickle may be: plain, in base64 or hexadecimal, or compressed. */
export function innerPickle(
  source: ByteSource,
  from: number,
  length: number,
  budget: Budget,
): InnerPickle | null {
  const head = Buffer.from(source.read(from, Math.min(length, 128)))
  if (isMarked(head)) return { source: sliceOf(source, from, length), marked: true }
  const text = head.toString('latin1')
  if (OLD_OPENING.test(text)) return { source: sliceOf(source, from, length), marked: false }
  if (length > LONGEST_ENCODED) return null
  const whole = (): string => {
    budget.step(Math.ceil(length / BYTES_PER_STEP))
    return Buffer.from(source.read(from, length)).toString('latin1')
  }
  if (/^gA[I-X]|^KGM|^Y[0-9a-z]/.test(text)) return decoded(whole(), BASE64, 'base64')
  if (/^80(?:0[2-5])/.test(text)) return decoded(whole(), HEXADECIMAL, 'hex')
  const unpack = compressionOf(head)
  if (unpack === null) return null
  budget.step(LONGEST_UNPACKED / BYTES_PER_STEP)
  try {
    return opened(unpack(source.read(from, length), { maxOutputLength: LONGEST_UNPACKED }))
  } catch {
    // bytes that only begin like a compressed stream
    return null
  }
}

function compressionOf(head: Buffer): typeof gunzipSync | null {
  const [first, second = 0] = head
  if (first === 0x1f && second === 0x8b) return gunzipSync
  return first === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(second) ? inflateSync : null
}

const isMarked = (head: Buffer): boolean =>
  head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 9) <= 5

function decoded(text: string, all: RegExp, encoding: 'base64' | 'hex'): InnerPickle | null {
  return all.test(text) ? opened(Buffer.from(text, encoding)) : null
}

function opened(bytes: Buffer): InnerPickle | null {
  if (isMarked(bytes)) return { source: inMemory(bytes), marked: true }
  const isOld = OLD_OPENING.test(bytes.toString('latin1', 0, 128))
  return isOld ? { source: inMemory(bytes), marked: false } : null
}
