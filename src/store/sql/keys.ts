import { sql } from 'kysely'
import { SCOPES } from '#kernel/exchange.ts'
import type { KeyStore, KeyUse, KeyView, StoredKey } from '#identity/ports.ts'
import type { Queries } from './queries.ts'
import type { ApiKeyTable } from './schema.ts'

const DEFAULT_LIMIT = 100
const VIEW = [
  ...(['id', 'tenant', 'name', 'scopes'] as const),
  ...(['created_at', 'created_by', 'expires_at', 'revoked_at', 'last_used_at'] as const),
]
/** Uses told in one statement; two parameters each, and SQLite takes 32,766 (https://www.sqlite.org/limits.html). */
const USES_AT_ONCE = 10_000

/** API keys. */
export function createKeyStore(queries: Queries): KeyStore {
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
    async touch(all) {
      // in one order, so that two gateways never wait for each other's rows
      const uses = all.toSorted((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)))
      for (let i = 0; i < uses.length; i += USES_AT_ONCE) {
        await touch(queries, uses.slice(i, i + USES_AT_ONCE))
      }
    },
    async hasAdministrator(now) {
      const standing = queries
        .selectFrom('api_key')
        .select('id')
        .where('revoked_at', 'is', null)
        // written so that the partial index on administrators serves it
        .where(sql<boolean>`instr(scopes, 'admin') > 0`)
        .where((key) => key.or([key('expires_at', 'is', null), key('expires_at', '>', now)]))
      return (await standing.limit(1).executeTakeFirst()) !== undefined
    },
  }
}

/** The unnamed columns of VALUES are called the same everywhere; the casts are for PostgreSQL, which cannot guess. */
async function touch(queries: Queries, uses: readonly KeyUse[]): Promise<void> {
  const rows = sql.join(uses.map(({ id, at }) => sql`(CAST(${id} AS TEXT), CAST(${at} AS BIGINT))`))
  await sql`UPDATE api_key SET last_used_at = used.column2 FROM (VALUES ${rows}) AS used
    WHERE api_key.id = used.column1
      AND (api_key.last_used_at IS NULL OR api_key.last_used_at < used.column2)`.execute(queries)
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
