import type { Migration } from './migration.ts'

/** Signed checkpoints, the public keys that sign them, how far each place outside has them, and texts under keys that can be destroyed. */
export const evidence: Migration = {
  version: 5,
  sql: `
CREATE TABLE ledger_checkpoint (
  number INTEGER PRIMARY KEY,
  body TEXT NOT NULL,
  signature BLOB NOT NULL
) STRICT;

CREATE TABLE signing_key (
  generation INTEGER PRIMARY KEY,
  key BLOB NOT NULL,
  signature BLOB
) STRICT;

CREATE TABLE anchor (
  name TEXT PRIMARY KEY,
  number INTEGER NOT NULL
) STRICT;

CREATE TABLE content_key (
  tenant TEXT NOT NULL,
  owner TEXT NOT NULL,
  wrapped BLOB,
  PRIMARY KEY (tenant, owner)
) STRICT;

CREATE TABLE content (
  decision BLOB NOT NULL,
  part TEXT NOT NULL,
  tenant TEXT NOT NULL,
  owner TEXT NOT NULL,
  at INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (decision, part)
) STRICT;
CREATE INDEX content_owner ON content (tenant, owner);
CREATE INDEX content_at ON content (at);
`,
}
