import { describe } from 'node:test'
import { budgetsContract } from './contract/budgets.ts'
import { decisionsContract } from './contract/decisions.ts'
import { directoryContract, organisationsContract } from './contract/directory.ts'
import { documentsContract } from './contract/documents.ts'
import { keyListsContract, keyOwnersContract } from './contract/key-owners.ts'
import { keysContract } from './contract/keys.ts'
import { cachedAnswersContract } from './contract/cached-answers.ts'
import { contentContract } from './contract/content.ts'
import { heldAnswersContract } from './contract/held-answers.ts'
import { indexContract } from './contract/index.ts'
import { inForceContract } from './contract/in-force.ts'
import { ledgerContract } from './contract/ledger.ts'
import { retentionContract } from './contract/retention.ts'
import { sharedFilesContract } from './contract/shared-files.ts'
import { sealedContract } from './contract/sealed.ts'
import { sessionsContract } from './contract/sessions.ts'
import { billsContract } from './contract/bills.ts'
import { admissionsContract } from './contract/admissions.ts'
import { dataSetsContract } from './contract/data-sets.ts'
import { policyChangesContract } from './contract/policy-changes.ts'
import { quotasContract } from './contract/quotas.ts'
import { signInsContract } from './contract/sign-ins.ts'
import { versionContract } from './contract/version.ts'
import type { Store } from './ports.ts'

/** Opens an empty store; it is closed by the test that asked for it. */
export type OpenFresh = () => Promise<Store>

/** What every store must do, whatever database is behind it: register it once per database. `skip` says why it cannot run here. */
export function storeContract(name: string, open: OpenFresh, skip: string | null = null): void {
  const options = { skip: skip ?? false }
  void describe(`${name}: ledger`, options, () => ledgerContract(open))
  void describe(`${name}: versions in force`, options, () => inForceContract(open))
  void describe(`${name}: content`, options, () => contentContract(open))
  void describe(`${name}: held answers`, options, () => heldAnswersContract(open))
  void describe(`${name}: kept answers`, options, () => cachedAnswersContract(open))
  void describe(`${name}: index`, options, () => indexContract(open))
  void describe(`${name}: retention`, options, () => retentionContract(open))
  void describe(`${name}: decisions`, options, () => decisionsContract(open))
  void describe(`${name}: keys`, options, () => keysContract(open))
  void describe(`${name}: sessions`, options, () => sessionsContract(open))
  void describe(`${name}: shared files`, options, () => sharedFilesContract(open))
  void describe(`${name}: admission of models`, options, () => admissionsContract(open))
  void describe(`${name}: bills of materials`, options, () => billsContract(open))
  void describe(`${name}: data sets`, options, () => dataSetsContract(open))
  void describe(`${name}: changes of the policy`, options, () => policyChangesContract(open))
  void describe(`${name}: quotas`, options, () => quotasContract(open))
  void describe(`${name}: organisations and teams`, options, () => organisationsContract(open))
  void describe(`${name}: people and applications`, options, () => directoryContract(open))
  void describe(`${name}: owners of keys`, options, () => keyOwnersContract(open))
  void describe(`${name}: lists of keys`, options, () => keyListsContract(open))
  void describe(`${name}: sealed secrets`, options, () => sealedContract(open))
  void describe(`${name}: sign-ins`, options, () => signInsContract(open))
  void describe(`${name}: destinations and documents`, options, () => documentsContract(open))
  void describe(`${name}: budgets`, options, () => budgetsContract(open))
  void describe(`${name}: version`, options, () => versionContract(open))
}
