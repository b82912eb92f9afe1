// Three gateways on one PostgreSQL server under load, while processes are killed and paused and the server goes away:
// node bench/replicas-soak.ts [minutes]. Compares what was acknowledged with what is found, and verifies every chain.
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestContext } from 'node:test'
import { verifyLedger } from '#ledger/verify.ts'
import { openPostgres } from '#store/postgres/open.ts'
import { startServer } from '#store/postgres/server.fixture.ts'
import { asked, startReplica, startReplicas, type Replica } from '../test/support/replicas.ts'

const minutes = Number(process.argv[2] ?? 10)
const undo: (() => unknown)[] = []
/** What the helpers of tests need of one. */
const t = { after: (run: () => unknown) => void undo.push(run) } as unknown as TestContext

const server = await startServer()
const { url: databaseUrl } = await server.fresh()
const { all, key } = await startReplicas(t, databaseUrl, 3)
const replicas: Replica[] = [...all]
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
      // the database may be away: nothing starts without it
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
  async 'pause 40 s'(place) {
    replicas[place]?.program.child.kill('SIGSTOP')
    await sleep(40_000)
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
  async 'database away 8 s, one killed'(place) {
    await server.away()
    await sleep(4000)
    replicas[place]?.program.child.kill('SIGKILL')
    await replicas[place]?.program.ended
    await sleep(4000)
    await server.back()
    await revive(place)
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
await sleep(3000)
for (const { program } of replicas) {
  program.child.kill('SIGTERM')
  await program.ended
}

const store = await openPostgres({ url: databaseUrl, readOnly: true })
if (!store.ok) throw new Error(store.error.code)
const { ledger } = store.value
const report = await verifyLedger(ledger)
const decisions = new Map<string, number>()
for (const { writer } of await ledger.heads()) {
  for await (const { record } of ledger.walk(writer, 1)) {
    if (record?.type === 'decision') decisions.set(record.id, (decisions.get(record.id) ?? 0) + 1)
  }
}
await store.value.close()
const missing = (ids: ReadonlySet<string>) => [...ids].filter((id) => !decisions.has(id)).length
const result = {
  minutes,
  faults: Object.fromEntries(faults),
  answers: Object.fromEntries(statuses),
  records: report.records,
  chains: report.heads.length,
  verified: report.ok,
  twice: [...decisions.values()].filter((times) => times > 1).length,
  acknowledgedBeforeLeaving: kept.managed.size,
  lostOfThose: missing(kept.managed),
  answeredAtHome: kept.own.size,
  // of the last milliseconds before a kill
  lostOfThoseAtHome: missing(kept.own),
}
console.log(JSON.stringify(result, null, 2))
for (const run of undo.toReversed()) await run()
await server.stop()
process.exit(report.ok && result.twice === 0 && result.lostOfThose === 0 ? 0 : 1)
