import type { Migration } from './migration.ts'

/** `body` of an erased record is its leaf, which had a column of its own before: `salt` tells which of the two it is. */
export const narrowRecords: Migration = {
  version: 17,
  sql: `
UPDATE ledger SET body = leaf WHERE salt IS NULL AND body IS NULL;
ALTER TABLE ledger DROP COLUMN leaf;
`,
}
