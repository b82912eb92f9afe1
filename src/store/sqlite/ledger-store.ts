import type { DatabaseSync } from 'node:sqlite'
import type { LedgerHead, LedgerStore } from '#ledger/ports.ts'
import type { Queries } from '../sql/queries.ts'
import { createLedgerAppend } from './ledger-append.ts'
import { readLedger, recordsById } from '../sql/ledger-read.ts'
import { knownWords } from '../sql/words.ts'
import { createWalk } from './ledger-walk.ts'
import type { LogSync } from './log-sync.ts'

/** The ledger in SQLite: prepared statements for appends, the query builder for questions. */
export function createLedgerStore(
  database: DatabaseSync,
  queries: Queries,
  log: Pick<LogSync, 'sync'>,
): LedgerStore {
  const writers = async (): Promise<LedgerHead[]> => {
    const rows = await queries.selectFrom('ledger_writer').selectAll().orderBy('number').execute()
    // A forged sequence number that no double holds is none that was ever given.
    const known = (seq: number) => (Number.isSafeInteger(seq) ? seq : -1)
    return rows.map(({ name, seq, hash }) => ({ writer: name, seq: known(seq), hash }))
  }
  const walks = createWalk(database, queries)
  const words = knownWords(queries)
  return {
    append: createLedgerAppend(database, log),
    head: async (writer) => (await writers()).find((head) => head.writer === writer) ?? null,
    heads: async () => [...(await writers()), ...walks.strangers()],
    byId: (id) => recordsById(queries, words, id),
    read: (query) => readLedger(queries, words, query),
    walk: (writer, fromSeq) => walks.walk(writer, fromSeq),
  }
}
