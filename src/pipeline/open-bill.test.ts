import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Bank } from '#budgets/bank.ts'
import { budgetOf } from '#budgets/budget.fixture.ts'
import { Clerk } from '#budgets/clerk.ts'
import { memoryStore } from '#budgets/memory-store.fixture.ts'
import { budgetTable } from '#budgets/table.ts'
import { energyBook } from '#economics/energy.ts'
import { NO_PRICE, priceBook } from '#economics/price.ts'
import { plainCaller } from '#kernel/exchange.ts'
import type { Choice } from '#kernel/verdict.ts'
import { readChatRequest } from '#protocols/openai-chat/request.ts'
import { chatSurface } from '#protocols/openai-chat/surface.ts'
import { openBill, type Funds } from './bill.ts'
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

test('a budget that gets other limits while a request runs is charged what the request cost, once', async () => {
  const defined = (hard: number) =>
    budgetTable([budgetOf({ id: 'all', unit: 'money', currency: 'EUR', hard })])
  let table = defined(1_000_000)
  const clerk = new Clerk({
    store: memoryStore(),
    ledger: { head: async () => ({ seq: 0 }), walk: async function* () {} },
    table: () => table,
    clock: () => 0,
    now: () => 0,
    newId: () => 'epoch',
  })
  const bank = new Bank({ vault: clerk.vaultFor(() => 'w'), now: () => 0, sleep: async () => {} })
  const price = { ...NO_PRICE, input: 1_000_000, output: 2_000_000 }
  const rows = [
    { destination: 'cloud', model: 'm', price, from: null, until: null, source: 'test' },
  ]
  const [book, energy] = [priceBook(rows, []), energyBook([])]
  const funds: Funds = {
    table: () => table,
    prices: () => book,
    energy: () => energy,
    bank,
    longest: new LongestAnswers(),
  }
  const read = readChatRequest({
    model: 'm',
    max_tokens: 4,
    messages: [{ role: 'user', content: 'hello' }],
  })
  assert.ok(read.ok)
  const request = chatSurface(read.value, { id: 'x', createdSeconds: 0 })
  const open = () => {
    const exchange = {
      id: 'r',
      receivedAt: 0,
      language: 'en' as const,
      narrowing: {},
      caller: plainCaller('default', 'k', 'k'),
    }
    const parts = request.textParts()
    return openBill({ clock: () => 1_767_225_600_000, funds }, { exchange, request, parts })
  }
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
  const meter = bank.meter(budget, 1_767_225_600_000)
  assert.deepEqual([meter.spent, meter.held], [15, 0])
})
