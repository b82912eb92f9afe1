import type { Migration } from './migration.ts'

/** Quotas that administrators wrote, and what is counted against them; nothing is left in a window after `ends_at`. */
export const quotas: Migration = {
  version: 3,
  sql: `
CREATE TABLE quota (
  tenant TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  json TEXT NOT NULL,
  at BIGINT NOT NULL,
  by TEXT NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON quota
  FOR EACH STATEMENT EXECUTE FUNCTION tell_change('quotas');

-- rows are small and change many times a minute: with room on its page each stays there
CREATE TABLE quota_window (
  key TEXT COLLATE "C" PRIMARY KEY,
  window_ms BIGINT NOT NULL,
  version BIGINT NOT NULL,
  state TEXT NOT NULL,
  ends_at BIGINT NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX quota_window_end ON quota_window (ends_at);
`,
}
