import type { Migration } from './migration.ts'

/** Answers that processes share, sealed. */
export const cachedAnswers: Migration = {
  version: 16,
  sql: `
CREATE TABLE cached_answer (
  tenant TEXT NOT NULL,
  key TEXT NOT NULL,
  bucket TEXT,
  owner TEXT NOT NULL,
  subject TEXT,
  at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (tenant, key)
) STRICT;
CREATE INDEX cached_answer_bucket ON cached_answer (tenant, bucket, at) WHERE bucket IS NOT NULL;
CREATE INDEX cached_answer_owner ON cached_answer (tenant, owner);
CREATE INDEX cached_answer_end ON cached_answer (expires_at);
`,
}
