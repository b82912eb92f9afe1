import type { SessionStore } from '#identity/ports.ts'
import type { Queries } from './queries.ts'

/** Sessions of the web page. */
export function createSessionStore(queries: Queries): SessionStore {
  return {
    async insert({ digest, keyId, createdAt, expiresAt }) {
      const row = { digest, key_id: keyId, created_at: createdAt, expires_at: expiresAt }
      await queries.insertInto('session').values(row).execute()
    },
    async byDigest(digest) {
      const rows = queries.selectFrom('session').selectAll().where('digest', '=', digest)
      const row = await rows.executeTakeFirst()
      if (!row) return null
      return {
        digest: row.digest,
        keyId: row.key_id,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
      }
    },
    async remove(digest) {
      await queries.deleteFrom('session').where('digest', '=', digest).execute()
    },
    async removeOfKey(keyId) {
      await queries.deleteFrom('session').where('key_id', '=', keyId).execute()
    },
    async removeExpired(now) {
      await queries.deleteFrom('session').where('expires_at', '<=', now).execute()
    },
  }
}
