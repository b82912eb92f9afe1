import type { Migration } from './migration.ts'

/** Signed checkpoints, the public keys that sign them, how far each place outside has them, and texts under keys that can be destroyed. */
export const evidence: Migration = {
  version: 5,
  sql: `
CREATE TABLE ledger_checkpoint (
  number BIGINT PRIMARY KEY,
  body TEXT NOT NULL,
  signature BYTEA NOT NULL
);

CREATE TABLE signing_key (
  generation INTEGER PRIMARY KEY,
  key BYTEA NOT NULL,
  signature BYTEA
);

CREATE TABLE anchor (
  name TEXT COLLATE "C" PRIMARY KEY,
  number BIGINT NOT NULL
);

CREATE TABLE content_key (
  tenant TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  wrapped BYTEA,
  PRIMARY KEY (tenant, owner)
);

CREATE TABLE content (
  decision BYTEA NOT NULL,
  part TEXT COLLATE "C" NOT NULL,
  tenant TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (decision, part)
);
CREATE INDEX content_owner ON content (tenant, owner);
CREATE INDEX content_at ON content (at);
`,
}
