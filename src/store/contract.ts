import { describe } from 'node:test'
import { decisionsContract } from './contract/decisions.ts'
import { documentsContract } from './contract/documents.ts'
import { keysContract } from './contract/keys.ts'
import { contentContract } from './contract/content.ts'
import { indexContract } from './contract/index.ts'
import { ledgerContract } from './contract/ledger.ts'
import { retentionContract } from './contract/retention.ts'
import { sessionsContract } from './contract/sessions.ts'
import type { Store } from './ports.ts'

/** Opens an empty store; it is closed by the test that asked for it. */
export type OpenFresh = () => Promise<Store>

/** What every store must do, whatever database is behind it: register it once per database. `skip` says why it cannot run here. */
export function storeContract(name: string, open: OpenFresh, skip: string | null = null): void {
  const options = { skip: skip ?? false }
  void describe(`${name}: ledger`, options, () => ledgerContract(open))
  void describe(`${name}: content`, options, () => contentContract(open))
  void describe(`${name}: index`, options, () => indexContract(open))
  void describe(`${name}: retention`, options, () => retentionContract(open))
  void describe(`${name}: decisions`, options, () => decisionsContract(open))
  void describe(`${name}: keys`, options, () => keysContract(open))
  void describe(`${name}: sessions`, options, () => sessionsContract(open))
  void describe(`${name}: destinations and documents`, options, () => documentsContract(open))
}
