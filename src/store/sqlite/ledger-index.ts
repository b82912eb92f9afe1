import type { DatabaseSync } from 'node:sqlite'
import type { LedgerIndex } from '#ledger/ports.ts'
import {
  createLedgerIndex as createIndex,
  ROLLUP_COLUMNS,
  ROLLUP_CONFLICT,
} from '../sql/ledger-index.ts'
import type { Queries } from '../sql/queries.ts'
import { inTransaction } from './transaction.ts'

const ADD = `INSERT INTO rollup (${ROLLUP_COLUMNS.join(', ')})
  VALUES (${ROLLUP_COLUMNS.map(() => '?').join(', ')}) ${ROLLUP_CONFLICT}`
const BEGIN = 'INSERT INTO rollup_until (writer, seq) VALUES (?, 0) ON CONFLICT DO NOTHING'
const MOVE = 'UPDATE rollup_until SET seq = ? WHERE writer = ? AND seq = ?'

/** Counts and their place move in one transaction: a crash repeats all of a step or nothing. */
export const createLedgerIndex = (database: DatabaseSync, queries: Queries): LedgerIndex =>
  createIndex(queries, ({ writer, from, to, rows }) => {
    let isNext = false
    // computed from the ledger, so a commit that a power cut takes back is counted again
    database.exec('PRAGMA synchronous = NORMAL')
    try {
      inTransaction(database, () => {
        database.prepare(BEGIN).run(writer)
        isNext = database.prepare(MOVE).run(to, writer, from).changes > 0
        const add = database.prepare(ADD)
        if (isNext) for (const row of rows) add.run(...row)
      })
    } finally {
      database.exec('PRAGMA synchronous = FULL')
    }
    return Promise.resolve(isNext)
  })
