import type { Migration } from './migration.ts'

/** Who vouched for a session, and sign-ins that a command line fetches once. */
export const signIn: Migration = {
  version: 8,
  sql: `
CREATE TABLE vouched_session (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  person TEXT NOT NULL,
  provider TEXT NOT NULL,
  subject TEXT NOT NULL,
  sid TEXT,
  digest BLOB,
  key_id TEXT,
  sealed BLOB NOT NULL,
  refresh_at INTEGER,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX vouched_session_digest ON vouched_session (digest) WHERE digest IS NOT NULL;
CREATE INDEX vouched_session_key ON vouched_session (key_id) WHERE key_id IS NOT NULL;
CREATE INDEX vouched_session_sid ON vouched_session (provider, sid) WHERE sid IS NOT NULL;
CREATE INDEX vouched_session_subject ON vouched_session (provider, subject);
CREATE INDEX vouched_session_due ON vouched_session (refresh_at) WHERE refresh_at IS NOT NULL;
CREATE INDEX vouched_session_end ON vouched_session (expires_at);

CREATE TABLE sign_in_code (
  digest BLOB PRIMARY KEY,
  tenant TEXT NOT NULL,
  person TEXT NOT NULL,
  provider TEXT NOT NULL,
  subject TEXT NOT NULL,
  sid TEXT,
  challenge TEXT NOT NULL,
  sealed BLOB NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
}
