import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { test, type TestContext } from 'node:test'
import { noServer } from '#store/postgres/server-binaries.fixture.ts'
import { freshDatabase } from '#store/postgres/server.fixture.ts'
import { cloudConfig, testHome } from './support/gateway.ts'
import { asked, startReplica, type Replica } from './support/replicas.ts'
import { answerOk, startUpstream } from './support/upstream.ts'

const skip = (await noServer()) ?? false
const LIMIT = 64
/** A process leases no more ahead than this share of what is free: what one that is killed may strand. */
const MOST_AHEAD = LIMIT / 16

const QUOTAS = `quotas:
  - {id: counted, match: {key: [counted]}, window: 1h, requests: ${LIMIT}}
  - {id: open, match: {key: [open]}, concurrent: 3}
`

/** Two gateways with two workers each on one server. */
async function fleet(t: TestContext) {
  const database = await freshDatabase()
  t.after(() => database.drop())
  const upstream = await startUpstream(t)
  const start = (): Promise<Replica> => {
    const home = testHome(t)
    writeFileSync(join(home, 'ecluse.yaml'), cloudConfig(upstream.url, QUOTAS))
    const env = {
      ECLUSE_HOME: home,
      CLOUD_KEY: 'test-cloud-key',
      ECLUSE_DATABASE_URL: database.url,
      ECLUSE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64url'),
    }
    return startReplica(t, env, '--workers', '2')
  }
  const all = await Promise.all([start(), start()])
  const file = all.map((one) => one.adminKeyFile).find((one) => existsSync(one))
  const admin = readFileSync(file ?? '', 'utf8').trim()
  const keyNamed = async (name: string): Promise<string> => {
    const answer = await fetch(`${all[0]?.url}/api/keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name, scopes: ['inference'] }),
    })
    const { key }: { key: string } = JSON.parse(await answer.text())
    return key
  }
  return { all, upstream, keyNamed }
}

/** A connection of its own each time, so that workers take turns. */
const statusesOf = async (all: readonly Replica[], key: string, count: number) => {
  const calls = Array.from({ length: count }, (_, at) =>
    asked(all[at % all.length]?.url ?? '', key),
  )
  return (await Promise.all(calls)).map(({ status }) => status)
}
const good = (statuses: readonly number[]): number =>
  statuses.filter((status) => status === 200).length

test(
  'workers of two gateways share one count to the last request, and one that is killed strands a lease and no more',
  { skip },
  async (t) => {
    const { all, upstream, keyNamed } = await fleet(t)
    const key = await keyNamed('counted')
    let passed = good(await statusesOf(all, key, LIMIT / 2))
    const [worker] = workersOf(all[0]?.program.child.pid ?? 0)
    assert.ok(worker)
    process.kill(worker, 'SIGKILL')
    const most = LIMIT - MOST_AHEAD
    // one that had asked when it was killed may have been let in, and nobody was told
    for (; passed < most - 1; await wait(50)) {
      const statuses = await Promise.all(all.map(({ url }) => asked(url, key).catch(() => null)))
      passed += good(statuses.map((one) => one?.status ?? 0))
    }
    passed += good(await statusesOf(all, key, 2 * LIMIT))
    for (let look = 0; look < 20; look += 1, await wait(100))
      passed += good(await statusesOf(all, key, 2))
    assert.ok(passed <= LIMIT, String(passed))
    assert.ok(upstream.seen.length <= LIMIT, String(upstream.seen.length))
  },
)

test(
  'no more answers are open than the quota says, at whichever worker, and a place that is free again is given out',
  { skip },
  async (t) => {
    const { all, upstream, keyNamed } = await fleet(t)
    const key = await keyNamed('open')
    let open = 0
    let most = 0
    const waiting: (() => void)[] = []
    upstream.act = (response, seen) => {
      open += 1
      most = Math.max(most, open)
      waiting.push(() => {
        open -= 1
        answerOk(response, seen)
      })
    }
    const over = new AbortController()
    const statuses: number[] = []
    const callers = Array.from({ length: 12 }, async (_, at) => {
      while (!over.signal.aborted) {
        statuses.push((await asked(all[at % all.length]?.url ?? '', key)).status)
        await wait(20)
      }
    })
    // each of ten rounds is let in by places that the one before gave back
    for (let round = 0; round < 10; round += 1) {
      while (waiting.length === 0) await wait(20)
      await wait(100)
      for (const end of waiting.splice(0)) end()
    }
    over.abort()
    const ending = setInterval(() => waiting.splice(0).forEach((end) => end()), 20)
    await Promise.all(callers)
    clearInterval(ending)
    assert.ok(most <= 3, String(most))
    assert.ok(good(statuses) >= 10)
    assert.ok(statuses.includes(429))
  },
)

/** Process ids of the workers of a gateway. */
function workersOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  const children = text.trim().split(' ').filter(Boolean).map(Number)
  return children.filter((child) =>
    readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('worker.'),
  )
}
