import { createSecretKey, type KeyObject } from 'node:crypto'
import { err, ok, type Result } from '#kernel/result.ts'
import { deriveKey, digestKey, type RootSecret } from './derive-key.ts'
import type { SealedStore } from './ports.ts'
import type { SecretProblem } from './problem.ts'
import { unseal } from './seal.ts'
import { placeOf, sealingKey } from './vault.ts'

/** Digests that cannot be made again, because what they are of is kept nowhere: their key outlives the root secret it came from. */
export const CARRIED = { kind: 'carried-key', tenant: '', id: 'api-keys' } as const

/** The key of the digests of API keys: carried over from an earlier root secret, or derived from this one. */
export async function apiKeysKey(
  store: Pick<SealedStore, 'get'>,
  root: RootSecret,
  generation: number,
): Promise<Result<KeyObject, SecretProblem>> {
  const { kind, tenant, id } = CARRIED
  const found = await store.get(kind, tenant, id, generation)
  if (!found) {
    // the first secret has nothing to carry; a later one without it would void every key in silence
    return generation === 1
      ? ok(digestKey(root, 'api-keys'))
      : err({ code: 'secret-unreadable', where: 'sealed_secret', found: 'missing' })
  }
  const bytes = unseal(sealingKey(root), placeOf(kind, tenant, id), found.sealed)
  return bytes
    ? ok(createSecretKey(bytes))
    : err({ code: 'secret-unreadable', where: 'sealed_secret', found: 'changed' })
}

/** The bytes of that key as a root secret of the first generation has them. */
export const derivedApiKeysKey = (root: RootSecret): Uint8Array => deriveKey(root, 'api-keys')
