import type { Refusal } from '#kernel/refusal.ts'
import { ok, type Result } from '#kernel/result.ts'
import { decisionRow, type DecisionRow } from '#ledger/decision-row.ts'
import type { DecisionStore, LedgerPage, LedgerQuery } from '#ledger/ports.ts'
import type { OutcomeEvent } from '#ledger/event.ts'
import { readEvent } from '#ledger/read-event.ts'
import { readLedger, recordsOfIds } from './ledger-read.ts'
import type { Queries } from './queries.ts'
import { knownWords, type KnownWords } from './words.ts'

/** Decisions, then what came of them: both have the same id. */
export function createDecisionStore(queries: Queries): DecisionStore {
  const words = knownWords(queries)
  return { decisions: (query) => decisions(queries, words, query) }
}

async function decisions(
  queries: Queries,
  words: KnownWords,
  query: LedgerQuery,
): Promise<Result<LedgerPage<DecisionRow>, Refusal>> {
  const page = await readLedger(queries, words, { ...query, type: 'decision' })
  if (!page.ok) return page
  const ids = page.value.rows.map(({ id }) => id)
  const outcomes = new Map<string, OutcomeEvent>()
  for (const { id, payload } of await recordsOfIds(queries, words, ids, 'outcome')) {
    const event = readEvent(payload)
    if (event?.type === 'outcome' && !outcomes.has(id)) outcomes.set(id, event)
  }
  const rows = page.value.rows.flatMap(({ id, at, payload }) => {
    const event = readEvent(payload)
    // an erased decision has nothing to show: it is left out, the chain still counts it
    return event?.type === 'decision' ? [decisionRow(id, at, event, outcomes.get(id) ?? null)] : []
  })
  return ok({ rows, next: page.value.next })
}
