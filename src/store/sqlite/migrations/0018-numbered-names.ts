import type { Migration } from './migration.ts'

/** Facets, charts and their values by number: the same texts come in every block and every hour. `chart` is tenant and dimension. A figure may be NULL for 0, which takes no room on a server. */
export const numberedNames: Migration = {
  version: 18,
  sql: `
CREATE TABLE index_name (
  number INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO index_name (text)
  SELECT facet FROM ledger_posting UNION SELECT value FROM rollup UNION SELECT tenant || char(10) || dimension FROM rollup;

CREATE TABLE ledger_posting_numbered (
  name INTEGER NOT NULL,
  first INTEGER NOT NULL,
  offsets BLOB NOT NULL,
  PRIMARY KEY (name, first)
) STRICT, WITHOUT ROWID;
INSERT INTO ledger_posting_numbered (name, first, offsets)
  SELECT number, first, offsets FROM ledger_posting JOIN index_name ON text = facet ORDER BY number, first;
DROP TABLE ledger_posting;
ALTER TABLE ledger_posting_numbered RENAME TO ledger_posting;

CREATE TABLE rollup_numbered (
  chart INTEGER NOT NULL,
  grain INTEGER NOT NULL,
  start INTEGER NOT NULL,
  name INTEGER NOT NULL,
  requests INTEGER,
  refused INTEGER,
  failed INTEGER,
  answered INTEGER,
  prompt_tokens INTEGER,
  completion_tokens INTEGER,
  cost_micro INTEGER,
  unpriced INTEGER,
  energy_mwh REAL,
  total_ms INTEGER,
  PRIMARY KEY (chart, grain, start, name)
) STRICT, WITHOUT ROWID;
INSERT INTO rollup_numbered (chart, grain, start, name, requests, refused, failed, answered,
    prompt_tokens, completion_tokens, cost_micro, unpriced, energy_mwh, total_ms)
  SELECT chart.number, grain, start, value.number, requests, refused, failed, answered,
    prompt_tokens, completion_tokens, cost_micro, unpriced, energy_mwh, total_ms
  FROM rollup JOIN index_name AS chart ON chart.text = tenant || char(10) || dimension
    JOIN index_name AS value ON value.text = rollup.value
  ORDER BY chart.number, grain, start, value.number;
DROP TABLE rollup;
ALTER TABLE rollup_numbered RENAME TO rollup;
`,
}
