import type { Client } from 'pg'

/** "ECLK" in ASCII: whoever packs holds this advisory lock, and nobody waits for it. */
const LOCK = 0x45434c4b

/**
 * Indexes over the places of months that are over, by the clock of the server, of more than 26 bytes an entry, where a full
 * page has 20.3: one chain fills its pages whole, of several each leaves pages half full behind.
 */
const LOOSE = `SELECT i.relname AS name FROM pg_inherits p JOIN pg_class c ON c.oid = p.inhrelid
    JOIN pg_class i ON i.relname = c.relname || '_place' AND i.relnamespace = c.relnamespace
  WHERE p.inhparent = 'ledger'::regclass AND c.relname ~ '^ledger_[0-9]{4}_[0-9]{2}$'
    AND c.relname < to_char(now() AT TIME ZONE 'UTC', '"ledger_"YYYY_MM')
    AND c.reltuples > 0 AND pg_relation_size(i.oid) > c.reltuples * 26 + 65536
  ORDER BY 1`

/** What a packing that was stopped left behind. https://www.postgresql.org/docs/current/sql-reindex.html */
const LEFT = `SELECT i.relname AS name FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
  WHERE NOT x.indisvalid AND i.relnamespace = current_schema()::regnamespace
    AND i.relname ~ '^ledger_[0-9]{4}_[0-9]{2}_place_cc(new|old)[0-9]*$'`

/**
 * Writes indexes of past months anew while everybody goes on reading and writing. It waits for all who look at the
 * database at that moment, so it must not be done by anybody whom another one waits for (`alone.ts`).
 */
export async function packMonths(
  connect: () => Promise<Client>,
  signal?: AbortSignal,
): Promise<void> {
  if (signal?.aborted) return
  const client = await connect()
  const stop = (): void => void client.end().catch(() => {})
  signal?.addEventListener('abort', stop)
  try {
    const asked = await client.query<{ held: boolean }>(
      'SELECT pg_try_advisory_lock($1::bigint) AS held',
      [LOCK],
    )
    if (asked.rows[0]?.held !== true) return
    const left = await client.query<{ name: string }>(LEFT)
    for (const { name } of left.rows) await client.query(`DROP INDEX IF EXISTS ${name}`)
    const loose = await client.query<{ name: string }>(LOOSE)
    for (const { name } of loose.rows) await client.query(`REINDEX INDEX CONCURRENTLY ${name}`)
  } catch (error) {
    // whoever stops does not wait for it; what it leaves is taken away the next time
    if (!signal?.aborted) throw error
  } finally {
    signal?.removeEventListener('abort', stop)
    await client.end().catch(() => {})
  }
}
