import type { Refusal, RefusalCode } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { readKeyText } from '#identity/api-key-text.ts'
import type { Attempts } from '#identity/attempts.ts'
import type { TokenCallers } from '#identity/jwt/token-callers.ts'
import type { Recheck } from '#identity/open-exchanges.ts'
import type { PersonStore } from '#identity/ports.ts'
import type { Caller } from '#kernel/exchange.ts'
import type { Identity as Core } from '#identity/identity.ts'
import type { Callers, Identity } from '#gateway/ports.ts'
import type { LedgerWriter } from '#ledger/writer.ts'
import { evidenceIn, OWNER, TENANT } from './core.ts'

/** Who asks, as the data plane needs it: guessing is slowed down. */
export const networkCallers = (core: Core, attempts: Attempts, others: Others): Callers => ({
  async authenticate(presented, address) {
    const free = attempts.check(address)
    if (!free.ok) return free
    if (others.tokens.accepts(presented ?? ''))
      return byToken(attempts, others, presented ?? '', address)
    const caller = await core.authenticate(presented, address)
    // a missing key is no guess
    if (caller.ok) attempts.succeeded(address)
    else if (caller.error.code === 'invalid-key') return guessed(attempts, presented, address)
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

const GUESSES: ReadonlySet<RefusalCode> = new Set(['token-malformed', 'token-untrusted'])

async function byToken(
  attempts: Attempts,
  { tokens }: Others,
  token: string,
  address: string,
): Promise<Result<Caller, Refusal>> {
  const caller = await tokens.authenticate(token)
  if (caller.ok) attempts.succeeded(address)
  else if (GUESSES.has(caller.error.code)) attempts.failed(address)
  return caller
}

/** How to look again at somebody who came by a token or signed in; undefined for a key. */
function recheckOf(caller: Caller, { tokens, people }: Others): Recheck | undefined {
  const ofToken = tokens.recheckOf(caller)
  if (ofToken) return ofToken
  const { tenant, person, keyId } = caller
  if (person === null || keyId !== `person:${person}`) return undefined
  return async () => {
    const state = await people.withState(tenant, person)
    if (!state) return { code: 'missing-key' }
    const { disabled } = state
    return disabled === null ? null : { code: 'access-disabled', detail: { what: disabled } }
  }
}

/** A wrong secret counts against where it came from, and against the key whose id it had: the right one is let in all the same. */
function guessed(
  attempts: Attempts,
  presented: string | undefined,
  address: string,
): Result<never, Refusal> {
  attempts.failed(address)
  const text = readKeyText(presented ?? '')
  if (text.kind !== 'ours') return err({ code: 'invalid-key' })
  const { id } = text
  const free = attempts.check(id)
  attempts.failed(id)
  return free.ok ? err({ code: 'invalid-key' }) : free
}

/** Identity as the HTTP side needs it: guessing is slowed down. */
export function networkIdentity(
  core: Core,
  attempts: Attempts,
  ledger: LedgerWriter,
  others: Others,
): Identity {
  const evidence = evidenceIn(ledger)
  return {
    ...networkCallers(core, attempts, others),
    async openSession(presented, address) {
      const free = attempts.check(address)
      // counted where all refusals are: a flood of them is not a flood of records
      if (!free.ok) return free
      const session = await core.sessions.openSession(presented, address)
      const code = session.ok ? null : session.error.code
      ledger.append(
        {
          type: 'sign-in',
          v: 1,
          method: 'key',
          outcome: session.ok ? 'opened' : 'refused',
          subject: session.ok ? session.value.caller.keyId : null,
          code,
        },
        { tenant: session.ok ? session.value.caller.tenant : TENANT },
      )
      if (session.ok) attempts.succeeded(address)
      else if (session.error.code === 'invalid-key') return guessed(attempts, presented, address)
      else attempts.failed(address)
      return session
    },
    closeSession: (cookieValue) => core.sessions.closeSession(cookieValue),
    keys: core.keys,
    directory: core.directory,
    sessions: core.sessions,
    async endSession(actor, id) {
      const noted = await evidence(actor, 'session-ended', id)
      return noted.ok ? core.sessions.end(actor.tenant, id) : noted
    },
  }
}

/** On the administration socket the file permissions have already told who asks. */
export const ownerIdentity = (identity: Identity): Identity => ({
  ...identity,
  authenticate: () => Promise.resolve(ok(OWNER)),
  // the owner of the machine cannot be revoked
  follow: () => () => {},
})
