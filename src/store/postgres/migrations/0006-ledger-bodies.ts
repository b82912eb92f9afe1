import type { Migration } from './migration.ts'

/** The same as SQLite's; see there. What was stored before is rewritten in place. */
export const ledgerBodies: Migration = {
  version: 6,
  sql: `
CREATE TABLE ledger_word (
  number INTEGER PRIMARY KEY,
  text TEXT COLLATE "C" NOT NULL UNIQUE
);

DROP FUNCTION class(ledger), destination(ledger), key(ledger), refusal(ledger), categories(ledger);
DROP FUNCTION payload_field(text, text);
ALTER TABLE ledger ADD COLUMN link BYTEA, ADD COLUMN body BYTEA;
ALTER TABLE ledger ALTER COLUMN leaf DROP NOT NULL;
UPDATE ledger SET link = substr(coalesce(next.prev, (SELECT hash FROM ledger_writer WHERE number = ledger.place >> 40),
      '\\x00000000'::bytea), 1, 4),
    body = convert_to(payload, 'UTF8'),
    leaf = CASE WHEN payload IS NULL THEN leaf END
  FROM (SELECT place, at, lead(prev) OVER (PARTITION BY place >> 40 ORDER BY place, at) AS prev FROM ledger) AS next
  WHERE next.place = ledger.place AND next.at = ledger.at;
ALTER TABLE ledger DROP COLUMN prev, DROP COLUMN payload, ALTER COLUMN link SET NOT NULL;

CREATE TABLE ledger_block (
  first BIGINT PRIMARY KEY,
  last BIGINT NOT NULL,
  lowest BYTEA NOT NULL,
  highest BYTEA NOT NULL,
  ordered INTEGER NOT NULL
);

CREATE TABLE ledger_posting (
  facet TEXT COLLATE "C" NOT NULL,
  first BIGINT NOT NULL,
  offsets BYTEA NOT NULL,
  PRIMARY KEY (facet, first)
);

CREATE TABLE rollup (
  tenant TEXT COLLATE "C" NOT NULL,
  grain INTEGER NOT NULL,
  dimension TEXT COLLATE "C" NOT NULL,
  start BIGINT NOT NULL,
  value TEXT COLLATE "C" NOT NULL,
  requests BIGINT NOT NULL,
  refused BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  answered BIGINT NOT NULL,
  prompt_tokens BIGINT NOT NULL,
  completion_tokens BIGINT NOT NULL,
  cost_micro BIGINT NOT NULL,
  unpriced BIGINT NOT NULL,
  energy_mwh DOUBLE PRECISION NOT NULL,
  total_ms BIGINT NOT NULL,
  PRIMARY KEY (tenant, grain, dimension, start, value)
);

CREATE TABLE rollup_until (
  writer TEXT COLLATE "C" PRIMARY KEY,
  seq BIGINT NOT NULL
);
`,
}
