import type { LedgerStore } from '#ledger/ports.ts'
import { readEvent } from '#ledger/read-event.ts'

/** What the ledger says of all budgets: outcomes at what they settled, decisions without one at what they held. */
export async function spentInLedger(ledger: LedgerStore): Promise<ReadonlyMap<string, number>> {
  const spent = new Map<string, number>()
  const add = (name: string, amount: number): void => {
    const id = name.slice(0, name.lastIndexOf('@'))
    spent.set(id, (spent.get(id) ?? 0) + amount)
  }
  for (const { writer } of await ledger.heads()) {
    for await (const { record } of ledger.walk(writer, 1)) {
      const event = record && readEvent(record.payload)
      if (event?.type === 'decision') {
        for (const [name, held] of Object.entries(event.held ?? {})) add(name, held)
      }
      if (event?.type === 'outcome') {
        for (const [name, [held, paid]] of Object.entries(event.settled ?? {}))
          add(name, paid - held)
      }
    }
  }
  return spent
}
