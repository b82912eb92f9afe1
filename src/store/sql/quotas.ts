import type { QuotaStore, StoredQuota } from '#quotas/ports.ts'
import type { Quota } from '#quotas/quota.ts'
import type { QuotaTables } from './quota-tables.ts'
import type { Queries } from './queries.ts'

const DEFAULT_LIMIT = 1_000

/** Quotas that administrators wrote. */
export function createQuotaStore(queries: Queries): QuotaStore {
  return {
    async put({ tenant, quota, at, by }) {
      const json = JSON.stringify(quota)
      const insert = queries.insertInto('quota').values({ tenant, id: quota.id, json, at, by })
      const key = ['tenant', 'id'] as const
      await insert.onConflict((c) => c.columns(key).doUpdateSet({ json, at, by })).execute()
    },
    async putAll(quotas) {
      if (quotas.length === 0) return
      const rows = quotas.map(({ tenant, quota, at, by }) => {
        return { tenant, id: quota.id, json: JSON.stringify(quota), at, by }
      })
      const insert = queries.insertInto('quota').values(rows)
      const fresh = insert.onConflict((c) =>
        c.columns(['tenant', 'id']).doUpdateSet((of) => ({
          json: of.ref('excluded.json'),
          at: of.ref('excluded.at'),
          by: of.ref('excluded.by'),
        })),
      )
      await fresh.execute()
    },
    async remove(tenant, id) {
      const remove = queries.deleteFrom('quota').where('tenant', '=', tenant).where('id', '=', id)
      return (await remove.executeTakeFirst()).numDeletedRows === 1n
    },
    async list({ after, limit }) {
      let rows = queries.selectFrom('quota').selectAll().orderBy('tenant').orderBy('id')
      if (after) {
        rows = rows.where((of) =>
          of.or([
            of('tenant', '>', after.tenant),
            of.and([of('tenant', '=', after.tenant), of('id', '>', after.id)]),
          ]),
        )
      }
      return (await rows.limit(limit ?? DEFAULT_LIMIT).execute()).map(storedOf)
    },
    async get(tenant, id) {
      const of = queries.selectFrom('quota').selectAll().where('tenant', '=', tenant)
      const row = await of.where('id', '=', id).executeTakeFirst()
      return row ? storedOf(row) : null
    },
  }
}

const storedOf = ({ tenant, json, at, by }: QuotaTables['quota']): StoredQuota => ({
  tenant,
  // written by this room alone, in the form that it reads
  quota: JSON.parse(json) as Quota,
  at,
  by,
})
