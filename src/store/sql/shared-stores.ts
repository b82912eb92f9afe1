import type { RawBuilder } from 'kysely'
import type { Store } from '../ports.ts'
import { createAdmissionStore } from './admissions.ts'
import { createBillStore } from './bills.ts'
import { createApplicationStore } from './applications.ts'
import { createBudgetStore, type Tell } from './budgets.ts'
import { createCachedAnswerStore } from './cached-answers.ts'
import { createContentStore } from './content.ts'
import { createDataSetStore } from './data-sets.ts'
import { createDecisionStore } from './decisions.ts'
import { createDestinationStateStore } from './destination-states.ts'
import { createDocumentStore } from './documents.ts'
import { createEvidenceStore } from './evidence.ts'
import { createHeldAnswerStore } from './held-answers.ts'
import { createKeyStore } from './keys.ts'
import { createOrganisationStore, createTeamStore } from './organisations.ts'
import { createPersonStore } from './people.ts'
import { createWindowStore } from './quota-windows.ts'
import { createPolicyStore } from './policy-changes.ts'
import { createQuotaStore } from './quotas.ts'
import { createSealedStore } from './sealed-secrets.ts'
import { createSessionStore } from './sessions.ts'
import { createSharedFileStore } from './shared-files.ts'
import { createSignInCodeStore, createVouchedSessionStore } from './sign-ins.ts'
import type { Queries } from './queries.ts'

/** The stores that are written once for both databases. */
type SharedStores = Omit<
  Store,
  | 'ledger'
  | 'index'
  | 'erasure'
  | 'leases'
  | 'changes'
  | 'version'
  | 'time'
  | 'alone'
  | 'tidy'
  | 'close'
>

/** `now` is the time of the database, milliseconds since 1970; `prompt` has less patience, for what requests wait for; `tell` is for changes that no trigger tells of. */
export const createSharedStores = (
  queries: Queries,
  now: RawBuilder<number>,
  prompt: Queries = queries,
  tell?: Tell,
): SharedStores => ({
  decisions: createDecisionStore(queries),
  evidence: createEvidenceStore(queries),
  content: createContentStore(queries),
  heldAnswers: createHeldAnswerStore(queries),
  answers: createCachedAnswerStore(queries),
  keys: createKeyStore(prompt),
  sessions: createSessionStore(prompt),
  vouchedSessions: createVouchedSessionStore(prompt),
  signInCodes: createSignInCodeStore(prompt),
  organisations: createOrganisationStore(queries),
  teams: createTeamStore(queries),
  people: createPersonStore(queries),
  applications: createApplicationStore(queries),
  sealed: createSealedStore(queries),
  destinations: createDestinationStateStore(queries),
  documents: createDocumentStore(queries),
  files: createSharedFileStore(queries),
  policies: createPolicyStore(queries),
  admissions: createAdmissionStore(queries),
  bills: createBillStore(queries),
  dataSets: createDataSetStore(queries),
  quotas: createQuotaStore(prompt),
  quotaWindows: createWindowStore(prompt, now),
  budgets: createBudgetStore(prompt, tell),
})
