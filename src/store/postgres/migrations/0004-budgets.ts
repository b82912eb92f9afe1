import type { Migration } from './migration.ts'

/** `budget_account.state` is one document per period, changed by compare-and-swap on `version`. */
export const budgets: Migration = {
  version: 4,
  sql: `
CREATE TABLE budget (
  tenant TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  json TEXT NOT NULL,
  version BIGINT NOT NULL,
  at BIGINT NOT NULL,
  by TEXT NOT NULL,
  PRIMARY KEY (tenant, id)
);

CREATE TABLE budget_account (
  tenant TEXT COLLATE "C" NOT NULL,
  budget TEXT COLLATE "C" NOT NULL,
  start BIGINT NOT NULL,
  ends BIGINT,
  version BIGINT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (tenant, budget, start)
) WITH (fillfactor = 50);
CREATE INDEX budget_account_ends ON budget_account (ends);

CREATE TABLE budget_cursor (
  writer TEXT COLLATE "C" PRIMARY KEY,
  seq BIGINT NOT NULL
);

CREATE TABLE budget_alert (
  id TEXT COLLATE "C" PRIMARY KEY,
  tenant TEXT COLLATE "C" NOT NULL,
  body TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  state TEXT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX budget_alert_due ON budget_alert (due_at) WHERE state = 'due';
CREATE INDEX budget_alert_tenant ON budget_alert (tenant, created_at);
`,
}
