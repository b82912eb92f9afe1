import type { WordOfNumber } from '../body/decode-body.ts'
import type { Queries } from './queries.ts'

/** Rows of one statement. */
const PAGE = 10_000

/** The table of words as one reader knows it; words are only ever added. */
export interface KnownWords {
  readonly wordOf: WordOfNumber
  /** Reads what was added since; false when there was nothing. */
  refresh(): Promise<boolean>
}

/** Reads words when they are first needed. A fresh one trusts nothing that was read before. */
export function knownWords(queries: Queries): KnownWords {
  const words = new Map<number, string>()
  let last = 0
  return {
    wordOf: (number) => words.get(number),
    async refresh() {
      const before = words.size
      for (;;) {
        const rows = await queries
          .selectFrom('ledger_word')
          .select(['number', 'text'])
          .where('number', '>', last)
          .orderBy('number')
          .limit(PAGE)
          .execute()
        for (const { number, text } of rows) {
          words.set(number, text)
          if (Number.isSafeInteger(number)) last = Math.max(last, number)
        }
        if (rows.length < PAGE) return words.size > before
      }
    },
  }
}

/** Reads rows one by one, and once more with newer words when one of them asked for a word that was not known. */
export async function withWords<Row, Read>(
  words: KnownWords,
  rows: readonly Row[],
  read: (row: Row, wordOf: WordOfNumber) => Read,
): Promise<Read[]> {
  let isMissing = false
  const wordOf = (number: number): string | undefined => {
    const word = words.wordOf(number)
    isMissing ||= word === undefined
    return word
  }
  const done = rows.map((row) => read(row, wordOf))
  if (!isMissing || !(await words.refresh())) return done
  return rows.map((row) => read(row, words.wordOf))
}
