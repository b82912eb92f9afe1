import type { Migration } from './migration.ts'

/** `budget_account.state` is one document per period, changed by compare-and-swap on `version`. */
export const budgets: Migration = {
  version: 4,
  sql: `
CREATE TABLE budget (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  json TEXT NOT NULL,
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE budget_account (
  tenant TEXT NOT NULL,
  budget TEXT NOT NULL,
  start INTEGER NOT NULL,
  ends INTEGER,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (tenant, budget, start)
) STRICT, WITHOUT ROWID;
CREATE INDEX budget_account_ends ON budget_account (ends);

CREATE TABLE budget_cursor (
  writer TEXT PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE budget_alert (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  state TEXT NOT NULL,
  ended_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX budget_alert_due ON budget_alert (due_at) WHERE state = 'due';
CREATE INDEX budget_alert_tenant ON budget_alert (tenant, created_at);
`,
}
