import { sql } from 'kysely'
import type { CacheRow, CacheScope, CacheStore } from '#caches/ports.ts'
import type { CachedAnswerTable } from './schema.ts'
import type { Queries } from './queries.ts'

/** Answers as sealed bytes; what opens them is nowhere in the database. */
export function createCachedAnswerStore(queries: Queries): CacheStore {
  const removing = ({ tenant, owner, subject }: CacheScope) => {
    let remove = queries.deleteFrom('cached_answer').where('tenant', '=', tenant)
    if (owner !== undefined) remove = remove.where('owner', '=', owner)
    if (subject !== undefined) remove = remove.where('subject', '=', subject)
    return remove
  }
  return {
    async put({ expiresAt, ...row }) {
      const { bucket, owner, subject, at, sealed } = row
      const values = { ...row, expires_at: expiresAt }
      const set = { bucket, owner, subject, at, sealed, expires_at: expiresAt }
      await queries
        .insertInto('cached_answer')
        .values(values)
        .onConflict((conflict) => conflict.columns(['tenant', 'key']).doUpdateSet(set))
        .execute()
    },
    async get(tenant, key) {
      const rows = queries.selectFrom('cached_answer').selectAll().where('tenant', '=', tenant)
      const row = await rows.where('key', '=', key).executeTakeFirst()
      return row ? rowOf(row) : null
    },
    async alike(tenant, bucket, limit) {
      const rows = await queries
        .selectFrom('cached_answer')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('bucket', '=', bucket)
        .orderBy('at', 'desc')
        .limit(limit)
        .execute()
      return rows.map(rowOf)
    },
    async remove(scope) {
      const { numDeletedRows } = await removing(scope).executeTakeFirst()
      return Number(numDeletedRows)
    },
    async removeExpired(now) {
      const old = queries.selectFrom('cached_answer').select('key').where('expires_at', '<=', now)
      // a look first: whoever listens for removals is not told of none
      if (!(await old.limit(1).executeTakeFirst())) return 0
      const remove = queries.deleteFrom('cached_answer').where('expires_at', '<=', now)
      return Number((await remove.executeTakeFirst()).numDeletedRows)
    },
    async stats(tenant) {
      const row = await queries
        .selectFrom('cached_answer')
        .select((of) => of.fn.countAll().as('answers'))
        .select(sql<number | string | null>`SUM(LENGTH(sealed))`.as('bytes'))
        .where('tenant', '=', tenant)
        .executeTakeFirst()
      return { answers: Number(row?.answers ?? 0), bytes: Number(row?.bytes ?? 0) }
    },
  }
}

const rowOf = ({ expires_at: expiresAt, ...row }: CachedAnswerTable): CacheRow => ({
  ...row,
  expiresAt,
})
