import type { Migration } from './migration.ts'

/** Bills of materials that were kept, each once; the ledger says when each was in force. */
export const bills: Migration = {
  version: 22,
  sql: `
CREATE TABLE bill (
  digest TEXT NOT NULL PRIMARY KEY,
  bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;
`,
}
