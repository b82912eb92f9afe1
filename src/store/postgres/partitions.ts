import type { Client, Pool } from 'pg'
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
    ALTER TABLE ledger ATTACH PARTITION ${name} FOR VALUES FROM (${from}) TO (${to});
    ALTER TABLE ${name} DROP CONSTRAINT ${name}_month;
  END IF;
END $$`

/** Makes sure that there is a partition for each of these times, and for the month after the last one. */
export function createPartitions(
  pool: Pool | Client,
): (times: readonly EpochMs[]) => Promise<void> {
  const known = new Set<string>()
  return async (times) => {
    for (const at of times) {
      for (const month of [monthOf(at), monthOf(at, 1)]) {
        if (known.has(month.name)) continue
        await pool.query(partition(month))
        known.add(month.name)
      }
    }
  }
}
