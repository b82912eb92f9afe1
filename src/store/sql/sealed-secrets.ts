import type { SealedSecret, SealedStore } from '#identity/ports.ts'
import type { Queries } from './queries.ts'

/** Secrets as sealed bytes; what opens them is nowhere in the database. */
export function createSealedStore(queries: Queries): SealedStore {
  const under = (generation: number) =>
    queries.selectFrom('sealed_secret').selectAll().where('generation', '=', generation)
  const plain = (row: SealedSecret): SealedSecret => ({ ...row })
  return {
    async put(secret) {
      const { sealed, at, by } = secret
      const insert = queries.insertInto('sealed_secret').values({ ...secret })
      const place = ['kind', 'tenant', 'id', 'generation'] as const
      await insert.onConflict((c) => c.columns(place).doUpdateSet({ sealed, at, by })).execute()
    },
    async get(kind, tenant, id, generation) {
      const rows = under(generation).where('kind', '=', kind).where('tenant', '=', tenant)
      const row = await rows.where('id', '=', id).executeTakeFirst()
      return row ? plain(row) : null
    },
    async list(kind, tenant, generation) {
      const rows = under(generation).where('kind', '=', kind).where('tenant', '=', tenant)
      return (await rows.orderBy('id').execute()).map(plain)
    },
    async all(generation) {
      const rows = under(generation).orderBy('kind').orderBy('tenant').orderBy('id')
      return (await rows.execute()).map(plain)
    },
    async remove(kind, tenant, id) {
      const remove = queries.deleteFrom('sealed_secret').where('kind', '=', kind)
      const done = await remove.where('tenant', '=', tenant).where('id', '=', id).executeTakeFirst()
      return done.numDeletedRows > 0n
    },
    async keepOnly(generation) {
      await queries.deleteFrom('sealed_secret').where('generation', '!=', generation).execute()
    },
  }
}
