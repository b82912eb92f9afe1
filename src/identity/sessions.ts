import { timingSafeEqual, type KeyObject } from 'node:crypto'
import type { Caller } from '#kernel/exchange.ts'
import type { Clock, RandomBytes } from '#kernel/ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import { isAmong, readBlocks } from './addresses.ts'
import { problemWith, type Authenticator } from './authenticate.ts'
import { callerOfKey, callerOfPerson } from './caller.ts'
import { keyedDigest } from './derive-key.ts'
import type {
  KeyStore,
  PersonStore,
  SessionListing,
  SessionStore,
  SessionView,
  StoredSession,
} from './ports.ts'

export interface SessionsOptions {
  readonly store: SessionStore
  readonly keys: Pick<KeyStore, 'withOwner'>
  readonly people: Pick<PersonStore, 'withState'>
  readonly authenticate: Authenticator['authenticate']
  /** What the digests of cookies are made with. */
  readonly hmacKey: KeyObject
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  /** From sign-in to the next; twelve hours when absent. */
  readonly lasts?: Milliseconds
  /** Without a request; thirty minutes when absent. */
  readonly idle?: Milliseconds
}

/** The cookie's value is shown once; set it HttpOnly, SameSite=Strict, and Secure beyond loopback. */
export interface OpenedSession {
  readonly cookieValue: string
  readonly expiresAt: EpochMs
  readonly caller: Caller
}

/** A person whom somebody else vouched for: an identity provider. */
export interface PersonSignIn {
  readonly tenant: string
  readonly person: string
  readonly address: string | null
  /** `issuer sid` of the provider's own session. */
  readonly external: string | null
  /** The provider's own end of the sign-in, where it has one. */
  readonly expiresAt?: EpochMs
}

export interface Sessions {
  /** Signs in by API key; refuses as authentication does. */
  openSession(
    key: string | undefined,
    address: string | null,
  ): Promise<Result<OpenedSession, Refusal>>
  /** Signs in a person; refuses `access-disabled`, and `invalid-key` for somebody who is not known. */
  openForPerson(signIn: PersonSignIn): Promise<Result<OpenedSession, Refusal>>
  /** Who is signed in. Refuses `missing-key` without a live session, and as its key or person would be refused. */
  resolveSession(
    cookieValue: string | undefined,
    address: string | null,
  ): Promise<Result<Caller, Refusal>>
  closeSession(cookieValue: string | undefined): Promise<void>
  list(listing: Omit<SessionListing, 'now'>): Promise<readonly SessionView[]>
  /** Ends somebody's session; refuses `not-found`. */
  end(tenant: string, id: string): Promise<Result<void, Refusal>>
  /** Ends what a session of an identity provider opened here. */
  endExternal(external: string): Promise<void>
}

/** Both as OWASP ASVS 4.0.3, 3.3.2 asks for level 2. */
const TWELVE_HOURS: Milliseconds = 12 * 3600 * 1000
const HALF_AN_HOUR: Milliseconds = 30 * 60 * 1000
/** A session that is used is noted this often, so that a page that asks every second writes once. */
const TOUCH_AFTER: Milliseconds = 60_000
/** 32 random bytes in base64url. */
const COOKIE = /^[A-Za-z0-9_-]{43}$/
const ID_BYTES = 8

/** Sign-ins of the web page: never worth more than the key or the person they were opened for. */
export function createSessions(options: SessionsOptions): Sessions {
  const { store, clock, randomBytes, hmacKey } = options
  const { lasts = TWELVE_HOURS, idle = HALF_AN_HOUR } = options
  const digestOf = (cookieValue: string | undefined): Buffer | null =>
    cookieValue !== undefined && COOKIE.test(cookieValue) ? keyedDigest(hmacKey, cookieValue) : null

  type Start = Pick<StoredSession, 'tenant' | 'keyId' | 'person' | 'address' | 'external'>
  const open = async (
    of: Start,
    caller: Caller,
    notAfter: EpochMs,
  ): Promise<Result<OpenedSession, Refusal>> => {
    const now = clock()
    const expiresAt = Math.min(now + lasts, notAfter)
    const cookieValue = Buffer.from(randomBytes(32)).toString('base64url')
    const digest = keyedDigest(hmacKey, cookieValue)
    const id = Buffer.from(randomBytes(ID_BYTES)).toString('hex')
    await store.removeExpired(now, now - idle)
    await store.insert({ ...of, digest, id, createdAt: now, lastSeenAt: now, expiresAt })
    return ok({ cookieValue, expiresAt, caller })
  }

  /** The session of a cookie while it lives, and its owner as they are now. */
  const live = async (digest: Buffer): Promise<StoredSession | null> => {
    const session = await store.byDigest(digest)
    if (!session || !timingSafeEqual(session.digest, digest)) return null
    const now = clock()
    return session.expiresAt > now && session.lastSeenAt + idle > now ? session : null
  }

  const callerOf = (
    of: Pick<StoredSession, 'tenant' | 'keyId' | 'person'>,
    address: string | null,
  ): Promise<Result<Caller, Refusal>> => callerNow(options, of, address)

  return {
    async openSession(key, address) {
      const caller = await options.authenticate(key, address)
      if (!caller.ok) return caller
      const { tenant, keyId } = caller.value
      const stored = await options.keys.withOwner(keyId)
      const of = { tenant, keyId, person: null, address, external: null }
      return open(of, caller.value, stored?.key.expiresAt ?? Infinity)
    },
    async openForPerson({ tenant, person, address, external, expiresAt }) {
      const caller = await callerOf({ tenant, keyId: null, person }, address)
      if (!caller.ok)
        return caller.error.code === 'missing-key' ? err({ code: 'invalid-key' }) : caller
      const of = { tenant, keyId: null, person, address, external }
      return open(of, caller.value, expiresAt ?? Infinity)
    },
    async resolveSession(cookieValue, address) {
      const digest = digestOf(cookieValue)
      const session = digest && (await live(digest))
      if (!digest || !session) return err({ code: 'missing-key' })
      const caller = await callerOf(session, address)
      const now = clock()
      if (caller.ok && now - session.lastSeenAt >= TOUCH_AFTER) await store.touch(digest, now)
      return caller
    },
    async closeSession(cookieValue) {
      const digest = digestOf(cookieValue)
      if (digest) await store.remove(digest)
    },
    list: (listing) => store.list({ ...listing, now: clock() }),
    async end(tenant, id) {
      const removed = await store.removeById(tenant, id)
      return removed ? ok(undefined) : err({ code: 'not-found', param: 'id' })
    },
    endExternal: (external) => store.removeOfExternal(external),
  }
}

/** Who a session stands for, as they are now. */
async function callerNow(
  options: SessionsOptions,
  { tenant, keyId, person }: Pick<StoredSession, 'tenant' | 'keyId' | 'person'>,
  address: string | null,
): Promise<Result<Caller, Refusal>> {
  if (person !== null) {
    const found = await options.people.withState(tenant, person)
    if (!found) return err({ code: 'missing-key' })
    const { disabled } = found
    return disabled === null
      ? ok(callerOfPerson(found.person))
      : err({ code: 'access-disabled', detail: { what: disabled } })
  }
  const stored = keyId === null ? null : await options.keys.withOwner(keyId)
  if (!stored) return err({ code: 'missing-key' })
  const problem = problemWith(stored, options.clock())
  if (problem) return err(problem)
  const { addresses } = stored.key.restrictions
  const isHere = addresses === null || (address !== null && isAmong(readBlocks(addresses), address))
  return isHere ? ok(callerOfKey(stored.key, stored.owner)) : err({ code: 'address-not-allowed' })
}
