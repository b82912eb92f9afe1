import { ok } from '#kernel/result.ts'
import type { Attempts } from '#identity/attempts.ts'
import type { TokenCallers } from '#identity/jwt/token-callers.ts'
import type { Recheck } from '#identity/open-exchanges.ts'
import type { PersonStore } from '#identity/ports.ts'
import type { Caller } from '#kernel/exchange.ts'
import type { RefusalCode } from '#kernel/refusal.ts'
import type { Identity as Core } from '#identity/identity.ts'
import type { Callers, Identity } from '#gateway/ports.ts'
import { OWNER } from './core.ts'

/** Who asks, as the data plane needs it: guessing is slowed down. */
export const networkCallers = (core: Core, attempts: Attempts, others: Others): Callers => ({
  async authenticate(presented, address) {
    const free = attempts.check(address)
    if (!free.ok) return free
    const caller = others.tokens.accepts(presented ?? '')
      ? await others.tokens.authenticate(presented ?? '')
      : await core.authenticate(presented, address)
    // a missing key is no guess
    if (caller.ok) attempts.succeeded(address)
    else if (GUESSES.has(caller.error.code)) attempts.failed(address)
    return caller
  },
  resolveSession: (cookieValue, address) => core.sessions.resolveSession(cookieValue, address),
  follow: (caller, end) => core.exchanges.follow(caller, end, recheckOf(caller, others)),
})

/** What tells callers who have no key of ours. */
export interface Others {
  readonly tokens: TokenCallers
  readonly people: Pick<PersonStore, 'withState'>
}

const GUESSES: ReadonlySet<RefusalCode> = new Set([
  'invalid-key',
  'token-malformed',
  'token-untrusted',
])

/** How to look again at somebody who came by a token or signed in; undefined for a key. */
function recheckOf(caller: Caller, { tokens, people }: Others): Recheck | undefined {
  const byToken = tokens.recheckOf(caller)
  if (byToken) return byToken
  const { tenant, person, keyId } = caller
  if (person === null || keyId !== `person:${person}`) return undefined
  return async () => {
    const state = await people.withState(tenant, person)
    if (!state) return { code: 'missing-key' }
    const { disabled } = state
    return disabled === null ? null : { code: 'access-disabled', detail: { what: disabled } }
  }
}

/** Identity as the HTTP side needs it: guessing is slowed down. */
export function networkIdentity(core: Core, attempts: Attempts, others: Others): Identity {
  return {
    ...networkCallers(core, attempts, others),
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
