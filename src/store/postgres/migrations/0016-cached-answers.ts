import type { Migration } from './migration.ts'

/** Answers that processes share, sealed. */
export const cachedAnswers: Migration = {
  version: 16,
  sql: `
CREATE TABLE cached_answer (
  tenant TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  bucket TEXT COLLATE "C",
  owner TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C",
  at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (tenant, key)
);
CREATE INDEX cached_answer_bucket ON cached_answer (tenant, bucket, at) WHERE bucket IS NOT NULL;
CREATE INDEX cached_answer_owner ON cached_answer (tenant, owner);
CREATE INDEX cached_answer_end ON cached_answer (expires_at);
-- what is kept in the memory of other gateways goes with it
CREATE TRIGGER tell_change AFTER DELETE ON cached_answer
  FOR EACH STATEMENT EXECUTE FUNCTION tell_change('answers');
`,
}
