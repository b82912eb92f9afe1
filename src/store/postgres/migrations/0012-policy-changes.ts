import type { Migration } from './migration.ts'

/** Versions of the policy that were put through the admin API, and which of them counts. */
export const policyChanges: Migration = {
  version: 12,
  sql: `
CREATE TABLE policy_change (
  tenant TEXT COLLATE "C" NOT NULL,
  number BIGINT NOT NULL,
  action TEXT COLLATE "C" NOT NULL,
  document TEXT COLLATE "C",
  digest TEXT COLLATE "C",
  in_force BIGINT,
  staged BIGINT,
  share BIGINT NOT NULL,
  share_by TEXT COLLATE "C" NOT NULL,
  shadow BIGINT,
  reason TEXT COLLATE "C" NOT NULL,
  by TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (tenant, number)
);
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON policy_change
  FOR EACH STATEMENT EXECUTE FUNCTION tell_change('policy');
`,
}
