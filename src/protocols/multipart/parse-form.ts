import type { Refusal } from '#kernel/refusal.ts'
import { ok, type Result } from '#kernel/result.ts'
import type { FormPart } from './form-part.ts'
import { boundaryOf } from './header-value.ts'
import { malformed } from './problem.ts'
import { readPart } from './read-part.ts'

/** Most parts of a form; an image edit has 16 images and some twenty fields. */
export const MAX_PARTS = 256

const SPACE = 0x20
const TAB = 0x09
const CR = 0x0d
const LF = 0x0a
const DASH = 0x2d

/** A whole body as the parts of a form, strictly. Files are views of the body. */
export function parseForm(
  body: Uint8Array,
  contentType: string,
): Result<readonly FormPart[], Refusal> {
  const boundary = boundaryOf(contentType)
  if (boundary === null) return malformed('no-boundary')
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const slices = splitParts(bytes, `--${boundary}`)
  if (!slices.ok) return slices
  const parts: FormPart[] = []
  for (const [index, slice] of slices.value.entries()) {
    const part = readPart(slice, index)
    if (!part.ok) return part
    parts.push(part.value)
  }
  return ok(parts)
}

/** What stands between the boundary lines; a boundary counts at the begin of a line only (RFC 2046, section 5.1.1). */
function splitParts(body: Buffer, mark: string): Result<readonly Buffer[], Refusal> {
  const delimiter = Buffer.from(`\r\n${mark}`)
  let after = afterFirst(body, mark, delimiter)
  if (after === -1) return malformed('no-first-boundary')
  const slices: Buffer[] = []
  while (!isFinal(body, after)) {
    if (after === body.length) return malformed('no-final-boundary')
    const start = afterLine(body, after)
    if (start === -1) return malformed('boundary-line')
    if (slices.length === MAX_PARTS) return malformed('too-many-parts')
    const end = body.indexOf(delimiter, start)
    if (end === -1) return malformed('no-final-boundary')
    slices.push(body.subarray(start, end))
    after = end + delimiter.length
  }
  return ok(slices)
}

/** Just after the first boundary, or -1; what comes before it means nothing. */
function afterFirst(body: Buffer, mark: string, delimiter: Buffer): number {
  if (body.subarray(0, mark.length).equals(Buffer.from(mark))) return mark.length
  const found = body.indexOf(delimiter)
  return found === -1 ? -1 : found + delimiter.length
}

/** Two dashes and nothing else on the line; what comes after means nothing. */
const isFinal = (body: Buffer, at: number): boolean =>
  body[at] === DASH &&
  body[at + 1] === DASH &&
  (afterLine(body, at + 2) !== -1 || afterPadding(body, at + 2) === body.length)

/** Just after the end of a line that holds only white space; -1 when it holds more, or has no end. */
function afterLine(body: Buffer, at: number): number {
  const end = afterPadding(body, at)
  return body[end] === CR && body[end + 1] === LF ? end + 2 : -1
}

function afterPadding(body: Buffer, at: number): number {
  let end = at
  while (body[end] === SPACE || body[end] === TAB) end += 1
  return end
}
