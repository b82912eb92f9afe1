import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, test, type TestContext } from 'node:test'
import { Bank, heldNames } from '#budgets/bank.ts'
import { spentOf } from '#budgets/account.ts'
import { budgetOf } from '#budgets/budget.fixture.ts'
import { Clerk } from '#budgets/clerk.ts'
import type { Recorded } from '#budgets/entries.ts'
import { RECLAIM_MS } from '#budgets/meter.ts'
import { budgetTable } from '#budgets/table.ts'
import { sampleDecision, sampleOutcome } from '#ledger/samples.ts'
import { openPostgres } from '#store/postgres/open.ts'
import { noServer } from '#store/postgres/server-binaries.fixture.ts'
import { freshDatabase } from '#store/postgres/server.fixture.ts'

const skip = (await noServer()) ?? false
const HARD = 10_000
const budget = budgetOf({ hard: HARD, soft: 9000 })

/** A gateway's engine of budgets on the shared database; its ledger is a list, its monotonic clock is given. */
async function engine(t: TestContext, url: string, writer: string, time: { now: number }) {
  const opened = await openPostgres({ url })
  assert.ok(opened.ok)
  const store = opened.value
  t.after(() => store.close())
  const chain: Recorded[] = []
  let ids = 0
  const clerk = new Clerk({
    store: store.budgets,
    ledger: {
      head: async () => ({ seq: 0 }),
      async *walk(name, from) {
        for (const record of name === writer ? chain : (CHAINS.get(name) ?? [])) {
          if (record.seq >= from) yield { seq: record.seq, record }
        }
      },
    },
    table: () => budgetTable([budget]),
    clock: () => 0,
    now: () => time.now,
    newId: () => `${writer}-${(ids += 1)}`,
  })
  CHAINS.set(writer, chain)
  await clerk.recover(writer)
  const bank = new Bank({
    vault: clerk.vaultFor(() => writer),
    now: () => time.now,
    sleep: async (ms) => {
      await wait(ms / 10)
    },
    recorded: () => Promise.resolve(true),
  })
  const append = (event: Recorded['event']): void => {
    const record = { tenant: 'default', writer, seq: chain.length + 1, event }
    chain.push(record)
    clerk.committed([record])
  }
  /** One request: held, decided, and settled at a part of what was held, or never. */
  const request = async (amount: number, share: number | null): Promise<boolean> => {
    const held = await bank.hold([{ budget, amount }], 0)
    if (!held.ok) return false
    append(sampleDecision({ held: heldNames(held.value) }))
    await wait(0)
    if (share === null) return true
    const spent = Math.floor(amount * share)
    const [name = ''] = Object.keys(heldNames(held.value))
    bank.settle(held.value, [spent])
    append(sampleOutcome('d', { settled: { [name]: [amount, spent] } }))
    return true
  }
  return { store, clerk, bank, request, writer }
}

const CHAINS = new Map<string, Recorded[]>()

const inLedger = (): number =>
  [...CHAINS.values()].flat().reduce((sum, { event }) => {
    if (event.type === 'decision') {
      return sum + Object.values(event.held ?? {}).reduce((all, one) => all + one, 0)
    }
    if (event.type !== 'outcome') return sum
    return Object.values(event.settled ?? {}).reduce((all, [held, paid]) => all - held + paid, sum)
  }, 0)

describe('two engines on one PostgreSQL', { skip }, () => {
  test('race for the same budget and never pass it; one that dies is settled by the other, to the unit', async (t) => {
    const database = await freshDatabase()
    t.after(() => database.drop())
    const time = { now: 0 }
    const [one, two] = [
      await engine(t, database.url, 'replica-1', time),
      await engine(t, database.url, 'replica-2', time),
    ]
    for (let round = 0; round < 12; round += 1) {
      const asked = Array.from({ length: 50 }, (_, at) =>
        (at % 2 === 0 ? one : two).request(5 + ((at * 7 + round) % 30), at % 3 === 0 ? 1 : 0.5),
      )
      await Promise.all(asked)
      assert.ok(inLedger() <= HARD)
      await Promise.all([one.bank.beat(), two.bank.beat(), one.clerk.flush(), two.clerk.flush()])
      time.now += 1000
    }
    // the first dies with requests open; nothing of it was written since
    for (let open = 0; open < 5; open += 1) await one.request(10, null)
    const mine = new Set([two.writer])
    await two.clerk.recoverSilent(mine)
    time.now += RECLAIM_MS
    assert.deepEqual(await two.clerk.recoverSilent(mine), [one.writer])
    // what it had to spare is there for the other, down to the last unit
    let left = 0
    while (await two.request(1, 1)) left += 1
    await two.clerk.flush()
    assert.ok(left > 0)
    assert.equal(inLedger(), HARD)
    const kept = await two.store.budgets.account({ tenant: 'default', budget: 'all', start: 0 })
    assert.ok(kept)
    assert.equal(spentOf(JSON.parse(kept.json)), HARD)
    const alerts = await two.store.budgets.alerts('default', 10)
    assert.deepEqual(alerts.map(({ id }) => id).toSorted(), [
      'budget_default_all_0_hard',
      'budget_default_all_0_soft',
    ])
    const claims = await Promise.all(
      Array.from({ length: 6 }, (_, at) =>
        (at % 2 === 0 ? one : two).store.budgets.claimAlert(1, 9),
      ),
    )
    assert.equal(claims.filter((claim) => claim !== null).length, 2)
  })
})
