import { randomBytes as osRandomBytes, type KeyObject } from 'node:crypto'
import { apiKeysKey } from '#identity/carried-key.ts'
import type { RootSecret } from '#identity/derive-key.ts'
import type { Identity } from '#identity/identity.ts'
import type { SecretProblem } from '#identity/problem.ts'
import { rootSecret } from '#identity/root-secret.ts'
import { checkRootSecret } from '#identity/secret-fingerprint.ts'
import { createVault, type Vault } from '#identity/vault.ts'
import { ok, type Result } from '#kernel/result.ts'
import type { Store } from '#store/ports.ts'
import type { Config } from '#config/types.ts'
import { settleSharedTerms } from './shared-own-terms.ts'
import { ownTermsKeysOf, settleOwnTerms, settleRootFile } from './secret-files.ts'

/** The root secret, and the keys that come from it or outlived the one they came from. */
export interface OpenSecrets {
  readonly root: RootSecret
  readonly apiKeys: KeyObject
  readonly ownTerms: Identity['ownTermsKeys']
  readonly vault: Vault
}

const randomBytes = (length: number): Uint8Array => osRandomBytes(length)

/** Opens the secrets of a data directory that this process holds; a rotation that was cut short is finished or forgotten first. */
export async function openSecrets(
  config: Config,
  store: Store,
  clock: () => number,
): Promise<Result<OpenSecrets, SecretProblem>> {
  await settleRootFile(config.home, store.documents)
  return readSecrets(config, store, clock, true)
}

/** The same for a process that holds nothing: it changes no file. */
export async function readSecrets(
  config: Config,
  store: Store,
  clock: () => number,
  isHolder = false,
): Promise<Result<OpenSecrets, SecretProblem>> {
  const { home } = config
  const root = rootSecret({ home, masterKey: config.masterKey?.reveal(), randomBytes })
  if (!root.ok) return root
  const generation = await checkRootSecret(store.documents, root.value, clock())
  if (!generation.ok) return generation
  if (isHolder) {
    settleOwnTerms(home, root.value)
    if (store.leases) await settleSharedTerms(store.files, home, root.value)
  }
  const apiKeys = await apiKeysKey(store.sealed, root.value, generation.value)
  if (!apiKeys.ok) return apiKeys
  return ok({
    root: root.value,
    apiKeys: apiKeys.value,
    ownTerms: ownTermsKeysOf(root.value, home),
    vault: createVault({
      store: store.sealed,
      root: root.value,
      generation: generation.value,
      clock,
      randomBytes,
    }),
  })
}
