import type { KeyObject } from 'node:crypto'
import type { Clock, RandomBytes } from '#kernel/ports.ts'
import { createAuthenticator, type Authenticator } from './authenticate.ts'
import { digestKey, keyedDigest, placeholderKeys, type RootSecret } from './derive-key.ts'
import { createDirectory, type Directory } from './directory.ts'
import { NO_EVIDENCE, type Evidence } from './evidence.ts'
import { createKeys, type Keys } from './keys.ts'
import { createLastUsed } from './last-used.ts'
import { createOpenExchanges, type OpenExchanges } from './open-exchanges.ts'
import type {
  ApplicationStore,
  KeyStore,
  OrganisationStore,
  PersonStore,
  SessionStore,
  TeamStore,
} from './ports.ts'
import { createSessions, type Sessions } from './sessions.ts'

/** Where identity is kept; a `Store` is one. */
export interface IdentityStores {
  readonly keys: KeyStore
  readonly sessions: SessionStore
  readonly organisations: OrganisationStore
  readonly teams: TeamStore
  readonly people: PersonStore
  readonly applications: ApplicationStore
}

export interface IdentityOptions {
  readonly stores: IdentityStores
  readonly root: RootSecret
  /** What the digests of keys are made with, where it outlived its root secret; absent: derived. */
  readonly apiKeys?: KeyObject
  /** Of the company's own terms, where the digests outlived their root secret; absent: derived. */
  readonly ownTerms?: Identity['ownTermsKeys']
  readonly clock: Clock
  /** Monotonic: how long what was read is remembered; absent: the clock. */
  readonly now?: Clock
  readonly randomBytes: RandomBytes
  /** Absent in a process that changes nothing. */
  readonly evidence?: Evidence
}

/** The id of the key that changed, or null for something that many keys belong to. */
export type IdentityChange = string | null

export interface Identity {
  readonly authenticate: Authenticator['authenticate']
  readonly keys: Keys
  readonly sessions: Sessions
  readonly directory: Directory
  /** The exchanges that run, so that they end with the key they were begun with. */
  readonly exchanges: OpenExchanges
  /** For digests of texts that were classified before; derived, never stored. */
  readonly memoKey: KeyObject
  /** Digests that name masked values, of an organisation and a destination. */
  readonly placeholders: (tenant: string, destination: string) => (text: string) => Uint8Array
  /** For digests of the company's own terms, and for the file that keeps them. */
  readonly ownTermsKeys: { readonly digest: KeyObject; readonly file: KeyObject }
  /** Seals what browsers and the database keep of a sign-in. */
  readonly signInKey: KeyObject
  /** Something that keys belong to was changed here: everybody hears of it. */
  changed(change: IdentityChange): void
  /** Looks a key up again at its next use, or all of them: another process changed it. */
  forget(change: IdentityChange): void
  /** Calls back after every change that was made here; returns how to stop. */
  onChange(listener: (change: IdentityChange) => void): () => void
  /** Writes the times of last use; call it every minute and before stopping. Never rejects. */
  flushLastUsed(): Promise<void>
}

/** The keys of the company's own terms, for a process that needs no other. */
export const ownTermsKeys = (root: RootSecret): Identity['ownTermsKeys'] => ({
  digest: digestKey(root, 'own-terms'),
  file: digestKey(root, 'own-terms-file'),
})

/** The digests that placeholders are made of. */
export function placeholdersOf(root: RootSecret): Identity['placeholders'] {
  const keyOf = placeholderKeys(root)
  return (tenant, destination) => {
    const key = keyOf(tenant, destination)
    return (text) => keyedDigest(key, text)
  }
}

/** Keys, authentication and sessions, wired so that a change to a key is felt at its next use. */
export function createIdentity(options: IdentityOptions): Identity {
  const { stores, root, clock, now = clock, randomBytes, evidence = NO_EVIDENCE } = options
  const lastUsed = createLastUsed(stores.keys)
  const hmacKey = options.apiKeys ?? digestKey(root, 'api-keys')
  const authenticator = createAuthenticator({
    store: stores.keys,
    hmacKey,
    clock,
    now,
    onUse: (id, at) => lastUsed.note(id, at),
  })
  const exchanges = createOpenExchanges({
    clock: now,
    recheckKey: (id) => authenticator.recheck(id),
  })
  const listeners = new Set<(change: IdentityChange) => void>()
  const forget = (change: IdentityChange): void => {
    authenticator.forget(change)
    void exchanges.changed(change)
  }
  const changed = (change: IdentityChange): void => {
    forget(change)
    for (const listener of listeners) listener(change)
  }
  const authenticate: Authenticator['authenticate'] = (presented, address) =>
    authenticator.authenticate(presented, address)
  const keys = createKeys({
    ...stores,
    store: stores.keys,
    hmacKey,
    clock,
    randomBytes,
    evidence,
    onChange: changed,
  })
  const onChange = (): void => changed(null)
  return {
    authenticate,
    keys,
    directory: createDirectory({ stores, keys, clock, randomBytes, evidence, onChange }),
    sessions: createSessions({
      store: stores.sessions,
      keys: stores.keys,
      people: stores.people,
      authenticate,
      hmacKey: digestKey(root, 'sessions'),
      clock,
      randomBytes,
    }),
    exchanges,
    memoKey: digestKey(root, 'classification-memo'),
    placeholders: placeholdersOf(root),
    ownTermsKeys: options.ownTerms ?? ownTermsKeys(root),
    signInKey: digestKey(root, 'sign-in'),
    changed,
    forget,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    flushLastUsed: () => lastUsed.flush(),
  }
}
