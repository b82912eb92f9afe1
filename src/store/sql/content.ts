import type { ContentStore } from '#ledger/ports.ts'
import { uuidBytes, uuidText } from './ledger-row.ts'
import type { Queries } from './queries.ts'

/** Sealed texts and the wrapped keys of their owners. */
export function createContentStore(queries: Queries): ContentStore {
  const keyRow = async (tenant: string, owner: string) =>
    queries
      .selectFrom('content_key')
      .select('wrapped')
      .where('tenant', '=', tenant)
      .where('owner', '=', owner)
      .executeTakeFirst()
  return {
    async ownerKey(tenant, owner, fresh) {
      const known = await keyRow(tenant, owner)
      if (known) return known.wrapped
      await queries
        .insertInto('content_key')
        .values({ tenant, owner, wrapped: fresh })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      return (await keyRow(tenant, owner))?.wrapped ?? null
    },
    async destroyKey(tenant, owner) {
      const { numUpdatedRows } = await queries
        .updateTable('content_key')
        .set({ wrapped: null })
        .where('tenant', '=', tenant)
        .where('owner', '=', owner)
        .where('wrapped', 'is not', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    async put(content) {
      await queries
        .insertInto('content')
        .values({ ...content, decision: uuidBytes(content.decision) })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },
    async get(tenant, decision) {
      const rows = await queries
        .selectFrom('content')
        .leftJoin('content_key', (join) =>
          join
            .onRef('content_key.tenant', '=', 'content.tenant')
            .onRef('content_key.owner', '=', 'content.owner'),
        )
        .selectAll('content')
        .select('content_key.wrapped')
        .where('content.decision', '=', uuidBytes(decision))
        .where('content.tenant', '=', tenant)
        .execute()
      return rows.map((row) => ({ ...row, decision: uuidText(row.decision) }))
    },
    async removeOf(tenant, owner) {
      const { numDeletedRows } = await queries
        .deleteFrom('content')
        .where('tenant', '=', tenant)
        .where('owner', '=', owner)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
    async removeBefore(at) {
      const { numDeletedRows } = await queries
        .deleteFrom('content')
        .where('at', '<', at)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}
