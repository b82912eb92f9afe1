import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Bank, heldNames } from './bank.ts'
import { budgetOf } from './budget.fixture.ts'
import { Clerk } from './clerk.ts'
import { memoryStore } from './memory-store.fixture.ts'
import { budgetTable } from './table.ts'
import type { Budget } from './budget.ts'

function open(budgets: readonly Budget[]) {
  const table = { now: budgetTable(budgets) }
  const store = memoryStore()
  let ids = 0
  const clerk = new Clerk({
    store,
    ledger: { head: async () => ({ seq: 0 }), walk: async function* () {} },
    table: () => table.now,
    clock: () => 0,
    now: () => 0,
    newId: () => `epoch-${(ids += 1)}`,
  })
  const vault = clerk.vaultFor(() => 'gateway')
  const bank = new Bank({ vault, now: () => 0, sleep: async () => {}, recorded: async () => true })
  return { bank, clerk, store, table, vault }
}

describe('bank', () => {
  test('the last millisecond of a day is of the old period, the next one of the new, and each settles in its own', async () => {
    const budget = budgetOf({ period: 'day', timeZone: 'Europe/Paris', hard: 100 })
    const { bank } = open([budget])
    // midnight of Paris on the night in which summer time begins
    const midnight = Date.parse('2026-03-28T23:00:00Z')
    const late = await bank.hold([{ budget, amount: 100 }], midnight - 1)
    assert.ok(late.ok)
    assert.equal((await bank.hold([{ budget, amount: 1 }], midnight - 1)).ok, false)
    const early = await bank.hold([{ budget, amount: 100 }], midnight)
    assert.ok(early.ok)
    bank.settle(late.value, [40])
    assert.deepEqual(
      [Object.keys(heldNames(late.value)), Object.keys(heldNames(early.value))],
      [['all@1774652400'], ['all@1774738800']],
    )
    assert.equal(bank.meter(budget, midnight).held, 100)
    assert.equal(bank.meter(budget, midnight + 22 * 3_600_000).held, 100)
    assert.equal(bank.meter(budget, midnight + 23 * 3_600_000).held, 0)
  })

  test('several budgets hold together or not at all', async () => {
    const wide = budgetOf({ id: 'wide', hard: 100 })
    const narrow = budgetOf({ id: 'narrow', scope: 'key', match: 'k', hard: 10 })
    const { bank } = open([wide, narrow])
    const needs = (amount: number) => [wide, narrow].map((budget) => ({ budget, amount }))
    assert.ok((await bank.hold(needs(6), 0)).ok)
    const refused = await bank.hold(needs(6), 0)
    assert.ok(!refused.ok)
    assert.equal(refused.error.budget, narrow)
    assert.equal(bank.meter(wide, 0).held, 6)
  })

  test('a limit that is lowered is in force for the next slice; what is spent stays spent', async () => {
    const before = budgetOf({ hard: 1000 })
    const { bank, table } = open([before])
    const held = await bank.hold([{ budget: before, amount: 300 }], 0)
    assert.ok(held.ok)
    bank.settle(held.value, [300])
    const after = budgetOf({ hard: 310 })
    table.now = budgetTable([after])
    await bank.beat()
    bank.meter(after, 0)
    await bank.beat()
    assert.equal((await bank.hold([{ budget: after, amount: 11 }], 0)).ok, false)
    assert.equal((await bank.hold([{ budget: after, amount: 10 }], 0)).ok, true)
  })

  test('what the ledger does not have yet is neither given back nor secured for a further attempt', async () => {
    const budget = budgetOf({ hard: 1000 })
    const { vault } = open([budget])
    const kept: number[] = []
    let answer = Promise.withResolvers<boolean>()
    const bank = new Bank({
      vault: {
        ...vault,
        keep: (key, epoch, amount) => {
          kept.push(amount)
          return vault.keep(key, epoch, amount)
        },
      },
      now: () => 0,
      sleep: async () => {},
      recorded: () => answer.promise,
    })
    const [first, second] = [
      await bank.hold([{ budget, amount: 600 }], 0),
      await bank.hold([{ budget, amount: 300 }], 0),
    ]
    assert.ok(first.ok && second.ok)
    bank.settle(first.value, [10])
    const beating = bank.beat()
    // this one ends while the ledger is asked: it says nothing of it
    bank.settle(second.value, [20])
    const more = await bank.hold([{ budget, amount: 50 }], 0)
    assert.ok(more.ok)
    const securing = bank.secure(more.value)
    assert.deepEqual(kept, [])
    answer.resolve(true)
    await beating
    // both outcomes, what is held now, and what the second one has freed
    assert.ok((kept.at(-1) ?? 0) >= 10 + 20 + 50 + 280, String(kept))
    assert.equal((await securing).isWhole, true)
    answer = Promise.withResolvers()
    answer.resolve(false)
    const before = bank.meter(budget, 0).allotted
    await bank.beat()
    assert.equal(bank.meter(budget, 0).allotted, before)
    assert.ok((kept.at(-1) ?? 0) > 1000)
    assert.equal((await bank.secure(more.value)).isWhole, false)
  })

  test('what is left cannot be known: nothing is held', async () => {
    const budget = budgetOf({ hard: 1000 })
    const { vault } = open([budget])
    const away = { ...vault, take: () => Promise.reject(new Error('away')) }
    const bank = new Bank({
      vault: away,
      now: () => 0,
      sleep: async () => {},
      recorded: async () => true,
    })
    const held = await bank.hold([{ budget, amount: 1 }], 0)
    assert.ok(!held.ok)
    assert.equal(held.error.why, 'unavailable')
  })

  test('a budget without a hard limit never waits and never refuses', () => {
    const budget = budgetOf({ soft: 10 })
    const { bank } = open([budget])
    const held = bank.hold([{ budget, amount: 50 }], 0)
    assert.ok(!(held instanceof Promise) && held.ok)
    assert.equal(bank.meter(budget, 0).isOverSoft, true)
  })
})
