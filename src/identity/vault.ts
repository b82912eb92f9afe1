import type { KeyObject } from 'node:crypto'
import type { Clock, RandomBytes } from '#kernel/ports.ts'
import type { EpochMs } from '#kernel/units.ts'
import { digestKey, type RootSecret } from './derive-key.ts'
import type { SealedStore } from './ports.ts'
import { newNonce, seal, unseal } from './seal.ts'

export interface VaultOptions {
  readonly store: SealedStore
  readonly root: RootSecret
  /** Which root secret this is; what is sealed under another one is not seen. */
  readonly generation: number
  readonly clock: Clock
  readonly randomBytes: RandomBytes
}

/** That a secret is there, and who put it there. */
export interface SecretNote {
  readonly id: string
  readonly at: EpochMs
  readonly by: string
}

/** Secrets at rest: AES-256-GCM under a key derived from the root secret, bound to what they are for. */
export interface Vault {
  put(kind: string, tenant: string, id: string, bytes: Uint8Array, by: string): Promise<void>
  /** Null when there is none, or when it cannot be opened. */
  get(kind: string, tenant: string, id: string): Promise<Buffer | null>
  /** Every secret of a kind; null for one that cannot be opened: it was changed, or sealed by somebody else. */
  list(
    kind: string,
    tenant: string,
  ): Promise<readonly (SecretNote & { readonly bytes: Buffer | null })[]>
  /** False when there was none. */
  remove(kind: string, tenant: string, id: string): Promise<boolean>
}

/** The vault of one root secret. */
export function createVault({ store, root, generation, clock, randomBytes }: VaultOptions): Vault {
  const key = sealingKey(root)
  return {
    async put(kind, tenant, id, bytes, by) {
      const sealed = seal(key, placeOf(kind, tenant, id), newNonce(randomBytes), bytes)
      await store.put({ kind, tenant, id, generation, sealed, at: clock(), by })
    },
    async get(kind, tenant, id) {
      const found = await store.get(kind, tenant, id, generation)
      return found && unseal(key, placeOf(kind, tenant, id), found.sealed)
    },
    async list(kind, tenant) {
      const found = await store.list(kind, tenant, generation)
      return found.map(({ id, at, by, sealed }) => ({
        id,
        at,
        by,
        bytes: unseal(key, placeOf(kind, tenant, id), sealed),
      }))
    },
    remove: (kind, tenant, id) => store.remove(kind, tenant, id),
  }
}

/** The key that secrets are sealed under. */
export const sealingKey = (root: RootSecret): KeyObject => digestKey(root, 'sealed-secrets')

/** What a sealing is bound to, so that a secret moved to another row opens nothing; no part can hold a NUL. */
export const placeOf = (kind: string, tenant: string, id: string): string =>
  ['ecluse/sealed/1', kind, tenant, id].join('\0')
