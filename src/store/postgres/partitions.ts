import { DatabaseError, type Client, type Pool } from 'pg'
import type { EpochMs } from '#kernel/units.ts'

/** A month of the ledger: its first millisecond, and that of the next. */
export interface Month {
  readonly name: string
  readonly from: EpochMs
  readonly to: EpochMs
}

/** The month, in UTC, that a time falls into. @throws RangeError outside the years 1970 to 9998 */
export function monthOf(at: EpochMs, ahead = 0): Month {
  const date = new Date(at)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + ahead]
  if (!(at >= 0) || year > 9998) throw new RangeError('a record of the ledger has no possible time')
  const from = Date.UTC(year, month)
  const [text] = new Date(from).toISOString().split('-01T')
  return { name: `ledger_${text?.replace('-', '_')}`, from, to: Date.UTC(year, month + 1) }
}

/** "ECLP" in ASCII: whoever makes a partition holds this advisory lock until the end of the transaction. */
const LOCK = 0x45434c50

/**
 * The partition is made aside and then attached: attaching lets others read and write meanwhile, CREATE ... PARTITION OF
 * would lock them out. https://www.postgresql.org/docs/current/ddl-partitioning.html
 */
const partition = ({ name, from, to }: Month): string => `DO $$
BEGIN
  PERFORM pg_advisory_xact_lock(${LOCK});
  IF to_regclass('${name}') IS NULL THEN
    CREATE TABLE ${name} (LIKE ledger INCLUDING DEFAULTS INCLUDING STORAGE,
      CONSTRAINT ${name}_month CHECK (at >= ${from} AND at < ${to}));
    CREATE UNIQUE INDEX ${name}_place ON ${name} (place) WITH (fillfactor = 100);
    ALTER TABLE ledger ATTACH PARTITION ${name} FOR VALUES FROM (${from}) TO (${to});
    ALTER TABLE ${name} DROP CONSTRAINT ${name}_month;
  END IF;
END $$`

export interface Partitions {
  /** Makes sure that there is a partition for each of these times, and for the month after the last one. */
  ensure(times: readonly EpochMs[]): Promise<void>
  /** Somebody took one away: none is known to be there any more. */
  forget(): void
}

export function createPartitions(pool: Pool | Client): Partitions {
  const known = new Set<string>()
  return {
    async ensure(times) {
      for (const at of times) {
        for (const month of [monthOf(at), monthOf(at, 1)]) {
          if (known.has(month.name)) continue
          await pool.query(partition(month))
          known.add(month.name)
        }
      }
    },
    forget: () => known.clear(),
  }
}

/** Months that are over, by the clock of the server; the next one is made ahead of its time, and is empty until then. */
const PAST = `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
  WHERE i.inhparent = 'ledger'::regclass AND c.relname ~ '^ledger_[0-9]{4}_[0-9]{2}$'
    AND c.relname < to_char(now() AT TIME ZONE 'UTC', '"ledger_"YYYY_MM')
  ORDER BY 1`

/** Nobody can write while it is looked at and goes; whoever waits for it waits for a second at most, and it goes another time. */
const drop = (name: string): string => `DO $$
BEGIN
  PERFORM set_config('lock_timeout', '1s', true);
  PERFORM pg_advisory_xact_lock(${LOCK});
  IF to_regclass('${name}') IS NOT NULL THEN
    LOCK TABLE ledger, ${name} IN ACCESS EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM ${name}) THEN DROP TABLE ${name}; END IF;
  END IF;
END $$`

/** PostgreSQL's lock_not_available: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const BUSY = '55P03'

/** Takes months away that no record is in any more, which gives their room back to the disk at once. */
export async function dropEmptyMonths(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(PAST)
  for (const { name } of rows) {
    const found = await pool.query(`SELECT FROM ${name} LIMIT 1`)
    if (found.rows.length > 0) continue
    try {
      await pool.query(drop(name))
    } catch (error) {
      if (!(error instanceof DatabaseError && error.code === BUSY)) throw error
    }
  }
}
