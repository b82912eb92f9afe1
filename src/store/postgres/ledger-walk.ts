import type { Pool } from 'pg'
import { GENESIS } from '#ledger/hash.ts'
import type { LedgerHead, WalkedRecord } from '#ledger/ports.ts'
import { linkOf, recordOf, type LedgerRow } from '../sql/ledger-row.ts'
import type { Queries } from '../sql/queries.ts'
import { knownWords, withWords } from '../sql/words.ts'

/** Rows of one statement. */
const PAGE = 500

const ROWS = `SELECT place, coalesce(w.name, $1) AS writer, t.name AS tenant, type, at, id, link, salt, body
  FROM ledger LEFT JOIN ledger_writer w ON w.number = place >> 40 LEFT JOIN tenant t ON t.number = tenant
  WHERE place >= $2 AND (place, at) > ($2, $3) AND place <= $4 ORDER BY place, at LIMIT ${PAGE}`
const NUMBER = 'SELECT number::bigint AS number FROM ledger_writer WHERE name = $1'
const STRANGERS = `WITH RECURSIVE present (number) AS (
    SELECT min(place) >> 40 FROM ledger
    UNION
    SELECT (SELECT min(place) >> 40 FROM ledger WHERE place >= (number + 1) << 40) FROM present
    WHERE number IS NOT NULL)
  SELECT number::text AS number FROM present
  WHERE number IS NOT NULL AND number NOT IN (SELECT number FROM ledger_writer)`

/** The name given to records whose writer is not in the table of writers: somebody removed or renumbered it. */
const STRANGER = /^#(-?\d{1,8})$/

/** Reads chains row by row, in the order of their places, without trusting what a row holds. */
export function createWalk(pool: Pool, queries: Queries) {
  const numberOf = async (writer: string): Promise<bigint | null> => {
    const { rows } = await pool.query<{ number: number | bigint }>(NUMBER, [writer])
    const found = rows[0]?.number ?? STRANGER.exec(writer)?.[1]
    if (found === undefined) return null
    const number = BigInt(found)
    // Beyond 24 bits no place can hold it, so it has no records.
    return number === BigInt.asIntN(24, number) ? number : null
  }
  return {
    async *walk(writer: string, fromSeq: number): AsyncGenerator<WalkedRecord> {
      const number = await numberOf(writer)
      if (number === null) return
      const start = number << 40n
      const last = start + (1n << 40n) - 1n
      // of its own: what is verified is what is there now
      const words = knownWords(queries)
      let after = [start + BigInt(Math.max(fromSeq, 0)), -(2n ** 63n)] as const
      for (;;) {
        const page = await pool.query<LedgerRow>(ROWS, [writer, ...after, last])
        const records = await withWords(words, page.rows, recordOf)
        for (const [index, row] of page.rows.entries()) {
          const place = BigInt(String(row['place']))
          // a place that somebody used twice, in two months, comes up twice
          after = [place, BigInt(String(row['at']))]
          yield { seq: Number(place - start), record: records[index] ?? null, link: linkOf(row) }
        }
        if (page.rows.length < PAGE) return
      }
    },
    async strangers(): Promise<LedgerHead[]> {
      const { rows } = await pool.query<{ number: string }>(STRANGERS)
      return rows.map(({ number }) => ({ writer: `#${number}`, seq: 0, hash: GENESIS }))
    },
  }
}
