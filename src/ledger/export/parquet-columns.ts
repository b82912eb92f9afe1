import type { BasicType, ColumnSource } from 'hyparquet-writer'
import type { LedgerEvent, StoredRecord } from '../event.ts'
import { hex } from '../hash.ts'

/** One column: its name, its type in Parquet, and its value for a record. */
interface Column {
  readonly name: string
  readonly type: BasicType
  readonly of: (row: ParquetRow) => string | number | bigint | boolean | Date | null
}

/** A record with its hash. */
export interface ParquetRow {
  readonly record: StoredRecord
  readonly hash: string
  readonly event: LedgerEvent | null
}

/** A field of the event, where the record has one of that name. */
const field =
  (name: string) =>
  ({ event }: ParquetRow): string | number | boolean | null => {
    const value = event && (Object.entries(event).find(([key]) => key === name)?.[1] as unknown)
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return value
    return value === null || value === undefined ? null : JSON.stringify(value)
  }

const text = (name: string): Column => ({ name, type: 'STRING', of: field(name) })
const whole = (name: string): Column => ({ name, type: 'DOUBLE', of: field(name) })

/** The record as it is hashed, then what decisions and outcomes say, a column each. */
export const PARQUET_COLUMNS: readonly Column[] = [
  { name: 'id', type: 'STRING', of: ({ record }) => record.id },
  { name: 'tenant', type: 'STRING', of: ({ record }) => record.tenant },
  { name: 'writer', type: 'STRING', of: ({ record }) => record.writer },
  { name: 'seq', type: 'INT64', of: ({ record }) => BigInt(record.seq) },
  { name: 'at', type: 'TIMESTAMP', of: ({ record }) => new Date(record.at) },
  { name: 'type', type: 'STRING', of: ({ record }) => record.type },
  { name: 'hash', type: 'STRING', of: ({ hash }) => hash },
  { name: 'leaf', type: 'STRING', of: ({ record }) => hex(record.leaf) },
  { name: 'salt', type: 'STRING', of: ({ record }) => record.salt && hex(record.salt) },
  { name: 'payload', type: 'STRING', of: ({ record }) => record.payload },
  ...['class', 'categories', 'key', 'team', 'application', 'surface', 'model', 'served'].map(text),
  ...['destination', 'zone', 'refusal', 'findings', 'policy', 'catalogue', 'status', 'code'].map(
    text,
  ),
  ...['inputTokens', 'promptTokens', 'completionTokens', 'costMicro', 'energyMwh'].map(whole),
  ...['firstByteMs', 'totalMs'].map(whole),
]

/** Rows as columns of one row group. */
export const parquetColumns = (rows: readonly ParquetRow[]): ColumnSource[] =>
  PARQUET_COLUMNS.map(({ name, type, of }) => ({ name, type, data: rows.map(of) }))
