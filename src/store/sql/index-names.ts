import type { Queries } from './queries.ts'

/** Names of one statement. */
const PAGE = 500
/** Names whose number is remembered. */
const MAX_NAMES = 100_000

/** Numbers of texts in the tables that are computed from the ledger. */
export interface IndexNames {
  /** Of all of these; new ones get one. */
  numbersOf(texts: Iterable<string>): Promise<ReadonlyMap<string, number>>
}

export function createIndexNames(queries: Queries): IndexNames {
  const known = new Map<string, number>()
  return {
    async numbersOf(texts) {
      const numbers = new Map<string, number>()
      const others: string[] = []
      for (const text of new Set(texts)) {
        const number = known.get(text)
        if (number === undefined) others.push(text)
        else numbers.set(text, number)
      }
      if (known.size + others.length > MAX_NAMES) known.clear()
      const found = await knownNames(queries, others)
      const fresh = others.filter((text) => !found.has(text))
      for (let at = 0; at < fresh.length; at += PAGE) {
        const page = fresh.slice(at, at + PAGE).map((text) => ({ text }))
        const rows = queries.insertInto('index_name').values(page)
        await rows.onConflict((conflict) => conflict.doNothing()).execute()
      }
      // another gateway may have been first
      for (const part of [found, await knownNames(queries, fresh)]) {
        for (const [text, number] of part) {
          numbers.set(text, number)
          known.set(text, number)
        }
      }
      return numbers
    },
  }
}

/** The numbers of those that have one. */
export async function knownNames(
  queries: Queries,
  texts: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const numbers = new Map<string, number>()
  for (let at = 0; at < texts.length; at += PAGE) {
    const page = texts.slice(at, at + PAGE)
    const rows = queries.selectFrom('index_name').select(['number', 'text'])
    for (const { number, text } of await rows.where('text', 'in', page).execute()) {
      numbers.set(text, number)
    }
  }
  return numbers
}
