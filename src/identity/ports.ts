import type { Scope } from '#kernel/exchange.ts'
import type { EpochMs } from '#kernel/units.ts'

/** What may be known of an API key. */
export interface KeyView {
  /** The public part of the key; unique over all tenants. */
  readonly id: string
  readonly tenant: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly createdAt: EpochMs
  /** Key id of the creator, `local` for the owner of the machine, `system` for the first start. */
  readonly createdBy: string
  readonly expiresAt: EpochMs | null
  readonly revokedAt: EpochMs | null
  /** To within the minute; null when never used. */
  readonly lastUsedAt: EpochMs | null
}

/** An API key as it is stored: never the key, only its keyed digest. */
export interface StoredKey extends KeyView {
  /** HMAC-SHA256 of the whole key, 32 bytes. */
  readonly digest: Uint8Array
}

/** When a key was last seen. */
export interface KeyUse {
  readonly id: string
  readonly at: EpochMs
}

export interface KeyListing {
  readonly tenant: string
  /** Id of the last key of the page before. */
  readonly after?: string | undefined
  /** Keys per page; 100 when absent. */
  readonly limit?: number | undefined
}

/** Where keys are kept. */
export interface KeyStore {
  /** False, and nothing changed, when the id is taken. */
  insert(key: StoredKey): Promise<boolean>
  byId(id: string): Promise<StoredKey | null>
  /** In the order of ids, revoked ones too. */
  list(listing: KeyListing): Promise<readonly KeyView[]>
  /** False when the tenant has no such key, or it was revoked before. */
  revoke(tenant: string, id: string, at: EpochMs): Promise<boolean>
  /** Notes uses, all or nothing; never moves a last use back. */
  touch(uses: readonly KeyUse[]): Promise<void>
  /** Whether any tenant has a key with the scope `admin`, neither revoked nor expired at `now`. */
  hasAdministrator(now: EpochMs): Promise<boolean>
}

/** A sign-in of the web page, stored by the keyed digest of its cookie. */
export interface StoredSession {
  readonly digest: Uint8Array
  readonly keyId: string
  readonly createdAt: EpochMs
  readonly expiresAt: EpochMs
}

/** Where sessions are kept. */
export interface SessionStore {
  insert(session: StoredSession): Promise<void>
  byDigest(digest: Uint8Array): Promise<StoredSession | null>
  remove(digest: Uint8Array): Promise<void>
  removeOfKey(keyId: string): Promise<void>
  /** Forgets sessions that ended before `now`. */
  removeExpired(now: EpochMs): Promise<void>
}
