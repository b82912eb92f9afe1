import type { Migration } from './migration.ts'

/** Versions of the policy that were put through the admin API, and which of them counts. */
export const policyChanges: Migration = {
  version: 12,
  sql: `
CREATE TABLE policy_change (
  tenant TEXT NOT NULL,
  number INTEGER NOT NULL,
  action TEXT NOT NULL,
  document TEXT,
  digest TEXT,
  in_force INTEGER,
  staged INTEGER,
  share INTEGER NOT NULL,
  share_by TEXT NOT NULL,
  shadow INTEGER,
  reason TEXT NOT NULL,
  by TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (tenant, number)
) STRICT, WITHOUT ROWID;
`,
}
