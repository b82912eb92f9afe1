import { exactly, type ByteSource } from '../bytes/byte-source.ts'
import { parseStrictJson, type Json } from '../bytes/strict-json.ts'
import type { Scan } from '../scan.ts'

const CHUNK_BYTES = 1024 * 1024
const BRACE = 0x7b
/** A configuration inside a binary file: first so many bytes are tried, then sixteen times as many. */
const FIRST_TRY = 4096
const LONGEST_JSON = 64 * 1024 * 1024
/** Shorter objects say nothing. */
const SHORTEST = 16

/**
 * The JSON objects that stand anywhere in a binary file, outermost first. HDF5 and the metadata of Keras hold their
 * configuration as one run of text; where exactly depends on five versions of the format, so every place is looked at.
 */
export function* findJson(source: ByteSource, scan: Scan): Generator<Json> {
  let after = 0
  for (let chunk = 0; chunk < source.size; chunk += CHUNK_BYTES) {
    const bytes = exactly(source, chunk, Math.min(CHUNK_BYTES + 64, source.size - chunk))
    if (bytes === null) return
    for (let found = bytes.indexOf(BRACE); found >= 0; found = bytes.indexOf(BRACE, found + 1)) {
      const at = chunk + found
      if (found >= CHUNK_BYTES) break
      if (at < after || !opensObject(bytes, found)) continue
      scan.budget.step()
      const parsed = tryJson(source, at, scan)
      if (parsed === null) continue
      after = at + parsed.length
      yield parsed.value
    }
  }
}

/** A brace, white space, a quote. */
function opensObject(bytes: Buffer, brace: number): boolean {
  let at = brace + 1
  while ([0x20, 0x0a, 0x0d, 0x09].includes(bytes[at] ?? 0)) at += 1
  return bytes[at] === 0x22
}

function tryJson(
  source: ByteSource,
  at: number,
  scan: Scan,
): { readonly value: Json; readonly length: number } | null {
  for (let wanted = FIRST_TRY; ; wanted *= 16) {
    const length = Math.min(wanted, LONGEST_JSON, source.size - at)
    const text = Buffer.from(source.read(at, length)).toString('utf8')
    const parsed = parseStrictJson(text, {
      depth: 200,
      step: () => scan.budget.step(),
      onDuplicate: () => undefined,
      pythonNumbers: true,
    })
    if (parsed.ok) {
      const bytes = Buffer.byteLength(text.slice(0, parsed.end))
      return bytes < SHORTEST ? null : { value: parsed.value, length: bytes }
    }
    // it failed where the text was cut, and there is more
    const cut = parsed.at >= text.length - 16
    if (!cut || length < wanted || wanted >= LONGEST_JSON) return null
  }
}
