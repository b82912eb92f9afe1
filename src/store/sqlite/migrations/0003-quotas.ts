import type { Migration } from './migration.ts'

/** Quotas that administrators wrote, and what is counted against them; nothing is left in a window after `ends_at`. */
export const quotas: Migration = {
  version: 3,
  sql: `
CREATE TABLE quota (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  json TEXT NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE quota_window (
  key TEXT PRIMARY KEY,
  window_ms INTEGER NOT NULL,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX quota_window_end ON quota_window (ends_at);
`,
}
