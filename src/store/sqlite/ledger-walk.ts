import type { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { GENESIS } from '#ledger/hash.ts'
import type { LedgerHead, WalkedRecord } from '#ledger/ports.ts'
import { linkOf, recordOf } from '../sql/ledger-row.ts'
import type { Queries } from '../sql/queries.ts'
import { knownWords, withWords } from '../sql/words.ts'

/** Rows read before other work gets its turn. */
const PAGE = 500

const ROWS = `SELECT place, coalesce(w.name, ?1) AS writer, t.name AS tenant, type, at, id, link, salt, body
  FROM ledger LEFT JOIN ledger_writer w ON w.number = place >> 40 LEFT JOIN tenant t ON t.number = tenant
  WHERE place >= ?2 AND place <= ?3 ORDER BY place LIMIT ${PAGE}`
const NUMBER = 'SELECT number FROM ledger_writer WHERE name = ?'
const STRANGERS = `WITH RECURSIVE present (number) AS (
    SELECT min(place) >> 40 FROM ledger
    UNION
    SELECT (SELECT min(place) >> 40 FROM ledger WHERE place >= (number + 1) << 40) FROM present
    WHERE number IS NOT NULL)
  SELECT CAST(number AS TEXT) AS number FROM present
  WHERE number IS NOT NULL AND number NOT IN (SELECT number FROM ledger_writer)`

/** The name given to records whose writer is not in the table of writers: somebody removed or renumbered it. */
const STRANGER = /^#(-?\d{1,8})$/

/** Reads chains row by row, in the order of the primary key, without trusting what a row holds. */
export function createWalk(database: DatabaseSync, queries: Queries) {
  const numberOf = (writer: string): bigint | null => {
    const statement = database.prepare(NUMBER)
    // A forged number may be beyond what a double holds; it must be seen, not thrown on.
    statement.setReadBigInts(true)
    const found = statement.get(writer)?.['number'] ?? STRANGER.exec(writer)?.[1]
    if (typeof found !== 'bigint' && typeof found !== 'string') return null
    const number = BigInt(found)
    // Beyond 24 bits no primary key can hold it, so it has no records.
    return number === BigInt.asIntN(24, number) ? number : null
  }
  return {
    async *walk(writer: string, fromSeq: number): AsyncGenerator<WalkedRecord> {
      const number = numberOf(writer)
      if (number === null) return
      const rows = database.prepare(ROWS)
      // A forged number may be beyond what a double holds: it must be seen, not thrown on.
      rows.setReadBigInts(true)
      const start = number << 40n
      const last = start + (1n << 40n) - 1n
      // of its own: what is verified is what is there now
      const words = knownWords(queries)
      let next = start + BigInt(Math.max(fromSeq, 0))
      while (next <= last) {
        const page = rows.all(writer, next, last)
        const records = await withWords(words, page, recordOf)
        for (const [index, row] of page.entries()) {
          const place = BigInt(String(row['place']))
          next = place + 1n
          yield { seq: Number(place - start), record: records[index] ?? null, link: linkOf(row) }
        }
        if (page.length < PAGE) return
        await nextTurn()
      }
    },
    strangers: (): LedgerHead[] =>
      database
        .prepare(STRANGERS)
        .all()
        .map(({ number }) => ({ writer: `#${String(number)}`, seq: 0, hash: GENESIS })),
  }
}
