import type { Clock, RandomBytes } from '#kernel/ports.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { apiKeysKey, CARRIED } from './carried-key.ts'
import type { RootSecret } from './derive-key.ts'
import type { SealedSecret, SealedStore } from './ports.ts'
import type { SecretProblem } from './problem.ts'
import { newNonce, seal, unseal } from './seal.ts'
import { noteRootSecret, type FingerprintStore } from './secret-fingerprint.ts'
import { placeOf, sealingKey } from './vault.ts'

export interface RootRotation {
  readonly sealed: SealedStore
  readonly documents: FingerprintStore
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly from: { readonly root: RootSecret; readonly generation: number }
  readonly to: RootSecret
}

/**
 * Seals every secret anew, beside what is there, and resolves with their number; nothing is in force yet, and a start in
 * between goes on with the old ones. Refuses when one cannot be opened: what is lost must not be lost in silence.
 */
export async function resealAll(rotation: RootRotation): Promise<Result<number, SecretProblem>> {
  const { sealed, from, to, clock, randomBytes } = rotation
  const old = sealingKey(from.root)
  const fresh = sealingKey(to)
  const carried = await apiKeysKey(sealed, from.root, from.generation)
  if (!carried.ok) return carried
  const put = (of: Pick<SealedSecret, 'kind' | 'tenant' | 'id' | 'at' | 'by'>, bytes: Uint8Array) =>
    sealed.put({
      ...of,
      generation: from.generation + 1,
      sealed: seal(fresh, placeOf(of.kind, of.tenant, of.id), newNonce(randomBytes), bytes),
    })
  // what an earlier attempt left behind is sealed under a secret that nobody has
  await sealed.keepOnly(from.generation)
  const all = await sealed.all(from.generation)
  for (const secret of all) {
    const bytes = unseal(old, placeOf(secret.kind, secret.tenant, secret.id), secret.sealed)
    if (!bytes)
      return err({ code: 'secret-unreadable', where: `${secret.kind} ${secret.id}`, found: 'seal' })
    await put(secret, bytes)
  }
  await put({ ...CARRIED, at: clock(), by: 'system' }, carried.value.export())
  return ok(all.filter(({ kind }) => kind !== CARRIED.kind).length)
}

/** Puts the new root secret in force, in one statement, and forgets what was sealed under the old one. */
export async function commitRotation(rotation: RootRotation): Promise<boolean> {
  const { sealed, documents, from, to, clock } = rotation
  const generation = from.generation + 1
  if (!(await noteRootSecret(documents, to, generation, clock()))) return false
  await sealed.keepOnly(generation)
  return true
}
