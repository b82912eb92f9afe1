import { ledgerKeysState } from './0001-ledger-keys-state.ts'
import { identity } from './0002-identity.ts'
import { quotas } from './0003-quotas.ts'
import { budgets } from './0004-budgets.ts'
import { evidence } from './0005-evidence.ts'
import { ledgerBodies } from './0006-ledger-bodies.ts'
import { sharedFiles } from './0007-shared-files.ts'
import { signIn } from './0008-sign-in.ts'
import { weeksAndNewestBlocks } from './0009-weeks-and-newest-blocks.ts'
import { policyChanges } from './0012-policy-changes.ts'
import { heldAnswers } from './0015-held-answers.ts'
import { cachedAnswers } from './0016-cached-answers.ts'
import { narrowRecords } from './0017-narrow-records.ts'
import { numberedNames } from './0018-numbered-names.ts'
import { modelAdmission } from './0020-model-admission.ts'
import { bills } from './0022-bills.ts'
import { dataSets } from './0023-data-sets.ts'
import type { Migration } from './migration.ts'

/** Every migration, in order; a new one is one file and one line here. */
export const MIGRATIONS: readonly Migration[] = [
  ledgerKeysState,
  identity,
  quotas,
  budgets,
  evidence,
  ledgerBodies,
  sharedFiles,
  signIn,
  weeksAndNewestBlocks,
  policyChanges,
  heldAnswers,
  cachedAnswers,
  narrowRecords,
  numberedNames,
  modelAdmission,
  bills,
  dataSets,
]
