import type { DatabaseSync } from 'node:sqlite'
import { SCOPES } from '#kernel/exchange.ts'
import type { KeyStore, KeyView, StoredKey } from '#identity/ports.ts'
import type { Queries } from './dialect.ts'
import type { ApiKeyTable } from './schema.ts'
import { inTransaction } from './transaction.ts'

const DEFAULT_LIMIT = 100
const VIEW = [
  ...(['id', 'tenant', 'name', 'scopes'] as const),
  ...(['created_at', 'created_by', 'expires_at', 'revoked_at', 'last_used_at'] as const),
]
const TOUCH = 'UPDATE api_key SET last_used_at = max(coalesce(last_used_at, 0), ?) WHERE id = ?'
// Written so that the partial index on administrators serves it.
const ADMINISTRATOR = `SELECT 1 FROM api_key WHERE revoked_at IS NULL AND instr(scopes, 'admin') > 0
  AND (expires_at IS NULL OR expires_at > ?) LIMIT 1`

/** API keys in SQLite. */
export function createKeyStore(database: DatabaseSync, queries: Queries): KeyStore {
  return {
    async insert(key) {
      const insert = queries.insertInto('api_key').values(rowOf(key))
      const done = await insert.onConflict((conflict) => conflict.doNothing()).executeTakeFirst()
      return done.numInsertedOrUpdatedRows === 1n
    },
    async byId(id) {
      const row = await queries
        .selectFrom('api_key')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst()
      return row ? { ...viewOf(row), digest: row.digest } : null
    },
    async list({ tenant, after, limit }) {
      let rows = queries
        .selectFrom('api_key')
        .select(VIEW)
        .where('tenant', '=', tenant)
        .orderBy('id')
      if (after !== undefined) rows = rows.where('id', '>', after)
      return (await rows.limit(limit ?? DEFAULT_LIMIT).execute()).map(viewOf)
    },
    async revoke(tenant, id, at) {
      const revoke = queries.updateTable('api_key').set({ revoked_at: at }).where('id', '=', id)
      const open = revoke.where('tenant', '=', tenant).where('revoked_at', 'is', null)
      return (await open.executeTakeFirst()).numUpdatedRows === 1n
    },
    touch: async (uses) => {
      inTransaction(database, () => {
        const touch = database.prepare(TOUCH)
        for (const { id, at } of uses) touch.run(at, id)
      })
    },
    hasAdministrator: async (now) => database.prepare(ADMINISTRATOR).get(now) !== undefined,
  }
}

const rowOf = (key: StoredKey): ApiKeyTable => ({
  id: key.id,
  tenant: key.tenant,
  name: key.name,
  scopes: key.scopes.join(' '),
  digest: key.digest,
  created_at: key.createdAt,
  created_by: key.createdBy,
  expires_at: key.expiresAt,
  revoked_at: key.revokedAt,
  last_used_at: key.lastUsedAt,
})

const viewOf = (row: Omit<ApiKeyTable, 'digest'>): KeyView => ({
  id: row.id,
  tenant: row.tenant,
  name: row.name,
  scopes: SCOPES.filter((scope) => row.scopes.split(' ').includes(scope)),
  createdAt: row.created_at,
  createdBy: row.created_by,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  lastUsedAt: row.last_used_at,
})
