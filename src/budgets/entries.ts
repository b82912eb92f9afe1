import type { LedgerEvent } from '#ledger/event.ts'
import type { Entry } from './account.ts'
import { periodOfName, type PeriodKey } from './budget.ts'

/** A record of the ledger with the event in it. */
export interface Recorded {
  readonly tenant: string
  readonly writer: string
  readonly seq: number
  readonly event: LedgerEvent
}

interface Line {
  readonly key: PeriodKey
  readonly entry: Entry
}

const NONE: readonly Line[] = []

/** What a record means for budgets: a decision holds, its outcome gives that back and spends. */
export function entriesOf({ tenant, seq, event }: Recorded): readonly Line[] {
  if (event.type === 'decision' && event.held) {
    return lines(tenant, event.held, (held) => ({ seq, held, spent: 0 }))
  }
  if (event.type === 'outcome' && event.settled) {
    return lines(tenant, event.settled, ([held, spent]) => ({ seq, held: -held, spent }))
  }
  return NONE
}

function lines<Value>(
  tenant: string,
  named: Readonly<Record<string, Value>>,
  entry: (value: Value) => Entry,
): readonly Line[] {
  return Object.entries(named).flatMap(([name, value]) => {
    const period = periodOfName(name)
    return period ? [{ key: { tenant, ...period }, entry: entry(value) }] : []
  })
}
