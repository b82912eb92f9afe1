import type { Migration } from './migration.ts'

/** What was decided about weights, and why. */
export const modelAdmission: Migration = {
  version: 20,
  sql: `
CREATE TABLE model_admission (
  digest TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  record TEXT NOT NULL
);
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON model_admission
  FOR EACH STATEMENT EXECUTE FUNCTION tell_change('models');
`,
}
