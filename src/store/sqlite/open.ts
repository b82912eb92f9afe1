import { ok, type Result } from '#kernel/result.ts'
import type { Store } from '../ports.ts'
import type { StoreProblem } from '../problem.ts'
import { openDatabase, type OpenOptions } from './database.ts'
import { createDecisionStore } from './decisions.ts'
import { createDestinationStateStore } from './destination-states.ts'
import { queriesOn } from './dialect.ts'
import { createDocumentStore } from './documents.ts'
import { createKeyStore } from './keys.ts'
import { createLedgerStore } from './ledger-store.ts'
import { createSessionStore } from './sessions.ts'

/** Opens the embedded database, creating or migrating it unless read-only. */
export function openStore(options: OpenOptions): Result<Store, StoreProblem> {
  const opened = openDatabase(options)
  if (!opened.ok) return opened
  const database = opened.value
  const queries = queriesOn(database)
  return ok({
    ledger: createLedgerStore(database, queries),
    decisions: createDecisionStore(queries),
    keys: createKeyStore(database, queries),
    sessions: createSessionStore(queries),
    destinations: createDestinationStateStore(queries),
    documents: createDocumentStore(queries),
    close: () => Promise.resolve(database.close()),
  })
}
