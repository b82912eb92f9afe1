import type { Scope } from '#kernel/exchange.ts'
import type { Clock, RandomBytes } from '#kernel/ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs } from '#kernel/units.ts'
import { newKeyText } from './api-key-text.ts'
import { digestKey, keyedDigest, type RootSecret } from './derive-key.ts'
import type { KeyListing, KeyStore, KeyView, SessionStore } from './ports.ts'

export interface NewKey {
  readonly tenant: string
  /** 1 to 100 characters, for people. */
  readonly name: string
  /** `['inference']` when absent. */
  readonly scopes?: readonly Scope[]
  readonly expiresAt?: EpochMs | null
  /** Key id of the creator, `local` or `system`. */
  readonly by: string
}

/** The key itself appears here once and never again. */
export interface CreatedKey {
  readonly key: string
  readonly view: KeyView
}

export interface KeysOptions {
  readonly store: KeyStore
  readonly sessions: Pick<SessionStore, 'removeOfKey'>
  readonly root: RootSecret
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  /** Called after a key changed, so that nobody goes on with what was remembered. */
  readonly onChange: (id: string) => void
}

export interface Keys {
  /** Makes a key; refuses `invalid-value` for a bad name, no scope or a past expiry. */
  create(key: NewKey): Promise<Result<CreatedKey, Refusal>>
  /** Refuses `not-found` for a key of no or another tenant, or one already revoked. Ends its sessions. */
  revoke(tenant: string, id: string): Promise<Result<void, Refusal>>
  /** In the order of ids, revoked ones too. */
  list(listing: KeyListing): Promise<readonly KeyView[]>
}

// Control characters would let a name forge lines in a terminal.
const NAME = /^[^\p{Cc}\p{Cf}]{1,100}$/u

/** Eight characters collide once in 2^47: trying again is enough. */
const TRIES = 3

/** Makes, revokes and lists API keys; only their keyed digest is ever stored. */
export function createKeys(options: KeysOptions): Keys {
  const { store, sessions, clock, randomBytes, onChange } = options
  const hmacKey = digestKey(options.root, 'api-keys')
  return {
    async create(wanted) {
      const now = clock()
      const problem = problemOf(wanted, now)
      if (problem) return err(problem)
      for (let tries = 0; tries < TRIES; tries += 1) {
        const { id, key } = newKeyText(randomBytes)
        const view = viewOf(wanted, id, now)
        const stored = await store.insert({ ...view, digest: keyedDigest(hmacKey, key) })
        if (stored) return ok({ key, view })
      }
      return err({ code: 'internal-error' })
    },
    async revoke(tenant, id) {
      const revoked = await store.revoke(tenant, id, clock())
      onChange(id)
      if (!revoked) return err({ code: 'not-found', param: 'id' })
      await sessions.removeOfKey(id)
      return ok(undefined)
    },
    list: (listing) => store.list(listing),
  }
}

/** The stored form of a wanted key, before it was ever used. */
export const viewOf = (wanted: NewKey, id: string, now: EpochMs): KeyView => ({
  id,
  tenant: wanted.tenant,
  name: wanted.name,
  scopes: wanted.scopes ?? ['inference'],
  createdAt: now,
  createdBy: wanted.by,
  expiresAt: wanted.expiresAt ?? null,
  revokedAt: null,
  lastUsedAt: null,
})

function problemOf({ name, scopes, expiresAt }: NewKey, now: EpochMs): Refusal | null {
  const invalid = (param: string, expected: string): Refusal => ({
    code: 'invalid-value',
    param,
    detail: { expected },
  })
  if (!NAME.test(name)) return invalid('name', '1 to 100 printable characters')
  if (scopes?.length === 0) return invalid('scopes', 'at least one scope')
  if (expiresAt !== undefined && expiresAt !== null && !(expiresAt > now)) {
    return invalid('expiresAt', 'a time to come')
  }
  return null
}
