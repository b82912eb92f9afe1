import { sql } from 'kysely'
import { ok, type Result } from '#kernel/result.ts'
import type { Store } from '../ports.ts'
import type { StoreProblem } from '../problem.ts'
import { openDatabase, type OpenOptions } from './database.ts'
import { queriesOn } from './dialect.ts'
import { createLedgerErasure } from './ledger-erasure.ts'
import { createLedgerIndex } from './ledger-index.ts'
import { createLedgerStore } from './ledger-store.ts'
import { openLogSync, type LogSync } from './log-sync.ts'
import { createSharedStores } from '../sql/shared-stores.ts'

/** The time of the database, milliseconds since 1970. */
const NOW = sql<number>`CAST(unixepoch('subsec') * 1000 AS INTEGER)`

/** Opens the embedded database, creating or migrating it unless read-only. */
export function openStore(options: OpenOptions): Result<Store, StoreProblem> {
  const opened = openDatabase(options)
  if (!opened.ok) return opened
  const database = opened.value
  const queries = queriesOn(database)
  const log = options.readOnly ? READ_ONLY : openLogSync(options.path)
  return ok({
    ledger: createLedgerStore(database, queries, log),
    ...createSharedStores(queries, NOW),
    index: createLedgerIndex(database, queries),
    erasure: createLedgerErasure(database, queries),
    leases: null,
    alone: (_name, work) => work(),
    version: () => Promise.resolve(process.versions['sqlite'] ?? null),
    time: null,
    // pages that are freed are filled again
    tidy: () => Promise.resolve(),
    changes: { listen: () => () => {} },
    async close() {
      await log.close()
      database.close()
    },
  })
}

/** Nothing is appended to a database that is only read. */
const READ_ONLY: LogSync = { sync: () => Promise.resolve(), close: () => Promise.resolve() }
