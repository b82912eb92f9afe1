import { hash } from 'node:crypto'
import type { LedgerRecord } from './event.ts'

/** `prev` of the first record of a writer: 32 zero bytes. */
export const GENESIS: Uint8Array = new Uint8Array(32)

/** SHA-256(salt || payload); the payload is canonical JSON in UTF-8. */
export function leafHash(salt: Uint8Array, payload: string): Uint8Array {
  const bytes = Buffer.allocUnsafe(salt.length + Buffer.byteLength(payload))
  bytes.set(salt, 0)
  bytes.write(payload, salt.length)
  return hash('sha256', bytes, 'buffer')
}

/** The header a record is hashed under: canonical JSON, so that no two records share one text. */
export function recordHeader(record: Omit<LedgerRecord, 'salt' | 'payload'>): string {
  const { tenant, writer, seq, at, type, id } = record
  const quoted = JSON.stringify
  // Written out because it is hashed for every record; a test holds it equal to canonicalJson.
  return `{"at":${at},"id":${quoted(id)},"leaf":"${hex(record.leaf)}","prev":"${hex(record.prev)}","seq":${seq},"tenant":${quoted(tenant)},"type":${quoted(type)},"v":1,"writer":${quoted(writer)}}`
}

/** SHA-256 of the header: what the next record of the same writer names as its `prev`. */
export const recordHash = (record: Omit<LedgerRecord, 'salt' | 'payload'>): Uint8Array =>
  hash('sha256', recordHeader(record), 'buffer')

/** Bytes in lower-case hexadecimal. */
export const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')

/** Equal length and content; these are public values, so the time it takes tells nothing. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
