import type { Migration } from './migration.ts'

/** Data sets of the company's own that were registered. */
export const dataSets: Migration = {
  version: 23,
  sql: `
CREATE TABLE data_set (
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  revision INTEGER NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;
`,
}
