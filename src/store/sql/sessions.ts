import { sql } from 'kysely'
import type { SessionStore, SessionView, StoredSession } from '#identity/ports.ts'
import type { SessionTable } from './identity-tables.ts'
import type { Queries } from './queries.ts'

const DEFAULT_LIMIT = 100
const VIEW = [
  ...(['id', 'tenant', 'key_id', 'person', 'created_at', 'last_seen_at', 'expires_at'] as const),
  ...(['address', 'external'] as const),
]

/** Sign-ins of people and keys. */
export function createSessionStore(queries: Queries): SessionStore {
  const remove = () => queries.deleteFrom('session')
  return {
    async insert(session) {
      await queries.insertInto('session').values(rowOf(session)).execute()
    },
    async byDigest(digest) {
      const rows = queries.selectFrom('session').selectAll().where('digest', '=', digest)
      const row = await rows.executeTakeFirst()
      return row ? { ...viewOf(row), digest: row.digest } : null
    },
    async touch(digest, at) {
      const touch = queries.updateTable('session').where('digest', '=', digest)
      await touch.where('last_seen_at', '<', at).set({ last_seen_at: at }).execute()
    },
    async list({ tenant, person, key, now, after, limit }) {
      let rows = queries.selectFrom('session').select(VIEW).where('tenant', '=', tenant)
      if (person !== undefined) rows = rows.where('person', '=', person)
      if (key !== undefined) rows = rows.where('key_id', '=', key)
      if (after !== undefined) rows = rows.where('id', '>', after)
      rows = rows
        .where('expires_at', '>', now)
        .orderBy('id')
        .limit(limit ?? DEFAULT_LIMIT)
      return (await rows.execute()).map(viewOf)
    },
    async remove(digest) {
      await remove().where('digest', '=', digest).execute()
    },
    async removeById(tenant, id) {
      const done = remove().where('tenant', '=', tenant).where('id', '=', id)
      return (await done.executeTakeFirst()).numDeletedRows === 1n
    },
    async removeOfKey(keyId) {
      await remove().where('key_id', '=', keyId).execute()
    },
    async removeOfPerson(tenant, person) {
      await remove().where('tenant', '=', tenant).where('person', '=', person).execute()
    },
    async removeOfExternal(external) {
      await remove().where('external', '=', external).execute()
    },
    async removeExpired(now, idleSince) {
      const ended = sql<boolean>`(expires_at <= ${now} OR last_seen_at < ${idleSince})`
      await remove().where(ended).execute()
    },
  }
}

const rowOf = (session: StoredSession): SessionTable => ({
  digest: session.digest,
  id: session.id,
  tenant: session.tenant,
  key_id: session.keyId,
  person: session.person,
  created_at: session.createdAt,
  last_seen_at: session.lastSeenAt,
  expires_at: session.expiresAt,
  address: session.address,
  external: session.external,
})

const viewOf = (row: Omit<SessionTable, 'digest'>): SessionView => ({
  id: row.id,
  tenant: row.tenant,
  keyId: row.key_id,
  person: row.person,
  createdAt: row.created_at,
  lastSeenAt: row.last_seen_at,
  expiresAt: row.expires_at,
  address: row.address,
  external: row.external,
})
