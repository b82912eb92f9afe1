import { sql } from 'kysely'
import { ok, type Result } from '#kernel/result.ts'
import type { Store } from '../ports.ts'
import type { StoreProblem } from '../problem.ts'
import { createBudgetStore } from '../sql/budgets.ts'
import { createApplicationStore } from '../sql/applications.ts'
import { createOrganisationStore, createTeamStore } from '../sql/organisations.ts'
import { createPersonStore } from '../sql/people.ts'
import { createSealedStore } from '../sql/sealed-secrets.ts'
import { openDatabase, type OpenOptions } from './database.ts'
import { createDecisionStore } from '../sql/decisions.ts'
import { createDestinationStateStore } from '../sql/destination-states.ts'
import { queriesOn } from './dialect.ts'
import { createCachedAnswerStore } from '../sql/cached-answers.ts'
import { createContentStore } from '../sql/content.ts'
import { createEvidenceStore } from '../sql/evidence.ts'
import { createDocumentStore } from '../sql/documents.ts'
import { createKeyStore } from '../sql/keys.ts'
import { createLedgerErasure } from './ledger-erasure.ts'
import { createLedgerIndex } from './ledger-index.ts'
import { createLedgerStore } from './ledger-store.ts'
import { openLogSync, type LogSync } from './log-sync.ts'
import { createQuotaStore } from '../sql/quotas.ts'
import { createWindowStore } from '../sql/quota-windows.ts'
import { createSessionStore } from '../sql/sessions.ts'
import { createSharedFileStore } from '../sql/shared-files.ts'
import { createSignInCodeStore, createVouchedSessionStore } from '../sql/sign-ins.ts'

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
    decisions: createDecisionStore(queries),
    index: createLedgerIndex(database, queries),
    evidence: createEvidenceStore(queries),
    content: createContentStore(queries),
    answers: createCachedAnswerStore(queries),
    erasure: createLedgerErasure(database, queries),
    keys: createKeyStore(queries),
    sessions: createSessionStore(queries),
    vouchedSessions: createVouchedSessionStore(queries),
    signInCodes: createSignInCodeStore(queries),
    organisations: createOrganisationStore(queries),
    teams: createTeamStore(queries),
    people: createPersonStore(queries),
    applications: createApplicationStore(queries),
    sealed: createSealedStore(queries),
    destinations: createDestinationStateStore(queries),
    documents: createDocumentStore(queries),
    files: createSharedFileStore(queries),
    quotas: createQuotaStore(queries),
    quotaWindows: createWindowStore(queries, NOW),
    budgets: createBudgetStore(queries),
    leases: null,
    alone: (_name, work) => work(),
    changes: { listen: () => () => {} },
    async close() {
      await log.close()
      database.close()
    },
  })
}

/** Nothing is appended to a database that is only read. */
const READ_ONLY: LogSync = { sync: () => Promise.resolve(), close: () => Promise.resolve() }
