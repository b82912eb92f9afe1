import { EVENT_TYPES, type LedgerEvent, type LedgerRecord } from '#ledger/event.ts'

/** Position + 1 is the number stored; new types are added at the end. */
const TYPES: readonly LedgerEvent['type'][] = EVENT_TYPES

/** Room for 2^40 records of each writer, and for 8,191 writers below 2^53. */
const SEQ_SPAN = 2 ** 40
const MAX_WRITER = 8191

/** The primary key of a record: the writer's number, then its sequence number. */
export function placeOf(writerNumber: number, seq: number): number {
  if (writerNumber > MAX_WRITER || seq >= SEQ_SPAN)
    throw new RangeError('the ledger is out of places')
  return writerNumber * SEQ_SPAN + seq
}

/** The sequence number in a primary key. */
export const seqOfPlace = (place: number): number => place % SEQ_SPAN

/** The number an event type is stored as. */
export const typeNumber = (type: LedgerEvent['type']): number => TYPES.indexOf(type) + 1

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

/** The first bytes of every UUID version 7 made at or after this time (RFC 9562, section 5.7). */
export function uuidFloor(at: number): Uint8Array {
  const bytes = Buffer.alloc(6)
  bytes.writeUIntBE(Math.min(Math.max(Math.trunc(at), 0), 2 ** 48 - 1), 0, 6)
  return bytes
}

/** A stored row, as the database gives it: not to be trusted before `recordOf` looked at it. */
export type LedgerRow = Readonly<Record<string, unknown>>

/** The record in a row; null when a column holds what no record can (somebody else wrote it). */
export function recordOf(row: LedgerRow): LedgerRecord | null {
  const { writer, tenant, id, prev, leaf, salt, payload } = row
  const [place, at, type] = [safe(row.place), safe(row.at), TYPES[(safe(row.type) ?? 0) - 1]]
  if (place === null || place < 0 || at === null || type === undefined) return null
  if (typeof writer !== 'string' || typeof tenant !== 'string') return null
  if (!isBytes(id, 16) || !isBytes(prev, 32) || !isBytes(leaf, 32)) return null
  if (salt !== null && !(salt instanceof Uint8Array)) return null
  if (payload !== null && typeof payload !== 'string') return null
  const seq = seqOfPlace(place)
  return { id: uuidText(id), tenant, writer, seq, at, type, prev, leaf, salt, payload }
}

const isBytes = (value: unknown, length: number): value is Uint8Array =>
  value instanceof Uint8Array && value.length === length

function safe(value: unknown): number | null {
  const number = typeof value === 'bigint' ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null
}
