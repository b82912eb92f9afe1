import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Bank } from '#budgets/bank.ts'
import { budgetOf } from '#budgets/budget.fixture.ts'
import { Clerk } from '#budgets/clerk.ts'
import { memoryStore } from '#budgets/memory-store.fixture.ts'
import { budgetTable, type BudgetTable } from '#budgets/table.ts'
import type { Recorded } from '#budgets/entries.ts'
import { energyBook } from '#economics/energy.ts'
import { NO_PRICE, priceBook } from '#economics/price.ts'
import { plainCaller } from '#kernel/exchange.ts'
import type { Choice } from '#kernel/verdict.ts'
import { sampleDecision, sampleOutcome } from '#ledger/samples.ts'
import { readChatRequest } from '#protocols/openai-chat/request.ts'
import { chatSurface } from '#protocols/openai-chat/surface.ts'
import { openBill, type Bill, type Funds } from './bill.ts'
import { LongestAnswers } from './estimate.ts'

const choice: Choice = {
  destination: {
    id: 'cloud',
    dialect: 'openai',
    address: { kind: 'url', baseUrl: 'http://127.0.0.1/v1' },
    zone: 'managed',
    jurisdiction: 'FR',
    clearance: 'internal',
    state: 'enabled',
    origin: 'config',
    models: [{ name: 'm', upstream: 'm' }],
  },
  model: { name: 'm', upstream: 'm' },
  zone: 'managed',
  costEuro: null,
  tokensPerSecond: null,
}
const usage = {
  promptTokens: 7,
  completionTokens: 4,
  cachedTokens: null,
  cacheWriteTokens: null,
  reasoningTokens: null,
}

const AT = 1_767_225_600_000

const request = (() => {
  const read = readChatRequest({
    model: 'm',
    max_tokens: 4,
    messages: [{ role: 'user', content: 'hello' }],
  })
  assert.ok(read.ok)
  return chatSurface(read.value, { id: 'x', createdSeconds: 0 })
})()
const exchange = {
  id: 'r',
  receivedAt: 0,
  language: 'en' as const,
  narrowing: {},
  caller: plainCaller('default', 'k', 'k'),
}

/** Budgets over accounts in memory; what is committed is told to their clerk. */
function moneyOf(table: () => BudgetTable) {
  const store = memoryStore()
  const clerk = new Clerk({
    store,
    ledger: { head: async () => ({ seq: 0 }), walk: async function* () {} },
    table,
    clock: () => AT,
    now: () => 0,
    newId: () => 'epoch',
  })
  let isAway = (_budget: string): boolean => false
  const vault = clerk.vaultFor(() => 'w')
  const bank = new Bank({
    vault: {
      ...vault,
      holdMore: async (key, epoch, amount) =>
        !isAway(key.budget) && vault.holdMore(key, epoch, amount),
    },
    now: () => 0,
    sleep: async () => {},
    recorded: async () => true,
  })
  const row = (destination: string, of: number) => ({
    destination,
    model: 'm',
    price: { ...NO_PRICE, input: of, output: 2 * of },
    from: null,
    until: null,
    source: 'test',
  })
  const rows = [row('cloud', 1_000_000), row('dear', 3_000_000)]
  const [book, energy] = [priceBook(rows, []), energyBook([])]
  const funds: Funds = {
    table,
    prices: () => book,
    energy: () => energy,
    bank,
    longest: new LongestAnswers(),
  }
  let seq = 0
  return {
    bank,
    clerk,
    open: () =>
      openBill({ clock: () => AT, funds }, { exchange, request, parts: request.textParts() }),
    commit(event: Recorded['event']): void {
      seq += 1
      clerk.committed([{ tenant: 'default', writer: 'w', seq, event }])
    },
    /** From now on no more can be held for these. */
    loses(name: string): void {
      isAway = (budget) => budget === name
    },
    /** What the account of each says: spent, held. */
    async accounts(): Promise<unknown> {
      await clerk.flush()
      const states = await Promise.all(table().all.map((budget) => clerk.stateOf(budget)))
      return Object.fromEntries(states.map((one) => [one.budget.id, [one.spent, one.held]]))
    },
  }
}

test('a budget that gets other limits while a request runs is charged what the request cost, once', async () => {
  const defined = (hard: number) =>
    budgetTable([budgetOf({ id: 'all', unit: 'money', currency: 'EUR', hard })])
  let table = defined(1_000_000)
  const { bank, open } = moneyOf(() => table)
  // before it is asked, and while it is: the new definition is in the bank, because others came meanwhile
  const redefine = async (hard: number): Promise<void> => {
    table = defined(hard)
    const other = open()
    await other.fund([choice])
    other.release()
  }
  const bill = open()
  await bill.fund([choice])
  const [held] = Object.values(bill.held() ?? {})
  await redefine(2_000_000)
  const charge = await bill.begin(choice)
  assert.ok(charge.ok)
  await redefine(3_000_000)
  charge.value.note({ kind: 'answered', usage, firstByteMs: 1 }, 0)
  charge.value.end()
  assert.deepEqual(Object.values(bill.total().settled ?? {}), [[held, 15]])
  bill.settle(true)
  const [budget] = table.all
  assert.ok(budget)
  const meter = bank.meter(budget, AT)
  assert.deepEqual([meter.spent, meter.held], [15, 0])
})

describe('a request that goes on to a dearer destination', () => {
  const dear: Choice = { ...choice, destination: { ...choice.destination, id: 'dear' } }
  const money = { unit: 'money' as const, currency: 'EUR' }
  const table = budgetTable([
    budgetOf({ ...money, id: 'hard', hard: 1_000_000 }),
    budgetOf({ ...money, id: 'other', hard: 1_000_000 }),
    budgetOf({ ...money, id: 'soft', soft: 1_000_000 }),
  ])
  const broken = {
    kind: 'refused',
    refusal: { code: 'destination-malformed' },
    said: null,
    again: 'elsewhere',
  } as const

  /** Decided, asked and failed in a way that may have cost something. */
  const begun = async (house: ReturnType<typeof moneyOf>) => {
    await house.clerk.recover('w')
    const bill = house.open()
    await bill.fund([choice, dear])
    house.commit(sampleDecision({ held: bill.held() ?? {} }))
    const first = await bill.begin(choice)
    assert.ok(first.ok)
    first.value.note(broken, 0)
    return bill
  }
  const end = (house: ReturnType<typeof moneyOf>, bill: Bill): number => {
    const { settled } = bill.total()
    house.commit(sampleOutcome('d', settled ? { settled } : {}))
    bill.settle(true)
    return Object.values(settled ?? {})[0]?.[1] ?? 0
  }

  test('leaves nothing held in any account, with a hard limit or without', async () => {
    const house = moneyOf(() => table)
    const bill = await begun(house)
    const second = await bill.begin(dear)
    assert.ok(second.ok)
    second.value.note({ kind: 'answered', usage, firstByteMs: 1 }, 0)
    const spent = end(house, bill)
    assert.ok(spent > 45)
    const all = { hard: [spent, 0], other: [spent, 0], soft: [spent, 0] }
    assert.deepEqual(await house.accounts(), all)
    await house.clerk.recover('w') // what it had is closed
    assert.deepEqual(await house.accounts(), all)
  })

  test('and is not covered there gives back what the accounts had of it', async () => {
    const house = moneyOf(() => table)
    const bill = await begun(house)
    house.loses('other')
    const second = await bill.begin(dear)
    assert.ok(!second.ok && second.error.code === 'budget-unavailable')
    const spent = end(house, bill)
    assert.ok(spent > 0)
    assert.deepEqual(await house.accounts(), {
      hard: [spent, 0],
      other: [spent, 0],
      soft: [spent, 0],
    })
  })
})
