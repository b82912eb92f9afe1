import type { Migration } from './migration.ts'

/**
 * `ledger.place` is writer number x 2^40 + seq: the primary key is the order of each chain, at no cost in bytes.
 * The generated columns take no room; they answer filters, and NULL instead of an error on a damaged payload.
 */
export const ledgerKeysState: Migration = {
  version: 1,
  sql: `
CREATE TABLE ledger_writer (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL
) STRICT;

CREATE TABLE tenant (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE ledger (
  place INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  type INTEGER NOT NULL,
  at INTEGER NOT NULL,
  id BLOB NOT NULL,
  prev BLOB NOT NULL,
  leaf BLOB NOT NULL,
  salt BLOB,
  payload TEXT,
  class TEXT AS (CASE WHEN json_valid(payload) THEN payload ->> '$.class' END) VIRTUAL,
  destination TEXT AS (CASE WHEN json_valid(payload) THEN payload ->> '$.destination' END) VIRTUAL,
  key TEXT AS (CASE WHEN json_valid(payload) THEN payload ->> '$.key' END) VIRTUAL,
  refusal TEXT AS (CASE WHEN json_valid(payload) THEN payload ->> '$.refusal' END) VIRTUAL,
  categories TEXT AS (CASE WHEN json_valid(payload) THEN payload -> '$.categories' END) VIRTUAL
) STRICT;
CREATE INDEX ledger_id ON ledger (id);

CREATE TABLE api_key (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  digest BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  last_used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX api_key_tenant ON api_key (tenant, id);
CREATE INDEX api_key_admin ON api_key (expires_at)
  WHERE revoked_at IS NULL AND instr(scopes, 'admin') > 0;

CREATE TABLE session (
  digest BLOB PRIMARY KEY,
  key_id TEXT NOT NULL REFERENCES api_key (id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_key ON session (key_id);

CREATE TABLE destination_state (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  state TEXT NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE document (
  number INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  version TEXT NOT NULL,
  json TEXT NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (kind, version)
) STRICT;
`,
}
