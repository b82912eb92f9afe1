import type { DatabaseSync } from 'node:sqlite'
import type { Migration } from './migrations/migration.ts'
import { inTransaction } from './transaction.ts'

/** "ECLU" in ASCII: marks the file as ours. https://www.sqlite.org/pragma.html#pragma_application_id */
export const APPLICATION_ID = 0x45434c55

/** The number of the last migration the file went through; 0 for an empty file. */
export const versionOf = (database: DatabaseSync): number => pragma(database, 'user_version')

/** Whether the file is empty or ours. */
export function isOurs(database: DatabaseSync): boolean {
  const id = pragma(database, 'application_id')
  if (id === APPLICATION_ID) return true
  return id === 0 && versionOf(database) === 0 && pragma(database, 'schema_version') === 0
}

/** Whether a copy into this file was begun and not finished. */
export const isUnfinished = (database: DatabaseSync): boolean =>
  isOurs(database) &&
  database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'copy_state'").get() !== undefined

/** The version that a file of this program has. */
export const newestVersion = (migrations: readonly Migration[]): number =>
  Math.max(...migrations.map(({ version }) => version))

/** Applies what is missing, each step in a transaction of its own; safe when two processes do it at once. */
export function migrate(database: DatabaseSync, migrations: readonly Migration[]): void {
  for (const { version, sql } of migrations) {
    if (versionOf(database) >= version) continue
    inTransaction(database, () => {
      // The other process may have done it while we waited for the lock.
      if (versionOf(database) >= version) return
      database.exec(sql)
      database.exec(`PRAGMA user_version = ${version}; PRAGMA application_id = ${APPLICATION_ID}`)
    })
  }
}

function pragma(database: DatabaseSync, name: string): number {
  const [value] = Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})
  return typeof value === 'number' ? value : 0
}
