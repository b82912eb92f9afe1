import type { Pool } from 'pg'
import type { LedgerHead, LedgerStore } from '#ledger/ports.ts'
import { readLedger, recordsById } from '../sql/ledger-read.ts'
import type { Queries } from '../sql/queries.ts'
import { createLedgerAppend } from './ledger-append.ts'
import { knownWords } from '../sql/words.ts'
import { createWalk } from './ledger-walk.ts'

/** The ledger in PostgreSQL: one statement for an append, the query builder for questions. */
export function createLedgerStore(pool: Pool, queries: Queries): LedgerStore {
  const writers = async (): Promise<LedgerHead[]> => {
    const rows = await queries.selectFrom('ledger_writer').selectAll().orderBy('number').execute()
    // A forged sequence number that no double holds is none that was ever given.
    const known = (seq: number) => (Number.isSafeInteger(seq) ? seq : -1)
    return rows.map(({ name, seq, hash }) => ({ writer: name, seq: known(seq), hash }))
  }
  const walks = createWalk(pool, queries)
  const words = knownWords(queries)
  return {
    append: createLedgerAppend(pool),
    head: async (writer) => (await writers()).find((head) => head.writer === writer) ?? null,
    heads: async () => [...(await writers()), ...(await walks.strangers())],
    byId: (id) => recordsById(queries, words, id),
    read: (query) => readLedger(queries, words, query),
    walk: (writer, fromSeq) => walks.walk(writer, fromSeq),
  }
}
