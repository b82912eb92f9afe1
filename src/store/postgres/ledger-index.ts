import type { Pool } from 'pg'
import type { LedgerIndex } from '#ledger/ports.ts'
import {
  createLedgerIndex as createIndex,
  ROLLUP_COLUMNS,
  ROLLUP_CONFLICT,
} from '../sql/ledger-index.ts'
import type { Queries } from '../sql/queries.ts'

const TYPES = ['int', 'int', 'bigint', 'int', ...ROLLUP_COLUMNS.slice(4).map(typeOf)]

function typeOf(column: string): string {
  return column === 'energy_mwh' ? 'float8' : 'bigint'
}

/** Rows are taken in the order in which they come. */
const COUNT = `WITH moved AS (
    UPDATE rollup_until SET seq = $2 WHERE writer = $1 AND seq = $3 RETURNING seq),
  added AS (INSERT INTO rollup (${ROLLUP_COLUMNS.join(', ')})
    SELECT ${ROLLUP_COLUMNS.map((column, index) => (index < 4 ? `given.${column}` : `nullif(given.${column}, 0)`)).join(', ')}
    FROM moved, unnest(${TYPES.map((type, index) => `$${index + 4}::${type}[]`).join(', ')})
      AS given (${ROLLUP_COLUMNS.join(', ')})
    ${ROLLUP_CONFLICT})
  SELECT seq FROM moved`
const BEGIN = 'INSERT INTO rollup_until (writer, seq) VALUES ($1, 0) ON CONFLICT DO NOTHING'

/** Counts and their place move in one statement. */
export const createLedgerIndex = (pool: Pool, queries: Queries): LedgerIndex =>
  createIndex(queries, async ({ writer, from, to, rows }) => {
    await pool.query(BEGIN, [writer])
    const columns = ROLLUP_COLUMNS.map((_, column) => rows.map((row) => row[column]))
    const moved = await pool.query({
      name: 'ledger-count',
      text: COUNT,
      values: [writer, to, from, ...columns],
    })
    return moved.rows.length === 1
  })
