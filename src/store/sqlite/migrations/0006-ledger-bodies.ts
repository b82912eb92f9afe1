import type { Migration } from './migration.ts'

/**
 * Records without what can be computed: `body` is the payload as `body/` writes it (what was stored before stays as it
 * is), `link` the first bytes of the record's own hash, `leaf` only of what is erased. `ledger_word` holds texts that come
 * again and again. A block says which records of a stretch of one chain have which facet, so that a filter reads no others.
 * `rollup` counts by hour and by day; `rollup_until` says up to where, per writer.
 */
export const ledgerBodies: Migration = {
  version: 6,
  sql: `
CREATE TABLE ledger_word (
  number INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE ledger_new (
  place INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  type INTEGER NOT NULL,
  at INTEGER NOT NULL,
  id BLOB NOT NULL,
  link BLOB NOT NULL,
  salt BLOB,
  body BLOB,
  leaf BLOB
) STRICT;
INSERT INTO ledger_new (place, tenant, type, at, id, link, salt, body, leaf)
  SELECT place, tenant, type, at, id,
    substr(coalesce((SELECT prev FROM ledger AS next WHERE next.place = ledger.place + 1),
      (SELECT hash FROM ledger_writer WHERE number = ledger.place >> 40), zeroblob(4)), 1, 4),
    salt, CAST(payload AS BLOB), CASE WHEN payload IS NULL THEN leaf END
  FROM ledger ORDER BY place;
DROP TABLE ledger;
ALTER TABLE ledger_new RENAME TO ledger;
CREATE INDEX ledger_id ON ledger (id);

CREATE TABLE ledger_block (
  first INTEGER PRIMARY KEY,
  last INTEGER NOT NULL,
  lowest BLOB NOT NULL,
  highest BLOB NOT NULL,
  ordered INTEGER NOT NULL
) STRICT;

CREATE TABLE ledger_posting (
  facet TEXT NOT NULL,
  first INTEGER NOT NULL,
  offsets BLOB NOT NULL,
  PRIMARY KEY (facet, first)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup (
  tenant TEXT NOT NULL,
  grain INTEGER NOT NULL,
  dimension TEXT NOT NULL,
  start INTEGER NOT NULL,
  value TEXT NOT NULL,
  requests INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  prompt_tokens INTEGER NOT NULL,
  completion_tokens INTEGER NOT NULL,
  cost_micro INTEGER NOT NULL,
  unpriced INTEGER NOT NULL,
  energy_mwh REAL NOT NULL,
  total_ms INTEGER NOT NULL,
  PRIMARY KEY (tenant, grain, dimension, start, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_until (
  writer TEXT PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
}
