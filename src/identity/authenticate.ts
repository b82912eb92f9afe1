import { hash, timingSafeEqual, type KeyObject } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Caller } from '#kernel/exchange.ts'
import type { Clock } from '#kernel/ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import { readKeyText } from './api-key-text.ts'
import { isAmong, readBlocks, type Blocks } from './addresses.ts'
import { toBase62 } from './base62.ts'
import { callerOfKey } from './caller.ts'
import { keyedDigest } from './derive-key.ts'
import type { KeyStore, OwnerState, StoredKey } from './ports.ts'

export interface AuthenticatorOptions {
  readonly store: Pick<KeyStore, 'withOwner'>
  /** What the digests of keys are made with. */
  readonly hmacKey: KeyObject
  readonly clock: Clock
  /** Monotonic: how long what was read is remembered; absent: the clock. */
  readonly now?: Clock
  /** Notes that a key was used. */
  readonly onUse: (id: string, at: EpochMs) => void
  /** Keys remembered at once. */
  readonly maxRemembered?: number
  /** How long a key is trusted without looking again: bounds the harm when another process revokes it. */
  readonly rememberFor?: Milliseconds
  /** Resolves after so long, and keeps no process from ending. */
  readonly sleep?: (ms: Milliseconds) => Promise<void>
}

export interface Authenticator {
  /**
   * Who presents this key, from this address. Refuses `missing-key`, `invalid-key`, `key-expired` for expired and
   * revoked ones, `access-disabled` where what it belongs to is disabled, and `address-not-allowed`. Without an
   * address, a key that is limited to some is refused.
   */
  authenticate(
    presented: string | undefined,
    address: string | null,
  ): Promise<Result<Caller, Refusal>>
  /** Whether a key that was good still is; null when it is. Never from memory. */
  recheck(id: string): Promise<Refusal | null>
  /** Looks the key up again at its next use; null: every key, because something that many belong to has changed. */
  forget(id: string | null): void
}

interface Remembered {
  readonly key: StoredKey
  readonly owner: OwnerState
  readonly caller: Caller
  /** Null: from anywhere. */
  readonly blocks: Blocks | null
  /** Then it is looked up again. */
  readonly until: Milliseconds
  /** It counts no longer than this, whatever becomes of the store. */
  readonly knownUntil: Milliseconds
}

/** Longer than any key: not worth a digest. */
const MAX_PRESENTED = 256

/** Tells callers by their keys, from memory where it can: no query for a key seen lately. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { store, hmacKey, clock, now: passed = clock, onUse } = options
  const { maxRemembered = 10_000, rememberFor = 30_000 } = options
  const { sleep = (ms) => wait(ms, undefined, { ref: false }) } = options
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
    const stored = await store.withOwner(text.kind === 'ours' ? text.id : foreignKeyId(digest))
    if (!stored || !timingSafeEqual(stored.key.digest, digest)) return null
    const { addresses } = stored.key.restrictions
    const found = {
      ...stored,
      caller: callerOfKey(stored.key, stored.owner),
      blocks: addresses && readBlocks(addresses),
      until: passed() + rememberFor,
      knownUntil: passed() + rememberFor + WITHOUT_STORE,
    }
    // A key that changed while it was being read must be read again.
    if (before === changes) remember(place, found)
    return found
  }

  const remember = (place: string, found: Remembered): void => {
    const [oldest] = remembered.keys()
    if (remembered.size >= maxRemembered && oldest !== undefined) remembered.delete(oldest)
    remembered.delete(place)
    remembered.set(place, found)
  }

  /** Looks a key up that was good a while ago; where the store fails or is silent, it counts for some time more. @throws when that time is over too */
  const lookUpAgain = async (
    known: Remembered,
    presented: string,
    place: string,
  ): Promise<Remembered | null> => {
    const before = changes
    const looking = lookUp(presented, place)
    if (passed() >= known.knownUntil) return looking
    const silence = sleep(PATIENCE).then(() => 'silent' as const)
    const found = await Promise.race([looking.catch(() => 'silent' as const), silence])
    if (found !== 'silent') return found
    // nobody else waits for it, for a moment
    if (before === changes) remember(place, { ...known, until: passed() + LOOK_AGAIN })
    return known
  }

  return {
    async authenticate(presented, address) {
      if (presented === undefined || presented === '') return err({ code: 'missing-key' })
      if (presented.length > MAX_PRESENTED) return err({ code: 'invalid-key' })
      const now = clock()
      const place = placeOf(presented)
      const known = remembered.get(place)
      const found =
        known && known.until > passed()
          ? known
          : await (known ? lookUpAgain(known, presented, place) : lookUp(presented, place))
      if (!found) {
        remembered.delete(place)
        return err({ code: 'invalid-key' })
      }
      const problem = problemWith(found, now)
      if (problem) return err(problem)
      if (found.blocks && !(address !== null && isAmong(found.blocks, address)))
        return err({ code: 'address-not-allowed' })
      onUse(found.key.id, now)
      return ok(found.caller)
    },
    async recheck(id) {
      const stored = await store.withOwner(id)
      return stored ? problemWith(stored, clock()) : { code: 'key-expired' }
    },
    forget(id) {
      changes += 1
      for (const [place, { key }] of remembered)
        if (id === null || key.id === id) remembered.delete(place)
    },
  }
}

/** What was known of a key counts for so long while the store cannot be asked: a revocation may be missed, as everybody's access would be lost otherwise. */
const WITHOUT_STORE: Milliseconds = 15 * 60_000
/** How long a request with a key that was good lately waits for a store that may be away. */
const PATIENCE: Milliseconds = 1000
/** The store is asked again after so long. */
const LOOK_AGAIN: Milliseconds = 2000

/** Why a key does not count now, or null. */
export function problemWith(
  { key, owner }: { readonly key: StoredKey; readonly owner: OwnerState },
  now: EpochMs,
): Refusal | null {
  if (!isUsable(key, now)) return { code: 'key-expired' }
  return owner.disabled === null
    ? null
    : { code: 'access-disabled', detail: { what: owner.disabled } }
}

/** Neither revoked nor past its expiry. */
export const isUsable = (key: Pick<StoredKey, 'revokedAt' | 'expiresAt'>, now: EpochMs): boolean =>
  key.revokedAt === null && (key.expiresAt === null || key.expiresAt > now)

/** A key that was not made here (ECLUSE_BOOTSTRAP_KEY) is filed under an id taken from its digest. */
export const foreignKeyId = (digest: Buffer): string => toBase62(digest.readUIntBE(0, 6), 8)
