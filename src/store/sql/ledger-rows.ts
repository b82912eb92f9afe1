import { sql } from 'kysely'
import type { LedgerCursor } from '#ledger/cursor.ts'
import type { StoredRecord } from '#ledger/event.ts'
import type { LedgerQuery } from '#ledger/ports.ts'
import { recordOf, type LedgerRow } from './ledger-row.ts'
import type { Queries } from './queries.ts'
import { withWords, type KnownWords } from './words.ts'

/** Every record with its tenant and writer by name, unfiltered. */
export const ledgerRows = (queries: Queries) =>
  queries
    .selectFrom('ledger')
    .innerJoin('tenant', 'tenant.number', 'ledger.tenant')
    .innerJoin('ledger_writer', (join) =>
      join.on('ledger_writer.number', '=', sql<number>`ledger.place >> 40`),
    )
    .select(['ledger.place', 'ledger.type', 'ledger.at', 'ledger.id', 'ledger.link'])
    .select(['ledger.salt', 'ledger.body', 'tenant.name as tenant', 'ledger_writer.name as writer'])

/** A record and where it stands. */
export interface PlacedRecord {
  readonly place: number
  readonly record: StoredRecord
}

/** A query with its cursor read: what a search needs to know. */
export interface Search {
  readonly query: LedgerQuery
  readonly cursor: LedgerCursor | null
  /** Records to find: one more than the page, so that its end is known. */
  readonly size: number
}

/** The records in rows, without those that are none. */
export async function placedRecords(
  words: KnownWords,
  rows: readonly (LedgerRow & { readonly place: number })[],
): Promise<PlacedRecord[]> {
  const records = await withWords(words, rows, recordOf)
  return rows.flatMap(({ place }, index) => {
    const record = records[index]
    return record ? [{ place, record }] : []
  })
}
