import type { Migration } from './migration.ts'

/**
 * Organisations, teams, people, applications, what a key is limited to, sessions of people, and sealed secrets. Lists
 * are read in the order of the primary key, so every filter of them has an index that ends with it.
 */
export const identity: Migration = {
  version: 2,
  sql: `
CREATE TABLE organisation (
  id TEXT COLLATE "C" PRIMARY KEY,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  disabled_at BIGINT
);
INSERT INTO organisation (id, name, created_at, created_by)
  SELECT tenant, tenant, min(created_at), 'system' FROM api_key GROUP BY tenant;
INSERT INTO organisation (id, name, created_at, created_by)
  VALUES ('default', 'default', 0, 'system') ON CONFLICT DO NOTHING;

CREATE TABLE team (
  tenant TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  disabled_at BIGINT,
  PRIMARY KEY (tenant, id)
);

CREATE TABLE person (
  tenant TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  email TEXT COLLATE "C",
  issuer TEXT COLLATE "C",
  subject TEXT COLLATE "C",
  roles TEXT NOT NULL,
  team TEXT COLLATE "C",
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  disabled_at BIGINT,
  last_seen_at BIGINT,
  PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX person_email ON person (tenant, email) WHERE email IS NOT NULL;
CREATE UNIQUE INDEX person_subject ON person (tenant, issuer, subject) WHERE subject IS NOT NULL;
CREATE INDEX person_team ON person (tenant, team, id) WHERE team IS NOT NULL;
CREATE INDEX person_owner ON person (tenant) WHERE disabled_at IS NULL AND roles LIKE '%owner%';

CREATE TABLE application (
  tenant TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  team TEXT COLLATE "C",
  purpose TEXT,
  roles TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  disabled_at BIGINT,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX application_team ON application (tenant, team, id) WHERE team IS NOT NULL;

ALTER TABLE api_key ADD COLUMN person TEXT COLLATE "C";
ALTER TABLE api_key ADD COLUMN application TEXT COLLATE "C";
ALTER TABLE api_key ADD COLUMN team TEXT COLLATE "C";
ALTER TABLE api_key ADD COLUMN purpose TEXT;
ALTER TABLE api_key ADD COLUMN restrictions TEXT;
ALTER TABLE api_key ADD COLUMN replaced_by TEXT COLLATE "C";
ALTER TABLE api_key ADD COLUMN replaces TEXT COLLATE "C";
CREATE INDEX api_key_person ON api_key (tenant, person, id) WHERE person IS NOT NULL;
CREATE INDEX api_key_application ON api_key (tenant, application, id) WHERE application IS NOT NULL;
CREATE INDEX api_key_team ON api_key (tenant, team, id) WHERE team IS NOT NULL;
CREATE INDEX api_key_revoked ON api_key (tenant, id) WHERE revoked_at IS NOT NULL;
CREATE INDEX api_key_expiring ON api_key (tenant, id) WHERE expires_at IS NOT NULL AND revoked_at IS NULL;
CREATE INDEX api_key_owner ON api_key (tenant)
  WHERE revoked_at IS NULL AND person IS NULL AND application IS NULL
    AND (scopes LIKE '%admin%' OR scopes LIKE '%owner%');

CREATE TABLE sign_in (
  digest BYTEA PRIMARY KEY,
  id TEXT COLLATE "C" NOT NULL,
  tenant TEXT COLLATE "C" NOT NULL,
  key_id TEXT COLLATE "C" REFERENCES api_key (id),
  person TEXT COLLATE "C",
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  address TEXT,
  external TEXT COLLATE "C"
);
INSERT INTO sign_in (digest, id, tenant, key_id, created_at, last_seen_at, expires_at)
  SELECT s.digest, substr(encode(s.digest, 'hex'), 1, 16), k.tenant, s.key_id, s.created_at, s.created_at, s.expires_at
  FROM session s JOIN api_key k ON k.id = s.key_id;
DROP TABLE session;
ALTER TABLE sign_in RENAME TO session;
CREATE UNIQUE INDEX session_id ON session (tenant, id);
CREATE INDEX session_key ON session (key_id) WHERE key_id IS NOT NULL;
CREATE INDEX session_person ON session (tenant, person) WHERE person IS NOT NULL;
CREATE INDEX session_external ON session (external) WHERE external IS NOT NULL;
CREATE INDEX session_end ON session (expires_at);

CREATE TABLE sealed_secret (
  kind TEXT COLLATE "C" NOT NULL,
  tenant TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  generation INTEGER NOT NULL,
  sealed BYTEA NOT NULL,
  at BIGINT NOT NULL,
  by TEXT NOT NULL,
  PRIMARY KEY (kind, tenant, id, generation)
);

DROP TRIGGER tell_change ON api_key;
CREATE TRIGGER tell_change AFTER DELETE
  OR UPDATE OF expires_at, revoked_at, scopes, digest, name, person, application, team, purpose, restrictions ON api_key
  FOR EACH STATEMENT EXECUTE FUNCTION tell_change('keys');
CREATE TRIGGER tell_change AFTER DELETE ON session
  FOR EACH STATEMENT EXECUTE FUNCTION tell_change('keys');
CREATE TRIGGER tell_change AFTER UPDATE OR DELETE ON organisation
  FOR EACH STATEMENT EXECUTE FUNCTION tell_change('keys');
CREATE TRIGGER tell_change AFTER UPDATE OR DELETE ON team
  FOR EACH STATEMENT EXECUTE FUNCTION tell_change('keys');
CREATE TRIGGER tell_change AFTER DELETE OR UPDATE OF roles, team, disabled_at ON person
  FOR EACH STATEMENT EXECUTE FUNCTION tell_change('keys');
CREATE TRIGGER tell_change AFTER DELETE OR UPDATE OF roles, team, purpose, disabled_at ON application
  FOR EACH STATEMENT EXECUTE FUNCTION tell_change('keys');
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON sealed_secret
  FOR EACH STATEMENT EXECUTE FUNCTION tell_change('secrets');
`,
}
