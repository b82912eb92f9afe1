import { hash } from 'node:crypto'

/** What a column holds, in either database. */
export type ColumnKind = 'integer' | 'real' | 'text' | 'bytes'

export interface Column {
  readonly name: string
  readonly kind: ColumnKind
}

/** A table as both databases have it. */
export interface Table {
  readonly name: string
  /** In the order of their names, so that both databases give rows in one form. */
  readonly columns: readonly Column[]
  /** Columns of the primary key, in its order. */
  readonly key: readonly string[]
}

export type Value = number | bigint | string | Uint8Array | null
/** Values in the order of the table's columns. */
export type Row = readonly Value[]

/** Of one database alone, and no part of what is kept: they are neither moved nor backed up. */
const NOT_COPIED_TABLES: ReadonlySet<string> = new Set([
  'change',
  'schema_version',
  'copy_state',
  // can be asked for again, and should not outlive its time in a backup
  'cached_answer',
])
const NOT_COPIED_COLUMNS: ReadonlySet<string> = new Set(
  ['fence', 'holder', 'expires_at'].map((name) => `ledger_writer.${name}`),
)

export const isCopied = (table: string, column?: string): boolean =>
  !NOT_COPIED_TABLES.has(table) &&
  !table.startsWith('sqlite_') &&
  (column === undefined || !NOT_COPIED_COLUMNS.has(`${table}.${column}`))

/** A table with its columns in the order that rows have. */
export const tableOf = (
  name: string,
  columns: readonly Column[],
  key: readonly string[],
): Table => ({
  name,
  columns: columns.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  key,
})

/** The values of the primary key of a row. */
export const keyOf = ({ columns, key }: Table, row: Row): Row =>
  key.map((name) => row[columns.findIndex((column) => column.name === name)] ?? null)

/** One row as a line of JSON: bytes in base64, integers beyond 2^53 as text. */
export const rowText = (row: Row): string => JSON.stringify(row.map(written))

function written(value: Value): unknown {
  if (typeof value === 'bigint') return { i: String(value) }
  if (value instanceof Uint8Array) return { b: Buffer.from(value).toString('base64') }
  return value
}

/** The row in a line; null when it is none. */
export function readRow(values: unknown): Row | null {
  if (!Array.isArray(values)) return null
  const row = values.map(readValue)
  return row.includes(undefined) ? null : (row as Row)
}

function readValue(value: unknown): Value | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  if (typeof value !== 'object') return undefined
  if ('i' in value && typeof value.i === 'string') return BigInt(value.i)
  return 'b' in value && typeof value.b === 'string' ? Buffer.from(value.b, 'base64') : undefined
}

/** Rows counted and summed up: equal for equal rows, in whatever order they were read. */
export class Tally {
  rows = 0
  #sum = 0n

  add(row: Row): void {
    this.rows += 1
    this.#sum += BigInt(`0x${hash('sha256', rowText(row), 'hex')}`)
  }

  /** Of SHA-256 of every row, the sum modulo 2^256, in hexadecimal. */
  digest(): string {
    return BigInt.asUintN(256, this.#sum).toString(16).padStart(64, '0')
  }
}
