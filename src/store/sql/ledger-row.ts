import { EVENT_TYPES, type LedgerEvent, type StoredRecord } from '#ledger/event.ts'
import { leafHash, LINK_BYTES } from '#ledger/hash.ts'
import { decodeBody, type WordOfNumber } from '../body/decode-body.ts'

/** Room for 2^40 records of each writer, and for 8,191 writers below 2^53. */
export const SEQ_SPAN = 2 ** 40
const MAX_WRITER = 8191

/** The primary key of a record: the writer's number, then its sequence number. */
export function placeOf(writerNumber: number, seq: number): number {
  if (writerNumber > MAX_WRITER || seq >= SEQ_SPAN)
    throw new RangeError('the ledger is out of places')
  return writerNumber * SEQ_SPAN + seq
}

/** The sequence number in a primary key. */
export const seqOfPlace = (place: number): number => place % SEQ_SPAN

/** The number an event type is stored as: its position in the list, from 1. */
export const typeNumber = (type: LedgerEvent['type']): number => EVENT_TYPES.indexOf(type) + 1

/** Sixteen bytes of a UUID. */
export const uuidBytes = (id: string): Uint8Array =>
  Buffer.from(
    id.slice(0, 8) + id.slice(9, 13) + id.slice(14, 18) + id.slice(19, 23) + id.slice(24),
    'hex',
  )

/** A UUID in lower case with dashes. */
export function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The lowest UUID that can be made at or after this time: of version 7, the first six bytes say when (RFC 9562, section 5.7). */
export function uuidFloor(at: number): Uint8Array {
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(Math.min(Math.max(Math.trunc(at), 0), 2 ** 48 - 1), 0, 6)
  return bytes
}

/** A stored row, as the database gives it: not to be trusted before `recordOf` looked at it. */
export type LedgerRow = Readonly<Record<string, unknown>>

/** The record in a row; null when a column holds what no record can (somebody else wrote it). */
export function recordOf(row: LedgerRow, wordOf: WordOfNumber): StoredRecord | null {
  const { writer, tenant, id, salt, body } = row
  const [place, at, type] = [safe(row.place), safe(row.at), EVENT_TYPES[(safe(row.type) ?? 0) - 1]]
  if (place === null || place < 0 || at === null || type === undefined) return null
  if (typeof writer !== 'string' || typeof tenant !== 'string' || !isBytes(id, 16)) return null
  const header = { id: uuidText(id), tenant, writer, seq: seqOfPlace(place), at, type }
  // erased: of what was there, the leaf is left
  if (salt === null)
    return isBytes(body, 32) ? { ...header, leaf: body, salt, payload: null } : null
  if (!(salt instanceof Uint8Array) || !(body instanceof Uint8Array)) return null
  const payload = decodeBody(body, header.id, wordOf)
  if (payload === null) return null
  return {
    ...header,
    // lists never ask for it
    get leaf() {
      return leafHash(salt, payload)
    },
    salt,
    payload,
  }
}

/** The link in a row; null when the column holds none. */
export const linkOf = ({ link }: LedgerRow): Uint8Array | null =>
  isBytes(link, LINK_BYTES) ? link : null

const isBytes = (value: unknown, length: number): value is Uint8Array =>
  value instanceof Uint8Array && value.length === length

function safe(value: unknown): number | null {
  const number = typeof value === 'bigint' ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null
}
