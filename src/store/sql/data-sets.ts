import type { DataSetRow, DataSetStore } from '#models/data-sets/ports.ts'
import type { Queries } from './queries.ts'

/** Registered data sets: one row for each version, replaced by whoever has seen the one before. */
export function createDataSetStore(queries: Queries): DataSetStore {
  const all = () => queries.selectFrom('data_set').select(['name', 'version', 'revision', 'record'])
  return {
    list: async () => (await all().orderBy('name').orderBy('version').execute()).map(rowOf),
    async get(name, version) {
      const row = await all()
        .where('name', '=', name)
        .where('version', '=', version)
        .executeTakeFirst()
      return row ? rowOf(row) : null
    },
    async put({ name, version, revision, record }) {
      if (revision === 1) {
        const insert = queries
          .insertInto('data_set')
          .values({ name, version, revision, record })
          .onConflict((conflict) => conflict.doNothing())
        return (await insert.executeTakeFirst()).numInsertedOrUpdatedRows === 1n
      }
      const update = queries
        .updateTable('data_set')
        .set({ revision, record })
        .where('name', '=', name)
        .where('version', '=', version)
        .where('revision', '=', revision - 1)
      return (await update.executeTakeFirst()).numUpdatedRows === 1n
    },
    async remove(name, version, revision) {
      const done = queries
        .deleteFrom('data_set')
        .where('name', '=', name)
        .where('version', '=', version)
        .where('revision', '=', revision)
      return (await done.executeTakeFirst()).numDeletedRows === 1n
    },
  }
}

const rowOf = ({ name, version, revision, record }: DataSetRow): DataSetRow => ({
  name,
  version,
  revision,
  record,
})
