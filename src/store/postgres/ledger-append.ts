import { DatabaseError, type Pool } from 'pg'
import { ChainLost } from '#ledger/chain-lost.ts'
import type { LedgerRecord } from '#ledger/event.ts'
import { LINK_BYTES, sameBytes } from '#ledger/hash.ts'
import type { LedgerBatch } from '#ledger/ports.ts'
import { typeNumber } from '../sql/ledger-row.ts'
import { encodeBody } from '../body/encode-body.ts'
import { withPatience } from './dialect.ts'
import { createPartitions } from './partitions.ts'
import { REQUEST_PATIENCE } from './pool.ts'
import { LEASED_UNTIL } from './writer-leases.ts'
import { createWordNumbers } from './word-numbers.ts'

/**
 * Moves the head from where the batch says it stands and stores the records, or does neither: the update waits for
 * whoever holds the row and then looks again, so that of two that continue one chain, one finds nothing to move.
 */
const APPEND = `WITH moved AS (
    UPDATE ledger_writer SET seq = $4, hash = $5,
      expires_at = CASE WHEN $14::bigint IS NULL THEN expires_at ELSE ${LEASED_UNTIL} END
    WHERE name = $1 AND seq = $2 AND hash = $3 AND ($14::bigint IS NULL OR fence = $14)
    RETURNING number)
  INSERT INTO ledger (place, tenant, type, at, id, link, salt, body)
  SELECT (moved.number::bigint << 40) + fresh.seq, fresh.tenant, fresh.type, fresh.at, fresh.id, fresh.link,
    fresh.salt, fresh.body
  FROM moved, unnest($6::bigint[], $7::int[], $8::int[], $9::bigint[], $10::uuid[], $11::bytea[], $12::bytea[],
    $13::bytea[]) AS fresh (seq, tenant, type, at, id, link, salt, body)`
const HEAD = 'SELECT seq, hash, fence FROM ledger_writer WHERE name = $1'
/** Numbers without gaps: a place has room for 8,191 writers. */
const NEW_WRITER = `INSERT INTO ledger_writer (number, name, seq, hash)
  SELECT coalesce(max(number), 0) + 1, $1, 0, decode(repeat('00', 32), 'hex') FROM ledger_writer
  ON CONFLICT DO NOTHING`
const TENANT = `WITH fresh AS (INSERT INTO tenant (name) SELECT $1
    WHERE NOT EXISTS (SELECT FROM tenant WHERE name = $1) ON CONFLICT DO NOTHING RETURNING number)
  SELECT number FROM fresh UNION ALL SELECT number FROM tenant WHERE name = $1`

/** Appends batches in one statement each, durable when the promise resolves. */
export function createLedgerAppend(pool: Pool): (batch: LedgerBatch) => Promise<void> {
  const tenants = new Map<string, number>()
  const words = createWordNumbers(pool)
  const partitions = createPartitions(pool)

  const tenantNumber = async (name: string): Promise<number> => {
    for (;;) {
      const known = tenants.get(name)
      if (known !== undefined) return known
      const { rows } = await pool.query<{ number: number }>(TENANT, [name])
      // no row: another gateway is just making it
      if (rows[0]) tenants.set(name, rows[0].number)
    }
  }

  const store = async (batch: LedgerBatch, records: readonly LedgerRecord[]): Promise<boolean> => {
    try {
      return await insert(batch, records)
    } catch (error) {
      if (!isWithoutMonth(error)) throw error
      partitions.forget()
      return insert(batch, records)
    }
  }

  const insert = async (batch: LedgerBatch, records: readonly LedgerRecord[]): Promise<boolean> => {
    const [first] = records
    if (!first) return true
    const numbers = new Map<string, number>()
    for (const { tenant } of records) numbers.set(tenant, await tenantNumber(tenant))
    await partitions.ensure(records.map(({ at }) => at))
    const column = <Value>(of: (record: LedgerRecord) => Value) => records.map(of)
    const { rowCount } = await pool.query(
      withPatience(
        {
          name: 'ledger-append',
          text: APPEND,
          values: [
            batch.writer,
            first.seq - 1,
            first.prev,
            batch.head.seq,
            batch.head.hash,
            column(({ seq }) => seq),
            column(({ tenant }) => numbers.get(tenant)),
            column(({ type }) => typeNumber(type)),
            column(({ at }) => at),
            column(({ id }) => id),
            links(records, batch.head.hash),
            column(({ salt }) => salt),
            column(({ payload, id, leaf }) =>
              payload === null ? leaf : encodeBody(payload, id, words.numberOf),
            ),
            batch.fence ?? null,
          ],
        },
        REQUEST_PATIENCE,
      ),
    )
    // for the next batches: the words of this one stand in it
    void words.keep().catch(() => {})
    return rowCount === records.length
  }

  return async (batch) => {
    if (await store(batch, batch.records)) return
    const head = await headOf(pool, batch.writer)
    if (batch.fence !== undefined && batch.fence !== head.fence) throw new ChainLost(batch.writer)
    const fresh = batch.records.filter(({ seq }) => seq > head.seq)
    const [first] = fresh
    if (!first) return
    const follows = first.seq === head.seq + 1 && sameBytes(first.prev, head.hash)
    if (follows && (await store(batch, fresh))) return
    throw new ChainLost(batch.writer)
  }
}

/** No partition has room for a row: a month that retention emptied was taken away (check_violation). */
const isWithoutMonth = (error: unknown): boolean =>
  error instanceof DatabaseError && error.code === '23514'

/** The first bytes of each record's hash: the record after it names the hash, the head names the last. */
const links = (records: readonly LedgerRecord[], last: Uint8Array): Uint8Array[] =>
  records.map((_, index) => (records[index + 1]?.prev ?? last).subarray(0, LINK_BYTES))

/** Where a chain stands, which begins here when it is new. */
async function headOf(
  pool: Pool,
  writer: string,
): Promise<{ readonly seq: number; readonly hash: Uint8Array; readonly fence: number }> {
  for (;;) {
    const { rows } = await pool.query<{ seq: number; hash: Uint8Array; fence: number }>(HEAD, [
      writer,
    ])
    const [head] = rows
    if (head) return head
    await pool.query(NEW_WRITER, [writer])
  }
}
