import type { AdmissionRow, AdmissionStore } from '#models/admission/ports.ts'
import type { Queries } from './queries.ts'

/** Records of admission: one row for each set of weights, replaced by whoever has seen the one before. */
export function createAdmissionStore(queries: Queries): AdmissionStore {
  const all = () => queries.selectFrom('model_admission').select(['digest', 'version', 'record'])
  return {
    list: async () => (await all().orderBy('digest').execute()).map(rowOf),
    async get(digest) {
      const row = await all().where('digest', '=', digest).executeTakeFirst()
      return row ? rowOf(row) : null
    },
    async put({ digest, version, record }) {
      if (version === 1) {
        const insert = queries.insertInto('model_admission').values({ digest, version, record })
        const done = await insert.onConflict((conflict) => conflict.doNothing()).executeTakeFirst()
        return done.numInsertedOrUpdatedRows === 1n
      }
      const update = queries.updateTable('model_admission').set({ version, record })
      const done = update.where('digest', '=', digest).where('version', '=', version - 1)
      return (await done.executeTakeFirst()).numUpdatedRows === 1n
    },
  }
}

const rowOf = ({ digest, version, record }: AdmissionRow): AdmissionRow => ({
  digest,
  version,
  record,
})
