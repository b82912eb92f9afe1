import { sql } from 'kysely'
import type { LedgerErasure } from '#ledger/ports.ts'
import { placeOf, SEQ_SPAN } from './ledger-row.ts'
import { createEvidenceStore } from './evidence.ts'
import type { Queries } from './queries.ts'

/** A record to erase: where it stands, and the leaf that stays. */
export interface ErasedPlace {
  readonly place: number
  readonly leaf: Uint8Array
}

/** All of erasure but the erasing itself, which each database does in its own one step. */
export function createLedgerErasure(
  queries: Queries,
  erase: (records: readonly ErasedPlace[]) => Promise<void>,
): LedgerErasure {
  const progress = createEvidenceStore(queries)
  const numberOf = async (writer: string): Promise<number | null> => {
    const rows = queries.selectFrom('ledger_writer').select('number').where('name', '=', writer)
    const row = await rows.executeTakeFirst()
    return row && Number.isSafeInteger(row.number) ? row.number : null
  }
  return {
    async erase(writer, records) {
      const number = await numberOf(writer)
      if (number === null) return
      await erase(records.map(({ seq, leaf }) => ({ place: placeOf(number, seq), leaf })))
    },
    async removeUpTo(writer, seq, limit) {
      const number = await numberOf(writer)
      if (number === null) return 0
      const [start, end] = [number * SEQ_SPAN, placeOf(number, seq)]
      const { numDeletedRows } = await queries
        .deleteFrom('ledger')
        .where('place', 'in', (rows) =>
          rows
            .selectFrom('ledger')
            .select('place')
            .where('place', '>=', start)
            .where('place', '<=', end)
            .orderBy('place')
            .limit(limit),
        )
        .executeTakeFirst()
      if (numDeletedRows > 0n) return Number(numDeletedRows)
      // the blocks go last: they tell which postings go
      const gone = queries
        .selectFrom('ledger_block')
        .select('first')
        .where('first', '>=', start)
        .where('last', '<=', end)
      await queries.deleteFrom('ledger_posting').where('first', 'in', gone).execute()
      await queries
        .deleteFrom('ledger_block')
        .where('first', '>=', start)
        .where('last', '<=', end)
        .execute()
      return 0
    },
    erasedUpTo: (writer) => progress.delivered(`erased ${writer}`),
    async setErasedUpTo(writer, seq) {
      await progress.setDelivered(`erased ${writer}`, seq)
      const number = await numberOf(writer)
      if (number === null) return
      // what lists could be filtered by goes with what it was read from
      const gone = queries
        .selectFrom('ledger_block')
        .select('first')
        .where('first', '>=', number * SEQ_SPAN)
        .where('last', '<=', placeOf(number, seq))
      await queries
        .deleteFrom('ledger_posting')
        .where('first', 'in', gone)
        .where('name', 'not in', (names) =>
          names
            .selectFrom('index_name')
            .select('number')
            .where(sql<boolean>`text LIKE 'tenant=%' OR text LIKE 'type=%'`),
        )
        .execute()
    },
  }
}
