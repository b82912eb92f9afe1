import { hash } from 'node:crypto'
import type { LedgerRecord } from './event.ts'

/** `prev` of the first record of a writer: 32 zero bytes. */
export const GENESIS: Uint8Array = new Uint8Array(32)

/** Salts and payloads are put together here, one after the other: no record needs memory of its own to be hashed. */
const scratch = Buffer.alloc(16_384)
/** A UTF-16 unit never needs more bytes of UTF-8. */
const BYTES_PER_UNIT = 3

/** SHA-256(salt || payload) in lower-case hexadecimal; the payload is canonical JSON in UTF-8. */
export function leafHex(salt: Uint8Array, payload: string): string {
  const most = salt.length + BYTES_PER_UNIT * payload.length
  const bytes = most <= scratch.length ? scratch : Buffer.allocUnsafe(most)
  bytes.set(salt, 0)
  const length = salt.length + bytes.write(payload, salt.length)
  return hash('sha256', bytes.subarray(0, length), 'hex')
}

/** SHA-256(salt || payload). */
export const leafHash = (salt: Uint8Array, payload: string): Uint8Array =>
  bytesOf(leafHex(salt, payload))

/** What a record is hashed under, its two hashes in hexadecimal. */
export type RecordHeader = Pick<
  LedgerRecord,
  'tenant' | 'writer' | 'seq' | 'at' | 'type' | 'id'
> & {
  readonly prev: string
  readonly leaf: string
}

/** The header a record is hashed under: canonical JSON, so that no two records share one text. */
export function headerText({
  tenant,
  writer,
  seq,
  at,
  type,
  id,
  leaf,
  prev,
}: RecordHeader): string {
  const quoted = JSON.stringify
  // Written out because it is hashed for every record; a test holds it equal to canonicalJson.
  return `{"at":${at},"id":${quoted(id)},"leaf":"${leaf}","prev":"${prev}","seq":${seq},"tenant":${quoted(tenant)},"type":${quoted(type)},"v":1,"writer":${quoted(writer)}}`
}

/** SHA-256 of the header, in hexadecimal: what the next record of the same writer names as its `prev`. */
export const headerHex = (header: RecordHeader): string => hash('sha256', headerText(header), 'hex')

/** The header of a record as it is stored. */
export const recordHeader = (record: Omit<LedgerRecord, 'salt' | 'payload'>): string =>
  headerText({ ...record, prev: hex(record.prev), leaf: hex(record.leaf) })

/** SHA-256 of the header of a record as it is stored. */
export const recordHash = (record: Omit<LedgerRecord, 'salt' | 'payload'>): Uint8Array =>
  bytesOf(hash('sha256', recordHeader(record), 'hex'))

/** Bytes of a record's hash that are kept beside it, so that a change is told where it is; the head holds all of its own. */
export const LINK_BYTES = 4

/** Bytes in lower-case hexadecimal. */
export const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')

/** The bytes of a text in hexadecimal. */
export const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'hex')

/** Equal length and content; these are public values, so the time it takes tells nothing. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
