import type { Migration } from './migration.ts'

/** Who vouched for a session, and sign-ins that a command line fetches once. */
export const signIn: Migration = {
  version: 8,
  sql: `
CREATE TABLE vouched_session (
  id TEXT COLLATE "C" PRIMARY KEY,
  tenant TEXT COLLATE "C" NOT NULL,
  person TEXT COLLATE "C" NOT NULL,
  provider TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  sid TEXT COLLATE "C",
  digest BYTEA,
  key_id TEXT COLLATE "C",
  sealed BYTEA NOT NULL,
  refresh_at BIGINT,
  expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX vouched_session_digest ON vouched_session (digest) WHERE digest IS NOT NULL;
CREATE INDEX vouched_session_key ON vouched_session (key_id) WHERE key_id IS NOT NULL;
CREATE INDEX vouched_session_sid ON vouched_session (provider, sid) WHERE sid IS NOT NULL;
CREATE INDEX vouched_session_subject ON vouched_session (provider, subject);
CREATE INDEX vouched_session_due ON vouched_session (refresh_at) WHERE refresh_at IS NOT NULL;
CREATE INDEX vouched_session_end ON vouched_session (expires_at);

CREATE TABLE sign_in_code (
  digest BYTEA PRIMARY KEY,
  tenant TEXT COLLATE "C" NOT NULL,
  person TEXT COLLATE "C" NOT NULL,
  provider TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  sid TEXT COLLATE "C",
  challenge TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  expires_at BIGINT NOT NULL
);
`,
}
