import type { Restrictions } from '#kernel/exchange.ts'
import type { Grant } from '#kernel/permission.ts'
import type { EpochMs } from '#kernel/units.ts'

/** What may be known of an API key. */
export interface KeyView {
  /** The public part of the key; unique over all tenants. The key begins with `ecl_<id>_`. */
  readonly id: string
  readonly tenant: string
  readonly name: string
  /** Scopes and roles; a key of a person never allows more than the person may. */
  readonly scopes: readonly Grant[]
  readonly createdAt: EpochMs
  /** Key id of the creator, `local` for the owner of the machine, `system` for the first start. */
  readonly createdBy: string
  readonly expiresAt: EpochMs | null
  readonly revokedAt: EpochMs | null
  /** To within the minute; null when never used. */
  readonly lastUsedAt: EpochMs | null
  /** Whose it is: a person, an application, or, with neither, the organisation itself. */
  readonly person: string | null
  readonly application: string | null
  /** Whom its use is counted to; an application's keys follow the application. */
  readonly team: string | null
  readonly purpose: string | null
  readonly restrictions: Restrictions
  /** The key that takes its place, and the one it takes the place of. */
  readonly replacedBy: string | null
  readonly replaces: string | null
}

/** An API key as it is stored: never the key, only its keyed digest. */
export interface StoredKey extends KeyView {
  /** HMAC-SHA256 of the whole key, 32 bytes. */
  readonly digest: Uint8Array
}

/** What a key belongs to, as far as it decides whether the key still counts and what for. */
export interface OwnerState {
  /** What of it is disabled, from the widest to the narrowest; null when nothing is. */
  readonly disabled: 'organisation' | 'team' | 'application' | 'person' | null
  /** Roles of the person or of the service account; null when the key stands for itself. */
  readonly grants: readonly Grant[] | null
  /** The team that its use is counted to, by the key or by what it belongs to. */
  readonly team: string | null
  readonly purpose: string | null
}

/** When a key was last seen. */
export interface KeyUse {
  readonly id: string
  readonly at: EpochMs
}

export interface KeyListing {
  readonly tenant: string
  readonly person?: string | undefined
  readonly application?: string | undefined
  readonly team?: string | undefined
  /** At `now`; all of them when absent. */
  readonly state?: 'usable' | 'expired' | 'revoked' | undefined
  /** What state is told by; 0 when absent. */
  readonly now?: EpochMs | undefined
  /** Id of the last key of the page before. */
  readonly after?: string | undefined
  /** Keys per page; 100 when absent. */
  readonly limit?: number | undefined
}

/** What can be changed of a key; absent stays. */
export interface KeyChange {
  readonly name?: string | undefined
  readonly scopes?: readonly Grant[] | undefined
  readonly expiresAt?: EpochMs | null | undefined
  readonly team?: string | null | undefined
  readonly purpose?: string | null | undefined
  readonly restrictions?: Restrictions | undefined
  readonly replacedBy?: string | null | undefined
}

/** Where keys are kept. */
export interface KeyStore {
  /** False, and nothing changed, when the id is taken. */
  insert(key: StoredKey): Promise<boolean>
  byId(id: string): Promise<StoredKey | null>
  /** The key and the state of what it belongs to, in one statement. */
  withOwner(id: string): Promise<{ readonly key: StoredKey; readonly owner: OwnerState } | null>
  /** In the order of ids, revoked ones too. */
  list(listing: KeyListing): Promise<readonly KeyView[]>
  /** False when the tenant has no such key, or it was revoked before. */
  revoke(tenant: string, id: string, at: EpochMs): Promise<boolean>
  /** Undoes a revocation of that very moment. */
  restore(tenant: string, id: string, revokedAt: EpochMs): Promise<void>
  /** False when the tenant has no such key, or it is revoked. */
  change(tenant: string, id: string, change: KeyChange): Promise<boolean>
  /** Notes uses, all or nothing; never moves a last use back. */
  touch(uses: readonly KeyUse[]): Promise<void>
  /** Whether any tenant has a key with the scope `admin`, neither revoked nor expired at `now`, or an enabled owner. */
  hasAdministrator(now: EpochMs): Promise<boolean>
  /** How many of a tenant could give rights again: usable keys with `admin` or `owner` that stand for themselves, and enabled people with the role `owner`; counted up to 2. */
  countOwners(tenant: string, now: EpochMs): Promise<number>
}

/** A sign-in, stored by the keyed digest of its cookie. It belongs to a key or to a person, never to both. */
export interface StoredSession {
  readonly digest: Uint8Array
  /** Shown in lists; opens nothing. */
  readonly id: string
  readonly tenant: string
  readonly keyId: string | null
  readonly person: string | null
  readonly createdAt: EpochMs
  readonly lastSeenAt: EpochMs
  readonly expiresAt: EpochMs
  /** Where it was opened from. */
  readonly address: string | null
  /** The session of the identity provider that it came from, `issuer sid`, so that a logout there ends it here. */
  readonly external: string | null
}

export type SessionView = Omit<StoredSession, 'digest'>

export interface SessionListing {
  readonly tenant: string
  readonly person?: string | undefined
  readonly key?: string | undefined
  readonly now: EpochMs
  readonly after?: string | undefined
  readonly limit?: number | undefined
}

/** Where sessions are kept. */
export interface SessionStore {
  insert(session: StoredSession): Promise<void>
  byDigest(digest: Uint8Array): Promise<StoredSession | null>
  /** Notes that it was used; never moves back. */
  touch(digest: Uint8Array, at: EpochMs): Promise<void>
  /** Those that have not ended, in the order of ids. */
  list(listing: SessionListing): Promise<readonly SessionView[]>
  remove(digest: Uint8Array): Promise<void>
  /** False when the tenant has no such session. */
  removeById(tenant: string, id: string): Promise<boolean>
  removeOfKey(keyId: string): Promise<void>
  removeOfPerson(tenant: string, person: string): Promise<void>
  removeOfExternal(external: string): Promise<void>
  /** Forgets sessions that ended before `now`, or were last used before `idleSince`. */
  removeExpired(now: EpochMs, idleSince: EpochMs): Promise<void>
}

interface Made {
  readonly tenant: string
  readonly id: string
  /** For people. */
  readonly name: string
  readonly createdAt: EpochMs
  readonly createdBy: string
  readonly disabledAt: EpochMs | null
}

/** A company, or a part of one that shares nothing with the others but the machine. */
export type Organisation = Omit<Made, 'tenant'>

/** Who shares limits and budgets. */
export type Team = Made

/** Somebody. A person belongs to one team at most, so that what they use counts once. */
export interface Person extends Made {
  /** Lower case; null when not known. */
  readonly email: string | null
  /** Who vouches for them, and under what name (OIDC `iss` and `sub`); null until they sign in that way. */
  readonly issuer: string | null
  readonly subject: string | null
  readonly roles: readonly Grant[]
  readonly team: string | null
  readonly lastSeenAt: EpochMs | null
}

/** A program that asks; with roles it is a service account and may administer. */
export interface Application extends Made {
  readonly team: string | null
  readonly purpose: string | null
  /** Empty for a program that only asks. */
  readonly roles: readonly Grant[]
}

export interface Listing {
  readonly tenant: string
  readonly state?: 'enabled' | 'disabled' | undefined
  readonly team?: string | undefined
  readonly after?: string | undefined
  /** 100 when absent. */
  readonly limit?: number | undefined
}

export interface OrganisationStore {
  /** False when the id is taken. */
  insert(organisation: Organisation): Promise<boolean>
  byId(id: string): Promise<Organisation | null>
  list(listing: Omit<Listing, 'tenant' | 'team'>): Promise<readonly Organisation[]>
  /** Null enables it again; false when there is none. */
  disable(id: string, at: EpochMs | null): Promise<boolean>
}

export interface TeamStore {
  insert(team: Team): Promise<boolean>
  byId(tenant: string, id: string): Promise<Team | null>
  list(listing: Listing): Promise<readonly Team[]>
  rename(tenant: string, id: string, name: string): Promise<boolean>
  disable(tenant: string, id: string, at: EpochMs | null): Promise<boolean>
}

export interface PersonChange {
  readonly name?: string | undefined
  readonly email?: string | null | undefined
  readonly issuer?: string | null | undefined
  readonly subject?: string | null | undefined
  readonly roles?: readonly Grant[] | undefined
  readonly team?: string | null | undefined
  readonly lastSeenAt?: EpochMs | undefined
}

export interface PersonStore {
  /** False when the id, the e-mail or the subject is taken in the tenant. */
  insert(person: Person): Promise<boolean>
  byId(tenant: string, id: string): Promise<Person | null>
  byEmail(tenant: string, email: string): Promise<Person | null>
  bySubject(tenant: string, issuer: string, subject: string): Promise<Person | null>
  /** The person and what of them is disabled, in one statement. */
  withState(
    tenant: string,
    id: string,
  ): Promise<{ readonly person: Person; readonly disabled: OwnerState['disabled'] } | null>
  list(listing: Listing & { readonly role?: string | undefined }): Promise<readonly Person[]>
  /** False when there is none, or when the e-mail or subject is taken. */
  change(tenant: string, id: string, change: PersonChange): Promise<boolean>
  disable(tenant: string, id: string, at: EpochMs | null): Promise<boolean>
}

export interface ApplicationChange {
  readonly name?: string | undefined
  readonly team?: string | null | undefined
  readonly purpose?: string | null | undefined
  readonly roles?: readonly Grant[] | undefined
}

export interface ApplicationStore {
  insert(application: Application): Promise<boolean>
  byId(tenant: string, id: string): Promise<Application | null>
  list(
    listing: Listing & { readonly service?: boolean | undefined },
  ): Promise<readonly Application[]>
  change(tenant: string, id: string, change: ApplicationChange): Promise<boolean>
  disable(tenant: string, id: string, at: EpochMs | null): Promise<boolean>
}

/** A secret that only a holder of the root secret can read. `kind` says whose: `destination`, `webhook` ... */
export interface SealedSecret {
  readonly kind: string
  readonly tenant: string
  readonly id: string
  /** Which root secret it is sealed under; several can stand side by side while one takes the place of another. */
  readonly generation: number
  readonly sealed: Uint8Array
  readonly at: EpochMs
  readonly by: string
}

export interface SealedStore {
  /** The newest counts. */
  put(secret: SealedSecret): Promise<void>
  get(kind: string, tenant: string, id: string, generation: number): Promise<SealedSecret | null>
  list(kind: string, tenant: string, generation: number): Promise<readonly SealedSecret[]>
  /** Of all kinds and tenants, for sealing all of them anew. */
  all(generation: number): Promise<readonly SealedSecret[]>
  /** False when there was none. */
  remove(kind: string, tenant: string, id: string): Promise<boolean>
  /** Forgets what is sealed under any other generation. */
  keepOnly(generation: number): Promise<void>
}
