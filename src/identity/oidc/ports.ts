import type { EpochMs } from '#kernel/units.ts'

/** What an identity provider vouched for here: a session of the page, or a key of the command line. */
export interface VouchedSession {
  /** The `external` of its session; opens nothing. */
  readonly id: string
  readonly tenant: string
  readonly person: string
  /** Id of the provider in the configuration. */
  readonly provider: string
  readonly subject: string
  /** The provider's own session; null where it has none. */
  readonly sid: string | null
  /** Keyed digest of the cookie; null for a key. */
  readonly digest: Uint8Array | null
  /** Null for a session of the page. */
  readonly keyId: string | null
  /** Tokens of the provider, sealed. */
  readonly sealed: Uint8Array
  /** When the provider is asked again; null: never. */
  readonly refreshAt: EpochMs | null
  readonly expiresAt: EpochMs
}

/** Whose: one session of a provider, or everything of a person there. */
export type VouchedBy =
  | { readonly provider: string; readonly sid: string }
  | { readonly provider: string; readonly subject: string }

/** Where it is kept who vouched for a session. */
export interface VouchedSessionStore {
  insert(session: VouchedSession): Promise<void>
  byDigest(digest: Uint8Array): Promise<VouchedSession | null>
  byKey(keyId: string): Promise<VouchedSession | null>
  /** At most 1000. */
  of(whose: VouchedBy): Promise<readonly VouchedSession[]>
  /** Those that are due at `now` and have not expired, the most overdue first. */
  due(now: EpochMs, limit: number): Promise<readonly VouchedSession[]>
  /** Puts the next time off, for one of those who try: true for exactly one of them. */
  claim(id: string, refreshAt: EpochMs, until: EpochMs): Promise<boolean>
  /** What the provider gave anew; false when the session is gone. */
  renew(id: string, sealed: Uint8Array, refreshAt: EpochMs): Promise<boolean>
  remove(id: string): Promise<void>
  removeExpired(now: EpochMs): Promise<void>
}

/** A sign-in that a command line may fetch once. */
export interface SignInCode {
  readonly digest: Uint8Array
  readonly tenant: string
  readonly person: string
  readonly provider: string
  readonly subject: string
  readonly sid: string | null
  /** PKCE challenge of the command line, S256. */
  readonly challenge: string
  readonly sealed: Uint8Array
  readonly expiresAt: EpochMs
}

/** Where codes for command lines wait. */
export interface SignInCodeStore {
  insert(code: SignInCode): Promise<void>
  /** Takes it out: for one of those who ask, and once. */
  take(digest: Uint8Array): Promise<SignInCode | null>
  removeExpired(now: EpochMs): Promise<void>
}
