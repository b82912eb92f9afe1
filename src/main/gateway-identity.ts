import { ok } from '#kernel/result.ts'
import type { Attempts } from '#identity/attempts.ts'
import type { Identity as Core } from '#identity/identity.ts'
import type { LedgerWriter } from '#ledger/writer.ts'
import type { Callers, Identity } from '#gateway/ports.ts'
import { OWNER, TENANT } from './core.ts'

/** Who asks, as the data plane needs it: guessing is slowed down. */
export const networkCallers = (core: Core, attempts: Attempts): Callers => ({
  async authenticate(presented, address) {
    const free = attempts.check(address)
    if (!free.ok) return free
    const caller = await core.authenticate(presented)
    // a missing key is no guess
    if (caller.ok) attempts.succeeded(address)
    else if (caller.error.code === 'invalid-key') attempts.failed(address)
    return caller
  },
  resolveSession: (cookieValue) => core.sessions.resolveSession(cookieValue),
})

/** Identity as the HTTP side needs it: guessing is slowed down, and every change of a key is evidence. */
export function networkIdentity(core: Core, ledger: LedgerWriter, attempts: Attempts): Identity {
  const noted = async (action: string, subject: string, actor: string): Promise<void> => {
    const record = ledger.append(
      { type: 'admin', v: 1, actor, action, subject },
      { tenant: TENANT },
    )
    if (record.ok) await record.value.durable
  }
  return {
    ...networkCallers(core, attempts),
    async openSession(presented, address) {
      const free = attempts.check(address)
      if (!free.ok) return free
      const session = await core.sessions.openSession(presented)
      if (session.ok) attempts.succeeded(address)
      else attempts.failed(address)
      return session
    },
    closeSession: (cookieValue) => core.sessions.closeSession(cookieValue),
    async createKey(key, actor) {
      const made = await core.keys.create({ ...key, tenant: TENANT, by: actor })
      if (made.ok) await noted('key-created', made.value.view.id, actor)
      return made
    },
    listKeys: () => core.keys.list({ tenant: TENANT, limit: 1000 }),
    async revokeKey(id, actor) {
      const revoked = await core.keys.revoke(TENANT, id)
      if (revoked.ok) await noted('key-revoked', id, actor)
      return revoked
    },
  }
}

/** On the administration socket the file permissions have already told who asks. */
export const ownerIdentity = (identity: Identity): Identity => ({
  ...identity,
  authenticate: () => Promise.resolve(ok(OWNER)),
})
