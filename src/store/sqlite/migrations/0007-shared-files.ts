import type { Migration } from './migration.ts'

/** Files that every gateway of one database must have; sealed by whoever puts them here. */
export const sharedFiles: Migration = {
  version: 7,
  sql: `
CREATE TABLE shared_file (
  name TEXT PRIMARY KEY,
  version TEXT NOT NULL,
  bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;
`,
}
