import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { LedgerStore } from '#ledger/ports.ts'
import { readEvent } from '#ledger/read-event.ts'
import { openStore } from '#store/sqlite/open.ts'

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

/** The same of a data directory that nobody holds. */
export async function spentInHome(home: string): Promise<ReadonlyMap<string, number>> {
  const opened = openStore({ path: join(home, 'ecluse.db'), readOnly: true })
  assert.ok(opened.ok)
  try {
    return await spentInLedger(opened.value.ledger)
  } finally {
    await opened.value.close()
  }
}
