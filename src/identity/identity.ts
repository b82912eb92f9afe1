import type { KeyObject } from 'node:crypto'
import type { Clock, RandomBytes } from '#kernel/ports.ts'
import { createAuthenticator, type Authenticator } from './authenticate.ts'
import { digestKey, type RootSecret } from './derive-key.ts'
import { createKeys, type Keys } from './keys.ts'
import { createLastUsed } from './last-used.ts'
import type { KeyStore, SessionStore } from './ports.ts'
import { createSessions, type Sessions } from './sessions.ts'

export interface IdentityOptions {
  readonly keys: KeyStore
  readonly sessions: SessionStore
  readonly root: RootSecret
  readonly clock: Clock
  readonly randomBytes: RandomBytes
}

export interface Identity {
  readonly authenticate: Authenticator['authenticate']
  readonly keys: Keys
  readonly sessions: Sessions
  /** For digests of texts that were classified before; derived, never stored. */
  readonly memoKey: KeyObject
  /** For digests of the company's own terms, and for the file that keeps them. */
  readonly ownTermsKeys: { readonly digest: KeyObject; readonly file: KeyObject }
  /** Looks a key up again at its next use, all of them for null: another process changed it. */
  forget(id: string | null): void
  /** Writes the times of last use; call it every minute and before stopping. Never rejects. */
  flushLastUsed(): Promise<void>
}

/** The keys of the company's own terms, for a process that needs no other. */
export const ownTermsKeys = (root: RootSecret): Identity['ownTermsKeys'] => ({
  digest: digestKey(root, 'own-terms'),
  file: digestKey(root, 'own-terms-file'),
})

/** Keys, authentication and sessions, wired so that a change to a key is felt at its next use. */
export function createIdentity(options: IdentityOptions): Identity {
  const { keys: store, root, clock, randomBytes } = options
  const lastUsed = createLastUsed(store)
  const authenticator = createAuthenticator({
    store,
    root,
    clock,
    onUse: (id, at) => lastUsed.note(id, at),
  })
  const authenticate = (presented: string | undefined) => authenticator.authenticate(presented)
  return {
    authenticate,
    keys: createKeys({ ...options, store, onChange: (id) => authenticator.forget(id) }),
    sessions: createSessions({
      store: options.sessions,
      keys: store,
      authenticate,
      root,
      clock,
      randomBytes,
    }),
    memoKey: digestKey(root, 'classification-memo'),
    ownTermsKeys: ownTermsKeys(root),
    forget: (id) => authenticator.forget(id),
    flushLastUsed: () => lastUsed.flush(),
  }
}
