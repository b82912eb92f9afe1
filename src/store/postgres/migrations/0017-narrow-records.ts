import type { Migration } from './migration.ts'

/**
 * `body` of an erased record is its leaf, which had a column of its own before; the same as SQLite's.
 * A row has 24 bytes before its first column as long as it has eight columns, and 32 from nine on where one of them is
 * null; columns of fixed length come first, so that none is padded. Each month keeps its places unique in an index of its
 * own (`partitions.ts`), half as wide as the primary key that the whole table could have; the order of each chain is kept
 * by the move of its head. The rows are written anew, month by month; what somebody changed so that it is no record, or
 * put in twice, comes through as something that verification names.
 * https://www.postgresql.org/docs/current/storage-page-layout.html
 */
export const narrowRecords: Migration = {
  version: 17,
  sql: `
ALTER TABLE ledger RENAME TO ledger_wide;
DROP INDEX ledger_id;
CREATE TABLE ledger (
  place BIGINT NOT NULL,
  at BIGINT NOT NULL,
  tenant INTEGER NOT NULL,
  type SMALLINT NOT NULL,
  id UUID NOT NULL,
  link BYTEA NOT NULL,
  salt BYTEA,
  body BYTEA NOT NULL
) PARTITION BY RANGE (at);
CREATE INDEX ledger_id ON ledger (id);
DO $$
DECLARE month record;
BEGIN
  FOR month IN SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bounds
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'ledger_wide'::regclass ORDER BY 1
  LOOP
    EXECUTE format('ALTER TABLE %I RENAME TO ledger_wide_month', month.name);
    EXECUTE format('CREATE TABLE %I PARTITION OF ledger %s', month.name, month.bounds);
    EXECUTE format('INSERT INTO %I (place, at, tenant, type, id, link, salt, body)
      SELECT place, at, tenant, CASE WHEN type BETWEEN 1 AND 32767 THEN type ELSE 0 END,
        CASE WHEN octet_length(id) = 16 THEN encode(id, ''hex'')::uuid ELSE ''00000000-0000-0000-0000-000000000000'' END,
        link, salt, coalesce(body, leaf, ''''::bytea)
      FROM ledger_wide_month ORDER BY at, place', month.name);
    DROP TABLE ledger_wide_month;
    BEGIN
      EXECUTE format('CREATE UNIQUE INDEX %I ON %I (place) WITH (fillfactor = 100)', month.name || '_place', month.name);
    EXCEPTION WHEN unique_violation THEN
      EXECUTE format('CREATE INDEX %I ON %I (place)', month.name || '_place', month.name);
    END;
  END LOOP;
END $$;
DROP TABLE ledger_wide;
`,
}
