import { crc32 } from 'node:zlib'
import type { RandomBytes } from '#kernel/ports.ts'
import { randomBase62, toBase62 } from './base62.ts'

const ID_LENGTH = 8
/** 38 characters of 5.95 bits: 226 bits of secret. */
const SECRET_LENGTH = 38
/** 62^6 > 2^32. */
const CHECK_LENGTH = 6

const SHAPE = /^ecl_([0-9A-Za-z]{8})_([0-9A-Za-z]{38})([0-9A-Za-z]{6})$/

/** A new key, `ecl_<id>_<secret><check>`: the id is public, the check is the CRC-32 of what stands before it. */
export function newKeyText(randomBytes: RandomBytes): {
  readonly id: string
  readonly key: string
} {
  const id = randomBase62(ID_LENGTH, randomBytes)
  const body = `ecl_${id}_${randomBase62(SECRET_LENGTH, randomBytes)}`
  return { id, key: body + checkOf(body) }
}

/** What a presented text is: one of our keys with its id, one with a slip of the pen, or something else. */
export type KeyText =
  | { readonly kind: 'ours'; readonly id: string }
  | { readonly kind: 'mistyped' | 'other' }

/** Reads the shape of a key without looking anything up. */
export function readKeyText(text: string): KeyText {
  if (!text.startsWith('ecl_')) return { kind: 'other' }
  const id = SHAPE.exec(text)?.[1]
  const body = text.slice(0, -CHECK_LENGTH)
  if (id === undefined || checkOf(body) !== text.slice(-CHECK_LENGTH)) return { kind: 'mistyped' }
  return { kind: 'ours', id }
}

const checkOf = (body: string): string => toBase62(crc32(body), CHECK_LENGTH)
