import type { LedgerStore } from '#ledger/ports.ts'
import { readEvent } from '#ledger/read-event.ts'

/** What the ledger says of one budget. */
export interface LedgerSpent {
  /** Outcomes at what they paid, decisions without one at what they hold. */
  readonly spent: number
  /** Decisions without an outcome. */
  readonly open: number
  /** What requests held beyond their decision for a further attempt, each different amount once. */
  readonly onTop: readonly number[]
}

export const NOTHING_SPENT: LedgerSpent = { spent: 0, open: 0, onTop: [] }

/** What the ledger says of all budgets. */
export async function spentInLedger(
  ledger: LedgerStore,
): Promise<ReadonlyMap<string, LedgerSpent>> {
  // an outcome may be in another chain than its decision: the one that was written when it ended
  const held = new Map<string, Readonly<Record<string, number>>>()
  const paid = new Map<string, Readonly<Record<string, readonly [number, number]>>>()
  for (const { writer } of await ledger.heads()) {
    for await (const { record } of ledger.walk(writer, 1)) {
      const event = record && readEvent(record.payload)
      if (event?.type === 'decision' && event.held) held.set(record?.id ?? '', event.held)
      if (event?.type === 'outcome') paid.set(event.decision, event.settled ?? {})
    }
  }
  const budgets = new Map<string, { spent: number; open: number; onTop: Set<number> }>()
  const of = (name: string) => {
    const id = name.slice(0, name.lastIndexOf('@'))
    const known = budgets.get(id) ?? { spent: 0, open: 0, onTop: new Set<number>() }
    budgets.set(id, known)
    return known
  }
  for (const [decision, names] of held) {
    if (paid.has(decision)) continue
    for (const [name, amount] of Object.entries(names)) {
      of(name).spent += amount
      of(name).open += 1
    }
  }
  for (const [decision, names] of paid) {
    for (const [name, [all, spent]] of Object.entries(names)) {
      const top = all - (held.get(decision)?.[name] ?? 0)
      of(name).spent += spent
      if (top > 0) of(name).onTop.add(top)
    }
  }
  return new Map([...budgets].map(([id, one]) => [id, { ...one, onTop: [...one.onTop] }]))
}

/**
 * Whether an account says what the ledger says: exactly, but for what requests that were cut off had held for a further
 * attempt, which only the account knows.
 */
export function isTrue(account: { spent: number; held: number }, said: LedgerSpent): boolean {
  const beyond = account.spent - said.spent
  if (account.held !== 0 || beyond < 0) return false
  return beyond === 0 || isSumOf(beyond, said.onTop, said.open)
}

/** Whether so many of these amounts, or fewer, make this sum. */
function isSumOf(sum: number, amounts: readonly number[], most: number): boolean {
  let reached = new Set([0])
  for (let count = 0; count < most; count += 1) {
    reached = new Set([...reached].flatMap((one) => [one, ...amounts.map((more) => one + more)]))
    if (reached.has(sum)) return true
    if (Math.min(...reached) > sum) return false
  }
  return false
}
