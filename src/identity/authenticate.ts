import { hash, timingSafeEqual } from 'node:crypto'
import type { Caller } from '#kernel/exchange.ts'
import type { Clock } from '#kernel/ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import { readKeyText } from './api-key-text.ts'
import { toBase62 } from './base62.ts'
import { digestKey, keyedDigest, type RootSecret } from './derive-key.ts'
import type { KeyStore, StoredKey } from './ports.ts'

export interface AuthenticatorOptions {
  readonly store: Pick<KeyStore, 'byId'>
  readonly root: RootSecret
  readonly clock: Clock
  /** Notes that a key was used. */
  readonly onUse: (id: string, at: EpochMs) => void
  /** Keys remembered at once. */
  readonly maxRemembered?: number
  /** How long a key is trusted without looking again: bounds the harm when another process revokes it. */
  readonly rememberFor?: Milliseconds
}

export interface Authenticator {
  /** Who presents this key. Refuses `missing-key`, `invalid-key`, and `key-expired` for expired or revoked ones. */
  authenticate(presented: string | undefined): Promise<Result<Caller, Refusal>>
  /** Looks the key up again at its next use; null: every key. */
  forget(id: string | null): void
}

interface Remembered {
  readonly key: StoredKey
  readonly caller: Caller
  readonly until: EpochMs
}

/** Longer than any key: not worth a digest. */
const MAX_PRESENTED = 256

/** Tells callers by their keys, from memory where it can: no query for a key seen lately. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { store, clock, onUse, maxRemembered = 10_000, rememberFor = 30_000 } = options
  const hmacKey = digestKey(options.root, 'api-keys')
  const remembered = new Map<string, Remembered>()
  // never stored and never shown, so that it need not be the digest of the store, which costs ten times as much
  const seed = keyedDigest(hmacKey, 'remembered').toString('hex')
  const placeOf = (presented: string): string => hash('sha256', seed + presented, 'base64')
  let changes = 0

  const lookUp = async (presented: string, place: string): Promise<Remembered | null> => {
    const text = readKeyText(presented)
    if (text.kind === 'mistyped') return null
    const before = changes
    const digest = keyedDigest(hmacKey, presented)
    const key = await store.byId(text.kind === 'ours' ? text.id : foreignKeyId(digest))
    if (!key || !timingSafeEqual(key.digest, digest)) return null
    const { tenant, id: keyId, name, scopes } = key
    const found = { key, caller: { tenant, keyId, name, scopes }, until: clock() + rememberFor }
    // A key that changed while it was being read must be read again.
    if (before === changes) remember(place, found)
    return found
  }

  const remember = (place: string, found: Remembered): void => {
    const [oldest] = remembered.keys()
    if (remembered.size >= maxRemembered && oldest !== undefined) remembered.delete(oldest)
    remembered.set(place, found)
  }

  return {
    async authenticate(presented) {
      if (presented === undefined || presented === '') return err({ code: 'missing-key' })
      if (presented.length > MAX_PRESENTED) return err({ code: 'invalid-key' })
      const now = clock()
      const place = placeOf(presented)
      const known = remembered.get(place)
      if (known && known.until <= now) remembered.delete(place)
      const found = known && known.until > now ? known : await lookUp(presented, place)
      if (!found) return err({ code: 'invalid-key' })
      if (!isUsable(found.key, now)) return err({ code: 'key-expired' })
      onUse(found.key.id, now)
      return ok(found.caller)
    },
    forget(id) {
      changes += 1
      for (const [place, { key }] of remembered)
        if (id === null || key.id === id) remembered.delete(place)
    },
  }
}

/** Neither revoked nor past its expiry. */
export const isUsable = (key: StoredKey, now: EpochMs): boolean =>
  key.revokedAt === null && (key.expiresAt === null || key.expiresAt > now)

/** A key that was not made here (ECLUSE_BOOTSTRAP_KEY) is filed under an id taken from its digest. */
export const foreignKeyId = (digest: Buffer): string => toBase62(digest.readUIntBE(0, 6), 8)
