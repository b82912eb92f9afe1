import type { Pool } from 'pg'

/** Of those given, the ones that are known; new ones get numbers without gaps, because small numbers take few bytes. */
const KEEP = `WITH given AS (SELECT DISTINCT unnest($1::text[]) COLLATE "C" AS text),
  fresh AS (INSERT INTO ledger_word (number, text)
    SELECT (SELECT coalesce(max(number), 0) FROM ledger_word) + row_number() OVER (), text FROM given
    WHERE text NOT IN (SELECT text FROM ledger_word WHERE text = ANY($1::text[]))
    ON CONFLICT DO NOTHING RETURNING number, text)
  SELECT number, text FROM fresh UNION ALL
  SELECT number, text FROM ledger_word WHERE text = ANY($1::text[])`

/** Words whose number is remembered, and those that may wait for one. */
const MAX_WORDS = 100_000
const MAX_NEW = 1000

/** Numbers of words for records that are written: a new word is written out until it has a number, so that nobody waits for one. */
export function createWordNumbers(pool: Pool) {
  const numbers = new Map<string, number>()
  const fresh = new Set<string>()
  return {
    numberOf: (text: string): number | undefined => {
      const known = numbers.get(text)
      if (known === undefined && fresh.size < MAX_NEW) fresh.add(text)
      return known
    },
    /** Gives the words met since a number. @throws what the database says; then they are met again */
    async keep(): Promise<void> {
      if (fresh.size === 0) return
      const texts = [...fresh]
      fresh.clear()
      const { rows } = await pool.query<{ number: number; text: string }>(KEEP, [texts])
      if (numbers.size + rows.length > MAX_WORDS) numbers.clear()
      for (const { number, text } of rows) numbers.set(text, number)
    },
  }
}
