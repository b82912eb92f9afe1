import { ok } from '#kernel/result.ts'
import type { Attempts } from '#identity/attempts.ts'
import type { Identity as Core } from '#identity/identity.ts'
import type { Callers, Identity } from '#gateway/ports.ts'
import { OWNER } from './core.ts'

/** Who asks, as the data plane needs it: guessing is slowed down. */
export const networkCallers = (core: Core, attempts: Attempts): Callers => ({
  async authenticate(presented, address) {
    const free = attempts.check(address)
    if (!free.ok) return free
    const caller = await core.authenticate(presented, address)
    // a missing key is no guess
    if (caller.ok) attempts.succeeded(address)
    else if (caller.error.code === 'invalid-key') attempts.failed(address)
    return caller
  },
  resolveSession: (cookieValue, address) => core.sessions.resolveSession(cookieValue, address),
  follow: (caller, end) => core.exchanges.follow(caller, end),
})

/** Identity as the HTTP side needs it: guessing is slowed down. */
export function networkIdentity(core: Core, attempts: Attempts): Identity {
  return {
    ...networkCallers(core, attempts),
    async openSession(presented, address) {
      const free = attempts.check(address)
      if (!free.ok) return free
      const session = await core.sessions.openSession(presented, address)
      if (session.ok) attempts.succeeded(address)
      else attempts.failed(address)
      return session
    },
    closeSession: (cookieValue) => core.sessions.closeSession(cookieValue),
    keys: core.keys,
    sessions: core.sessions,
  }
}

/** On the administration socket the file permissions have already told who asks. */
export const ownerIdentity = (identity: Identity): Identity => ({
  ...identity,
  authenticate: () => Promise.resolve(ok(OWNER)),
  // the owner of the machine cannot be revoked
  follow: () => () => {},
})
