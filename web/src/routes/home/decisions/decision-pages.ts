import type { Decision, DecisionFilter, DecisionPage, LiveEvent } from '../../../api/decisions.ts'

/** Past this many live rows the list is read again from the gateway instead of growing. */
export const LIVE_ROWS = 300

/** Whether a live decision belongs in the list, by the same rules as the gateway's. */
export const matches = (decision: Decision, filter: DecisionFilter): boolean =>
  (filter.class === null || decision.class === filter.class) &&
  (filter.destination === null || decision.destination === filter.destination) &&
  (!filter.refused || isRefused(decision))

/** The policy let it go nowhere, or it was turned away before being decided. */
export const isRefused = (decision: Decision): boolean => (decision.refusal ?? null) !== null

/** The pages after a live event: a new decision on top, an outcome in its row; the same pages if nothing changed. */
export function pagesAfter(
  pages: readonly DecisionPage[],
  event: Exclude<LiveEvent, { kind: 'open' }>,
  filter: DecisionFilter,
): readonly DecisionPage[] {
  if (event.kind === 'outcome') {
    return withRow(pages, event.decision, (row) => ({ ...row, outcome: event.outcome }))
  }
  const { decision } = event
  const [first, ...rest] = pages
  if (first === undefined || !matches(decision, filter)) return pages
  const known = pages.some((page) => page.decisions.some(({ id }) => id === decision.id))
  if (known) {
    return withRow(pages, decision.id, (row) => ({
      ...decision,
      outcome: decision.outcome ?? row.outcome,
    }))
  }
  return [{ ...first, decisions: [decision, ...first.decisions] }, ...rest]
}

function withRow(
  pages: readonly DecisionPage[],
  id: string,
  change: (row: Decision) => Decision,
): readonly DecisionPage[] {
  if (!pages.some((page) => page.decisions.some((row) => row.id === id))) return pages
  return pages.map((page) => ({
    ...page,
    decisions: page.decisions.map((row) => (row.id === id ? change(row) : row)),
  }))
}
