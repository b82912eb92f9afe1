import type { Migration } from './migration.ts'

/** Files that every gateway of one database must have; sealed by whoever puts them here. */
export const sharedFiles: Migration = {
  version: 7,
  sql: `
CREATE TABLE shared_file (
  name TEXT COLLATE "C" PRIMARY KEY,
  version TEXT COLLATE "C" NOT NULL,
  bytes BYTEA NOT NULL
);
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON shared_file
  FOR EACH STATEMENT EXECUTE FUNCTION tell_change('files');
`,
}
