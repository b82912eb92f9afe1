import { createHash } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { canonicalJson, type JsonObject, type JsonValue } from '#kernel/canonical-json.ts'

/** Largest bill that is unpacked, in bytes. */
const LARGEST = 64 * 1024 * 1024

/** A bill as it is kept: packed, under the SHA-256 (hexadecimal) of what it says. */
export interface PackedBill {
  readonly digest: string
  readonly bytes: Uint8Array
}

/** What a bill says of what runs, without when and under which number it was written: two of the same are one. */
export function composition(bom: JsonObject): JsonObject {
  const { serialNumber: _number, signature: _signature, metadata, ...rest } = bom
  if (!isObject(metadata)) return rest
  const { timestamp: _time, ...said } = metadata
  return { ...rest, metadata: said }
}

/** Packs what a bill says. */
export function packBill(bom: JsonObject): PackedBill {
  const text = canonicalJson(composition(bom))
  return { digest: sha256(text), bytes: deflateRawSync(text, { level: 9 }) }
}

/** What was kept under a digest; null where the bytes are not those. */
export function unpackBill({ digest, bytes }: PackedBill): JsonObject | null {
  try {
    const text = inflateRawSync(bytes, { maxOutputLength: LARGEST }).toString('utf8')
    if (sha256(text) !== digest) return null
    const value: JsonValue = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

/** A kept bill as a document of its own again: `at` in ISO 8601, `id` the UUID of the record that vouches for it. */
export function datedBill(bom: JsonObject, at: string, id: string): JsonObject {
  const metadata = isObject(bom['metadata']) ? bom['metadata'] : {}
  return {
    ...bom,
    serialNumber: `urn:uuid:${id}`,
    metadata: { ...metadata, timestamp: at },
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
