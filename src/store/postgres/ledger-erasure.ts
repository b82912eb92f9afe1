import type { Pool } from 'pg'
import type { LedgerErasure } from '#ledger/ports.ts'
import { createLedgerErasure as createErasure } from '../sql/ledger-erasure.ts'
import type { Queries } from '../sql/queries.ts'

const ERASE = `UPDATE ledger SET salt = NULL, body = NULL, leaf = gone.leaf
  FROM unnest($1::bigint[], $2::bytea[]) AS gone (place, leaf)
  WHERE ledger.place = gone.place AND ledger.body IS NOT NULL`

/** The old version of a row stays on the server's disk until its own vacuum has passed. */
export const createLedgerErasure = (pool: Pool, queries: Queries): LedgerErasure =>
  createErasure(queries, async (records) => {
    await pool.query(ERASE, [records.map(({ place }) => place), records.map(({ leaf }) => leaf)])
  })
