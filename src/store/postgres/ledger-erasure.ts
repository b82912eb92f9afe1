import type { Pool } from 'pg'
import type { LedgerErasure } from '#ledger/ports.ts'
import { createLedgerErasure as createErasure } from '../sql/ledger-erasure.ts'
import { dropEmptyMonths } from './partitions.ts'
import type { Queries } from '../sql/queries.ts'

const ERASE = `UPDATE ledger SET salt = NULL, body = gone.leaf
  FROM unnest($1::bigint[], $2::bytea[]) AS gone (place, leaf)
  WHERE ledger.place = gone.place AND ledger.salt IS NOT NULL`

/** The old version of a row stays on the server's disk until its own vacuum has passed; a month without records goes whole. */
export function createLedgerErasure(pool: Pool, queries: Queries): LedgerErasure {
  const erasure = createErasure(queries, async (records) => {
    await pool.query(ERASE, [records.map(({ place }) => place), records.map(({ leaf }) => leaf)])
  })
  return {
    ...erasure,
    async removeUpTo(writer, seq, limit) {
      const removed = await erasure.removeUpTo(writer, seq, limit)
      if (removed === 0) await dropEmptyMonths(pool)
      return removed
    },
  }
}
