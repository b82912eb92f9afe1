import type { Pool } from 'pg'
import type { LeaseHolder, LeaseView, WriterLease, WriterLeases } from '#ledger/ports.ts'
import type { Milliseconds } from '#kernel/units.ts'

/** After the last append or renewal; a process that is paused for longer finds its chain in other hands. */
const LEASE: Milliseconds = 30_000
/** The database's own clock, in milliseconds: those of the gateways may differ. */
const NOW = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint'

/** When a lease that is taken or renewed now ends. */
export const LEASED_UNTIL = `${NOW} + ${LEASE}`

const FREE = `UPDATE ledger_writer SET fence = fence + 1, holder = $1, expires_at = ${LEASED_UNTIL}
  WHERE number = (SELECT number FROM ledger_writer WHERE expires_at < ${NOW}
    ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING name, seq, hash, fence`
/** Numbers without gaps: a place has room for 8,191 writers. */
const FRESH = `INSERT INTO ledger_writer (number, name, seq, hash, fence, holder, expires_at)
  SELECT coalesce(max(number), 0) + 1, 'gateway-' || coalesce(max(number), 0) + 1, 0,
    decode(repeat('00', 32), 'hex'), 1, $1, ${LEASED_UNTIL} FROM ledger_writer
  ON CONFLICT DO NOTHING RETURNING name, seq, hash, fence`
const RENEW = `UPDATE ledger_writer SET expires_at = ${LEASED_UNTIL}, holder = $3 WHERE name = $1 AND fence = $2`
const RELEASE =
  'UPDATE ledger_writer SET expires_at = 0, holder = NULL WHERE name = $1 AND fence = $2'

const HOLDERS = `SELECT name AS writer, coalesce(holder, '?') AS holder, expires_at - ${NOW} AS "endsIn"
  FROM ledger_writer WHERE expires_at > ${NOW} ORDER BY number`

interface Row {
  readonly name: string
  readonly seq: number
  readonly hash: Uint8Array
  readonly fence: number
}

/** Leases of chains, in the table of writers itself: taking one over and continuing it exclude each other by its row. */
export function createWriterLeases(pool: Pool): WriterLeases {
  return {
    async acquire(of) {
      const holder = holderText(of)
      for (;;) {
        const free = await pool.query<Row>(FREE, [holder])
        const [row] =
          free.rows.length > 0 ? free.rows : (await pool.query<Row>(FRESH, [holder])).rows
        // no row: another process has just taken that number
        if (row) return leaseOf(row)
      }
    },
    async renew({ head, fence }, holder) {
      return (await pool.query(RENEW, [head.writer, fence, holderText(holder)])).rowCount === 1
    },
    async holders() {
      const { rows } = await pool.query<Omit<LeaseView, 'configuration'>>(HOLDERS)
      return rows.map((row) => {
        const [holder = '?', configuration = null] = row.holder.split(' ')
        return { ...row, holder, configuration }
      })
    },
    async release({ head, fence }) {
      await pool.query(RELEASE, [head.writer, fence])
    },
  }
}

/** One column holds both. */
const holderText = ({ process, configuration }: LeaseHolder): string =>
  `${process.replaceAll(' ', '-')} ${configuration}`.trim()

const leaseOf = ({ name, seq, hash, fence }: Row): WriterLease => ({
  head: { writer: name, seq, hash },
  fence,
})
