// Three gateways on one PostgreSQL server under load, while processes are killed and paused and the server goes away:
// node bench/replicas-soak.ts [minutes]. Compares what was acknowledged with what is found, verifies every chain, and asks
// for a budget that says to the token what the ledger says.
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestContext } from 'node:test'
import { openPostgres } from '#store/postgres/open.ts'
import { startServer } from '#store/postgres/server.fixture.ts'
import { isTrue, NOTHING_SPENT, spentInLedger } from '../test/support/budget-ledger.ts'
import { keptIn } from '../test/support/kept-records.ts'
import { budgetState } from '../test/support/killed.ts'
import { asked, startReplica, startReplicas, type Replica } from '../test/support/replicas.ts'

const minutes = Number(process.argv[2] ?? 10)
const undo: (() => unknown)[] = []
/** What the helpers of tests need of one. */
const t = { after: (run: () => unknown) => void undo.push(run) } as unknown as TestContext

const server = await startServer()
const { url: databaseUrl } = await server.fresh()
const { all, key } = await startReplicas(t, databaseUrl, 3)
const replicas: Replica[] = [...all]
const BUDGET = 'tokens'
const budgetRow = {
  scope: 'model',
  match: 'm',
  unit: 'tokens',
  period: 'total',
  hard: 1_000_000_000,
}
await put(`/api/budgets/${BUDGET}`, budgetRow)
const over = new AbortController()
const kept = { managed: new Set<string>(), own: new Set<string>() }
const statuses = new Map<string, number>()
const faults = new Map<string, number>()

const caller = async (place: number, model: 'm' | 'own'): Promise<void> => {
  while (!over.signal.aborted) {
    let status = 'no answer'
    try {
      const answer = await asked(replicas[place]?.url ?? '', key, model)
      status = String(answer.status)
      const known = model === 'm' ? kept.managed : kept.own
      if (answer.status === 200 && answer.decision) known.add(answer.decision)
      else await sleep(20)
    } catch {
      await sleep(50)
    }
    const name = `${model} ${status}`
    statuses.set(name, (statuses.get(name) ?? 0) + 1)
  }
}
const callers = replicas.flatMap((_, place) => [caller(place, 'm'), caller(place, 'own')])

const revive = async (place: number): Promise<void> => {
  const before = replicas[place]
  if (!before) return
  for (;;) {
    try {
      replicas[place] = await startReplica(t, before.env)
      return
    } catch {
      // the database went away between two of its steps
      await sleep(500)
    }
  }
}

const FAULTS: Readonly<Record<string, (place: number) => Promise<unknown>>> = {
  async kill(place) {
    replicas[place]?.program.child.kill('SIGKILL')
    await replicas[place]?.program.ended
    await revive(place)
  },
  async 'pause 5 s'(place) {
    replicas[place]?.program.child.kill('SIGSTOP')
    await sleep(5000)
    replicas[place]?.program.child.kill('SIGCONT')
  },
  async 'pause 60 s'(place) {
    replicas[place]?.program.child.kill('SIGSTOP')
    await sleep(60_000)
    replicas[place]?.program.child.kill('SIGCONT')
  },
  async 'database restarts'() {
    await server.away('SIGINT')
    await server.back()
  },
  async 'database crashes'() {
    await server.away('SIGQUIT')
    await server.back()
  },
  async 'database silent 15 s'() {
    server.freeze()
    await sleep(15_000)
    server.thaw()
  },
  async 'database away 60 s, one killed'(place) {
    await server.away()
    await sleep(30_000)
    replicas[place]?.program.child.kill('SIGKILL')
    await replicas[place]?.program.ended
    // it waits for its database
    const again = revive(place)
    await sleep(30_000)
    await server.back()
    await again
  },
}

const end = Date.now() + minutes * 60_000
const names = Object.keys(FAULTS)
for (let at = 0; Date.now() < end; at += 1) {
  const name = names[at % names.length] ?? ''
  faults.set(name, (faults.get(name) ?? 0) + 1)
  await FAULTS[name]?.(at % replicas.length)
  await sleep(2000)
}
over.abort()
await Promise.all(callers)
const store = await openPostgres({ url: databaseUrl, readOnly: true })
if (!store.ok) throw new Error(store.error.code)
const { ledger } = store.value
const budget = await settled()
for (const { program } of replicas) {
  program.child.kill('SIGTERM')
  await program.ended
}

const managed = await keptIn(ledger, kept.managed)
const own = await keptIn(ledger, kept.own)
await store.value.close()
const result = {
  minutes,
  faults: Object.fromEntries(faults),
  answers: Object.fromEntries(statuses),
  records: managed.records,
  chains: managed.chains,
  verified: managed.verified,
  twice: managed.twice,
  acknowledgedBeforeLeaving: managed.acknowledged,
  lostOfThose: managed.lost,
  answeredAtHome: own.acknowledged,
  // of the last milliseconds before a kill
  lostOfThoseAtHome: own.lost,
  budget,
}
console.log(JSON.stringify(result, null, 2))
for (const run of undo.toReversed()) await run()
await server.stop()
const isGood = result.verified && result.twice === 0 && result.lostOfThose === 0 && budget.exact
process.exit(isGood ? 0 : 1)

async function put(path: string, body: object): Promise<void> {
  const answer = await fetch(`${replicas[0]?.url}${path}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

/** What the account and the ledger say, when they agree, or three minutes later. */
async function settled() {
  for (let waited = 0; ; waited += 2000) {
    const { spent, held } = await budgetState(replicas[0]?.url ?? '', key, BUDGET)
    const said = (await spentInLedger(ledger)).get(BUDGET) ?? NOTHING_SPENT
    const inLedger = said.spent
    const exact = isTrue({ spent, held }, said)
    if (exact || waited > 180_000) return { spent, held, inLedger, exact }
    await sleep(2000)
  }
}
