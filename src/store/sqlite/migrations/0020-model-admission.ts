import type { Migration } from './migration.ts'

/** What was decided about weights, and why. */
export const modelAdmission: Migration = {
  version: 20,
  sql: `
CREATE TABLE model_admission (
  digest TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  record TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
}
