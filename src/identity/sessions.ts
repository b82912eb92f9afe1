import { timingSafeEqual } from 'node:crypto'
import type { Caller } from '#kernel/exchange.ts'
import type { Clock, RandomBytes } from '#kernel/ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import { isUsable, type Authenticator } from './authenticate.ts'
import { digestKey, keyedDigest, type RootSecret } from './derive-key.ts'
import type { KeyStore, SessionStore } from './ports.ts'

export interface SessionsOptions {
  readonly store: SessionStore
  readonly keys: Pick<KeyStore, 'byId'>
  readonly authenticate: Authenticator['authenticate']
  readonly root: RootSecret
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  /** From sign-in to the next; twelve hours when absent. */
  readonly lasts?: Milliseconds
}

/** The cookie's value is shown once; set it HttpOnly, SameSite=Strict, and Secure beyond loopback. */
export interface OpenedSession {
  readonly cookieValue: string
  readonly expiresAt: EpochMs
  readonly caller: Caller
}

export interface Sessions {
  /** Signs in by API key; refuses as authentication does. */
  openSession(key: string | undefined): Promise<Result<OpenedSession, Refusal>>
  /** Who is signed in. Refuses `missing-key` without a live session, `key-expired` once its key is. */
  resolveSession(cookieValue: string | undefined): Promise<Result<Caller, Refusal>>
  closeSession(cookieValue: string | undefined): Promise<void>
}

const TWELVE_HOURS = 12 * 3600 * 1000
/** 32 random bytes in base64url. */
const COOKIE = /^[A-Za-z0-9_-]{43}$/

/** Sign-ins of the web page: never worth more than the key they were opened with. */
export function createSessions(options: SessionsOptions): Sessions {
  const { store, keys, clock, randomBytes, lasts = TWELVE_HOURS } = options
  const hmacKey = digestKey(options.root, 'sessions')
  const digestOf = (cookieValue: string | undefined): Buffer | null =>
    cookieValue !== undefined && COOKIE.test(cookieValue) ? keyedDigest(hmacKey, cookieValue) : null

  return {
    async openSession(key) {
      const caller = await options.authenticate(key)
      if (!caller.ok) return caller
      const now = clock()
      const stored = await keys.byId(caller.value.keyId)
      const expiresAt = Math.min(now + lasts, stored?.expiresAt ?? Infinity)
      const cookieValue = Buffer.from(randomBytes(32)).toString('base64url')
      const digest = keyedDigest(hmacKey, cookieValue)
      await store.removeExpired(now)
      await store.insert({ digest, keyId: caller.value.keyId, createdAt: now, expiresAt })
      return ok({ cookieValue, expiresAt, caller: caller.value })
    },
    async resolveSession(cookieValue) {
      const digest = digestOf(cookieValue)
      const session = digest && (await store.byDigest(digest))
      const now = clock()
      if (
        !digest ||
        !session ||
        !timingSafeEqual(session.digest, digest) ||
        session.expiresAt <= now
      ) {
        return err({ code: 'missing-key' })
      }
      const key = await keys.byId(session.keyId)
      if (!key || !isUsable(key, now)) return err({ code: 'key-expired' })
      return ok({ tenant: key.tenant, keyId: key.id, name: key.name, scopes: key.scopes })
    },
    async closeSession(cookieValue) {
      const digest = digestOf(cookieValue)
      if (digest) await store.remove(digest)
    },
  }
}
