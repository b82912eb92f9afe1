import type { DatabaseSync } from 'node:sqlite'
import type { LedgerErasure } from '#ledger/ports.ts'
import { createLedgerErasure as createErasure } from '../sql/ledger-erasure.ts'
import type { Queries } from '../sql/queries.ts'
import { inTransaction } from './transaction.ts'

const ERASE = 'UPDATE ledger SET salt = NULL, body = ? WHERE place = ? AND salt IS NOT NULL'

/** Freed pages are filled again by what comes; what was in them is overwritten with zeros first. */
export const createLedgerErasure = (database: DatabaseSync, queries: Queries): LedgerErasure =>
  createErasure(queries, (records) => {
    database.exec('PRAGMA secure_delete = ON')
    inTransaction(database, () => {
      const erase = database.prepare(ERASE)
      for (const { place, leaf } of records) erase.run(leaf, place)
    })
    return Promise.resolve()
  })
