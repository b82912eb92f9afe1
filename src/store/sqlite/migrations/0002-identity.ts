import type { Migration } from './migration.ts'

/**
 * Organisations, teams, people, applications, what a key is limited to, sessions of people, and sealed secrets. Lists
 * are read in the order of the primary key, so every filter of them has an index that ends with it.
 */
export const identity: Migration = {
  version: 2,
  sql: `
CREATE TABLE organisation (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  disabled_at INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO organisation (id, name, created_at, created_by)
  SELECT tenant, tenant, min(created_at), 'system' FROM api_key GROUP BY tenant;
INSERT OR IGNORE INTO organisation (id, name, created_at, created_by)
  VALUES ('default', 'default', 0, 'system');

CREATE TABLE team (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  disabled_at INTEGER,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  email TEXT,
  issuer TEXT,
  subject TEXT,
  roles TEXT NOT NULL,
  team TEXT,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  disabled_at INTEGER,
  last_seen_at INTEGER,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX person_email ON person (tenant, email) WHERE email IS NOT NULL;
CREATE UNIQUE INDEX person_subject ON person (tenant, issuer, subject) WHERE subject IS NOT NULL;
CREATE INDEX person_team ON person (tenant, team, id) WHERE team IS NOT NULL;
CREATE INDEX person_owner ON person (tenant) WHERE disabled_at IS NULL AND roles LIKE '%owner%';

CREATE TABLE application (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  team TEXT,
  purpose TEXT,
  roles TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  disabled_at INTEGER,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX application_team ON application (tenant, team, id) WHERE team IS NOT NULL;

ALTER TABLE api_key ADD COLUMN person TEXT;
ALTER TABLE api_key ADD COLUMN application TEXT;
ALTER TABLE api_key ADD COLUMN team TEXT;
ALTER TABLE api_key ADD COLUMN purpose TEXT;
ALTER TABLE api_key ADD COLUMN restrictions TEXT;
ALTER TABLE api_key ADD COLUMN replaced_by TEXT;
ALTER TABLE api_key ADD COLUMN replaces TEXT;
CREATE INDEX api_key_person ON api_key (tenant, person, id) WHERE person IS NOT NULL;
CREATE INDEX api_key_application ON api_key (tenant, application, id) WHERE application IS NOT NULL;
CREATE INDEX api_key_team ON api_key (tenant, team, id) WHERE team IS NOT NULL;
CREATE INDEX api_key_revoked ON api_key (tenant, id) WHERE revoked_at IS NOT NULL;
CREATE INDEX api_key_expiring ON api_key (tenant, id) WHERE expires_at IS NOT NULL AND revoked_at IS NULL;
CREATE INDEX api_key_owner ON api_key (tenant)
  WHERE revoked_at IS NULL AND person IS NULL AND application IS NULL
    AND (scopes LIKE '%admin%' OR scopes LIKE '%owner%');

CREATE TABLE sign_in (
  digest BLOB PRIMARY KEY,
  id TEXT NOT NULL,
  tenant TEXT NOT NULL,
  key_id TEXT REFERENCES api_key (id),
  person TEXT,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  address TEXT,
  external TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO sign_in (digest, id, tenant, key_id, created_at, last_seen_at, expires_at)
  SELECT s.digest, substr(hex(s.digest), 1, 16), k.tenant, s.key_id, s.created_at, s.created_at, s.expires_at
  FROM session s JOIN api_key k ON k.id = s.key_id;
DROP TABLE session;
ALTER TABLE sign_in RENAME TO session;
CREATE UNIQUE INDEX session_id ON session (tenant, id);
CREATE INDEX session_key ON session (key_id) WHERE key_id IS NOT NULL;
CREATE INDEX session_person ON session (tenant, person) WHERE person IS NOT NULL;
CREATE INDEX session_external ON session (external) WHERE external IS NOT NULL;
CREATE INDEX session_end ON session (expires_at);

CREATE TABLE sealed_secret (
  kind TEXT NOT NULL,
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  generation INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  PRIMARY KEY (kind, tenant, id, generation)
) STRICT, WITHOUT ROWID;
`,
}
