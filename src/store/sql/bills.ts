import type { BillStore } from '#models/bom/ports.ts'
import type { Queries } from './queries.ts'

/** Kept bills of materials: one row for each that differs. */
export function createBillStore(queries: Queries): BillStore {
  return {
    async put(digest, bytes) {
      const insert = queries.insertInto('bill').values({ digest, bytes })
      await insert.onConflict((conflict) => conflict.doNothing()).execute()
    },
    async get(digest) {
      const row = await queries
        .selectFrom('bill')
        .select('bytes')
        .where('digest', '=', digest)
        .executeTakeFirst()
      return row?.bytes ?? null
    },
    async digests() {
      const rows = await queries.selectFrom('bill').select('digest').orderBy('digest').execute()
      return rows.map(({ digest }) => digest)
    },
    async remove(digests) {
      for (const digest of digests)
        await queries.deleteFrom('bill').where('digest', '=', digest).execute()
    },
  }
}
