import { sql } from 'kysely'
import type { Refusal } from '#kernel/refusal.ts'
import { ok, type Result } from '#kernel/result.ts'
import { decisionRow, type DecisionRow } from '#ledger/decision-row.ts'
import type { DecisionStore, LedgerPage, LedgerQuery } from '#ledger/ports.ts'
import { readEvent } from '#ledger/read-event.ts'
import type { Queries } from './queries.ts'
import { filtered, ledgerRows, pageOf } from './ledger-read.ts'
import { typeNumber, uuidText } from './ledger-row.ts'

/** Decisions and their outcomes in one statement: both have the same id. */
export function createDecisionStore(queries: Queries): DecisionStore {
  return { decisions: (query) => decisions(queries, query) }
}

async function decisions(
  queries: Queries,
  query: LedgerQuery,
): Promise<Result<LedgerPage<DecisionRow>, Refusal>> {
  const built = filtered(ledgerRows(queries), { ...query, type: 'decision' })
  if (!built.ok) return built
  const outcome = sql<string | null>`(SELECT o.payload FROM ledger o
    WHERE o.id = ledger.id AND o.type = ${typeNumber('outcome')} ORDER BY o.place LIMIT 1)`
  const page = built.value.select(outcome.as('outcome'))
  const { rows, next } = pageOf(await page.execute(), query.limit)
  return ok({ rows: rows.flatMap(view), next })
}

/** An erased decision has nothing to show: it is left out, the chain still counts it. */
function view(row: {
  readonly id: Uint8Array
  readonly at: number
  readonly payload: string | null
  readonly outcome: string | null
}): DecisionRow[] {
  const decision = readEvent(row.payload)
  const outcome = readEvent(row.outcome)
  if (decision?.type !== 'decision') return []
  return [
    decisionRow(uuidText(row.id), row.at, decision, outcome?.type === 'outcome' ? outcome : null),
  ]
}
