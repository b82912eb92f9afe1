import type { JsonValue } from '#kernel/canonical-json.ts'
import { isList } from '../json-body.ts'
import type { EncodingFormat } from './request.ts'

const FLOAT_BYTES = 4
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** A vector as one destination wrote it, and its length. */
export interface WrittenVector {
  readonly format: EncodingFormat
  readonly length: number
  /** The same vector in either form; numbers become float32 on the way to base64. */
  as(format: EncodingFormat): string | readonly number[]
}

/** Reads a vector in whichever form it came; null when it is none: empty, not numbers, not whole float32s, not finite. */
export function readVector(value: JsonValue | undefined): WrittenVector | null {
  if (typeof value === 'string') return readBase64(value)
  if (!isList(value) || value.length === 0) return null
  const numbers = value.filter((item) => typeof item === 'number')
  // beyond float32 a number would become infinite on its way to base64
  if (numbers.length !== value.length || !numbers.every((n) => Number.isFinite(Math.fround(n))))
    return null
  return {
    format: 'float',
    length: numbers.length,
    as: (format) => (format === 'float' ? numbers : toBase64(numbers)),
  }
}

function readBase64(text: string): WrittenVector | null {
  if (!BASE64.test(text)) return null
  const bytes = Buffer.from(text, 'base64')
  const length = bytes.length / FLOAT_BYTES
  if (length === 0 || !Number.isInteger(length)) return null
  for (let index = 0; index < length; index++) {
    if (!Number.isFinite(bytes.readFloatLE(index * FLOAT_BYTES))) return null
  }
  return {
    format: 'base64',
    length,
    as: (format) => (format === 'base64' ? text : toNumbers(bytes, length)),
  }
}

/** Base64 of the numbers as little-endian float32. */
export function toBase64(numbers: readonly number[]): string {
  const bytes = Buffer.alloc(numbers.length * FLOAT_BYTES)
  for (const [index, number] of numbers.entries()) bytes.writeFloatLE(number, index * FLOAT_BYTES)
  return bytes.toString('base64')
}

/** Each float32 at its exact value. */
const toNumbers = (bytes: Buffer, length: number): readonly number[] =>
  Array.from({ length }, (_, index) => bytes.readFloatLE(index * FLOAT_BYTES))
