import type { SharedFileStore } from '../ports.ts'
import type { Queries } from './queries.ts'

/** Files that every gateway of one database must have. */
export function createSharedFileStore(queries: Queries): SharedFileStore {
  return {
    async get(name) {
      const row = await queries
        .selectFrom('shared_file')
        .select(['version', 'bytes'])
        .where('name', '=', name)
        .executeTakeFirst()
      return row ? { version: row.version, bytes: row.bytes } : null
    },
    async put(name, before, { version, bytes }) {
      if (before === null) {
        const insert = queries.insertInto('shared_file').values({ name, version, bytes })
        const done = await insert.onConflict((conflict) => conflict.doNothing()).executeTakeFirst()
        return done.numInsertedOrUpdatedRows === 1n
      }
      const update = queries.updateTable('shared_file').set({ version, bytes })
      const done = update.where('name', '=', name).where('version', '=', before)
      return (await done.executeTakeFirst()).numUpdatedRows === 1n
    },
  }
}
