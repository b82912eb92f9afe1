// `node bench/budgets.ts`: processor time that budgets add to a request, and rounds of kill -9 under load (`--kills N`,
// `--workers N`; `--postgres`: of two gateways on a PostgreSQL server, in turn).
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { parseArgs } from 'node:util'
import { Bank } from '#budgets/bank.ts'
import { budgetOf } from '#budgets/budget.fixture.ts'
import { Clerk } from '#budgets/clerk.ts'
import { memoryStore } from '#budgets/memory-store.fixture.ts'
import { budgetTable } from '#budgets/table.ts'
import { energyBook } from '#economics/energy.ts'
import { NO_PRICE, priceBook } from '#economics/price.ts'
import { canonicalJson } from '#kernel/canonical-json.ts'
import { plainCaller, type Exchange } from '#kernel/exchange.ts'
import type { Choice } from '#kernel/verdict.ts'
import { openBill, type Funds } from '#pipeline/bill.ts'
import { LongestAnswers } from '#pipeline/estimate.ts'
import { readChatRequest } from '#protocols/openai-chat/request.ts'
import { chatSurface } from '#protocols/openai-chat/surface.ts'
import { startServer } from '#store/postgres/server.fixture.ts'
import { killReplicasAgainAndAgain } from '../test/support/killed-replicas.ts'
import { killAgainAndAgain, type KilledReport } from '../test/support/killed.ts'

const REQUESTS = 200_000
const BUDGETS = 100_000

const caller = { ...plainCaller('default', 'key-7', 'bench'), team: 'team-7' }
const exchange: Exchange = {
  id: 'r',
  receivedAt: 0,
  caller,
  language: 'en',
  narrowing: {},
}
const choice: Choice = {
  destination: {
    id: 'own',
    dialect: 'openai',
    address: { kind: 'url', baseUrl: 'http://127.0.0.1/v1' },
    zone: 'on-prem',
    jurisdiction: 'local',
    clearance: 'restricted',
    state: 'enabled',
    origin: 'config',
    models: [{ name: 'm', upstream: 'm' }],
  },
  model: { name: 'm', upstream: 'm' },
  zone: 'on-prem',
  costEuro: null,
  tokensPerSecond: null,
}
const usage = {
  promptTokens: 250,
  completionTokens: 100,
  cachedTokens: null,
  cacheWriteTokens: null,
  reasoningTokens: null,
}

/** A house in which this many budgets exist and some of them bound the request. */
function fundsOf(bounding: number): Funds {
  const hard = 8_000_000_000_000_000
  const more = Array.from({ length: BUDGETS }, (_, at) =>
    budgetOf({ id: `other-${at}`, scope: 'key', match: `other-${at}`, hard }),
  )
  const own = [
    budgetOf({ id: 'all', unit: 'money', currency: 'EUR', period: 'month', hard }),
    budgetOf({ id: 'team', scope: 'team', match: 'team-7', period: 'day', hard }),
    budgetOf({ id: 'key', scope: 'key', match: 'key-7', period: 'hour', hard }),
  ]
  const table = budgetTable([...own.slice(0, bounding), ...more])
  const clerk = new Clerk({
    store: memoryStore(),
    ledger: { head: async () => ({ seq: 0 }), walk: async function* () {} },
    table: () => table,
    clock: () => 0,
    now: () => 0,
    newId: () => 'epoch',
  })
  const price = { ...NO_PRICE, input: 1_000_000, output: 2_000_000 }
  const rows = [{ destination: 'own', model: 'm', price, from: null, until: null, source: 'bench' }]
  const [book, energy] = [priceBook(rows, []), energyBook([])]
  return {
    table: () => table,
    prices: () => book,
    energy: () => energy,
    bank: new Bank({
      vault: clerk.vaultFor(() => 'w'),
      now: () => performance.now(),
      sleep: async () => {},
      recorded: async () => true,
    }),
    longest: new LongestAnswers(),
  }
}

const request = (() => {
  const content = 'A question about nothing in particular. '.repeat(25)
  const read = readChatRequest({
    model: 'm',
    max_tokens: 200,
    messages: [{ role: 'user', content }],
  })
  if (!read.ok) throw new Error(read.error.code)
  return chatSurface(read.value, { id: 'x', createdSeconds: 0 })
})()
const parts = request.textParts()

/** All that the pipeline asks of a bill, and what the evidence writes of it. */
function serveOne(funds: Funds | null): void | Promise<void> {
  const bill = openBill(
    { clock: () => 1_767_225_600_000, ...(funds ? { funds } : {}) },
    { exchange, request, parts },
  )
  const funded = bill.fund([choice])
  const go = (): void => {
    const held = bill.held()
    if (held) canonicalJson(held)
    bill.told()
    const charge = bill.begin(choice)
    if (charge instanceof Promise || !charge.ok) throw new Error('no charge')
    charge.value.note({ kind: 'answered', usage, firstByteMs: 1 }, 0)
    charge.value.end()
    const total = bill.total()
    if (total.settled) canonicalJson(total.settled)
    bill.settle(true)
  }
  return funded instanceof Promise ? funded.then(go) : go()
}

/** Processor microseconds per request, the best of five runs. */
async function measure(funds: Funds | null): Promise<number> {
  await serveOne(funds)
  let best = Infinity
  for (let run = 0; run < 5; run += 1) {
    const before = process.cpuUsage()
    for (let at = 0; at < REQUESTS; at += 1) {
      const done = serveOne(funds)
      if (done) await done
    }
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / REQUESTS)
  }
  return best
}

const { values } = parseArgs({
  options: {
    kills: { type: 'string' },
    workers: { type: 'string' },
    postgres: { type: 'boolean' },
  },
})
if (values.kills === undefined) {
  const none = await measure(null)
  console.log(`no prices, no budgets          ${none.toFixed(2)} us`)
  for (const bounding of [0, 1, 2, 3]) {
    const cost = await measure(fundsOf(bounding))
    console.log(
      `${bounding} budgets of ${BUDGETS + bounding}           ${(cost - none).toFixed(2)} us more`,
    )
  }
} else {
  const [rounds, workers] = [Number(values.kills), Number(values.workers ?? 0)]
  const killReplicas = async (t: TestContext): Promise<KilledReport> => {
    const server = await startServer()
    t.after(() => server.stop())
    const { url } = await server.fresh()
    return killReplicasAgainAndAgain(t, url, rounds, workers)
  }
  void test('kill -9', { timeout: 7_200_000 }, async (t) => {
    const report = await (values.postgres ? killReplicas(t) : killAgainAndAgain(t, rounds, workers))
    console.log(JSON.stringify(report))
    assert.deepEqual([report.verified, report.lost, report.twice], [true, 0, 0])
  })
}
