import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { test, type TestContext } from 'node:test'
import { Client } from 'pg'
import { readEvent } from '#ledger/read-event.ts'
import type { LedgerStore } from '#ledger/ports.ts'
import { openPostgres } from '#store/postgres/open.ts'
import { openStore } from '#store/sqlite/open.ts'
import { noServer } from '#store/postgres/server-binaries.fixture.ts'
import { freshDatabase } from '#store/postgres/server.fixture.ts'
import { settableClock } from './support/clocks.ts'
import { cloudConfig, testHome } from './support/gateway.ts'
import { asked, startReplica } from './support/replicas.ts'
import { ANSWER, json, startUpstream } from './support/upstream.ts'

const skip = (await noServer()) ?? false
const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Steps of a clock that a test may take for granted. */
const SLACK = 2_000

const SETTINGS = `
budgets:
  - {id: hourly, period: hour, unit: tokens, hard: 1000000}
quotas:
  - {id: few, match: {key: [limited]}, window: 10m, requests: 6}
`

/** One gateway on a machine of which the clock is wrong. */
async function gatewayOn(t: TestContext, url: string, wrongByMs: number, databaseUrl?: string) {
  const home = testHome(t)
  const clock = settableClock(home, wrongByMs)
  writeFileSync(join(home, 'ecluse.yaml'), cloudConfig(url, SETTINGS))
  const env = {
    ...clock.env,
    ECLUSE_HOME: home,
    CLOUD_KEY: 'test-cloud-key',
    ECLUSE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64url'),
    ...(databaseUrl ? { ECLUSE_DATABASE_URL: databaseUrl } : {}),
  }
  const workers = databaseUrl ? ['--workers', '1'] : []
  return { ...(await startReplica(t, env, ...workers)), clock, home }
}

const api = async (url: string, key: string, path: string, body?: object): Promise<unknown> => {
  const answer = await fetch(`${url}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`)
  return answer.json()
}

const periodOf = async (url: string, key: string): Promise<number> => {
  const { periodStart } = (await api(url, key, '/api/budgets/hourly')) as { periodStart: number }
  return periodStart
}

/** When records were made, as they say, and how long the requests in them took. */
async function timesIn(ledger: LedgerStore): Promise<{ at: number[]; took: number[] }> {
  const [at, took]: [number[], number[]] = [[], []]
  for (const { writer } of await ledger.heads()) {
    for await (const { record } of ledger.walk(writer, 1)) {
      if (record) at.push(record.at)
      const event = record && readEvent(record.payload)
      if (event?.type === 'outcome') took.push(event.totalMs)
    }
  }
  return { at, took }
}

test(
  'gateways of which the clocks differ by minutes, and are set by an hour, go by the clock of their database',
  { skip },
  async (t) => {
    const database = await freshDatabase()
    const client = new Client({ connectionString: database.url })
    await client.connect()
    t.after(() => client.end())
    t.after(() => database.drop())
    const upstream = await startUpstream(t)
    const databaseTime = async (): Promise<number> => {
      const { rows } = await client.query<{ now: string }>(
        'SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now',
      )
      return Number(rows[0]?.now)
    }
    const from = await databaseTime()
    const all: Awaited<ReturnType<typeof gatewayOn>>[] = []
    for (const wrongBy of [-10 * MINUTE, 0, 10 * MINUTE]) {
      all.push(await gatewayOn(t, upstream.url, wrongBy, database.url))
    }
    const keyFile = all.map((one) => one.adminKeyFile).find((file) => existsSync(file))
    const key = readFileSync(keyFile ?? '', 'utf8').trim()
    const [late, right, early] = all
    assert.ok(late && right && early)

    // every gateway names the period of the database
    for (const { url } of all) assert.equal((await asked(url, key)).status, 200)
    const periods = new Set(await Promise.all(all.map(({ url }) => periodOf(url, key))))
    const hours = [from, await databaseTime()].map((time) => Math.floor(time / HOUR) * HOUR)
    assert.ok([...periods].every((start) => hours.includes(start)))

    // a key that has five minutes left is good everywhere, and one that ended five minutes ago nowhere
    const soon = Math.floor(await databaseTime()) + 5 * MINUTE
    const made = (await api(late.url, key, '/api/keys', {
      name: 'short',
      scopes: ['inference'],
      expiresAt: soon,
    })) as { id: string; key: string }
    for (const { url } of all) assert.equal((await asked(url, made.key)).status, 200)
    await client.query('UPDATE ecluse.api_key SET expires_at = expires_at - $1 WHERE id = $2', [
      10 * MINUTE,
      made.id,
    ])
    for (const { url } of all) {
      while ((await asked(url, made.key)).status !== 401) await wait(50)
    }

    // a session opened on one is as old on all others
    const cookie = await signedIn(late.url, key)
    for (const { url } of all) {
      const answer = await fetch(`${url}/api/status`, { headers: { cookie } })
      assert.equal(answer.status, 200)
    }

    // one count among all three, whatever their clocks say meanwhile
    const limited = (await api(right.url, key, '/api/keys', {
      name: 'limited',
      scopes: ['inference'],
    })) as { key: string }
    const ask = async (): Promise<number[]> => {
      const answers = await Promise.all(all.map(({ url }) => asked(url, limited.key)))
      return answers.map(({ status }) => status)
    }
    const statuses = [...(await ask()), ...(await ask())]
    for (const wrongBy of [HOUR, -HOUR]) {
      for (const { clock } of all) clock.set(wrongBy)
      await wait(100)
      for (const { url } of all) assert.equal((await asked(url, key)).status, 200)
      statuses.push(...(await ask()))
    }
    assert.equal(statuses.filter((status) => status === 200).length, 6)
    assert.equal(statuses.filter((status) => status === 429).length, 6)

    for (const { program } of all) {
      program.child.kill('SIGTERM')
      await program.ended
    }
    const until = await databaseTime()
    const opened = await openPostgres({ url: database.url, readOnly: true })
    assert.ok(opened.ok)
    const { at, took } = await timesIn(opened.value.ledger)
    await opened.value.close()
    assert.ok(at.length > 20)
    assert.deepEqual(
      at.filter((time) => time < from - SLACK || time > until + SLACK),
      [],
    )
    assert.deepEqual(
      took.filter((ms) => ms < 0 || ms > until - from),
      [],
    )
  },
)

/** The cookie of a session of the page. */
async function signedIn(url: string, key: string): Promise<string> {
  const answer = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ key }),
  })
  assert.ok(answer.ok, String(answer.status))
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

test('on one machine, requests, quotas and destinations outlive a clock that is set forward and back by an hour', async (t) => {
  const upstream = await startUpstream(t)
  const one = await gatewayOn(t, upstream.url, 0)
  const { url, clock, home, program } = one
  const key = readFileSync(one.adminKeyFile, 'utf8').trim()
  const limited = (await api(url, key, '/api/keys', {
    name: 'limited',
    scopes: ['inference'],
  })) as { key: string }
  const statuses: number[] = []
  for (const wrongBy of [0, HOUR, -HOUR, 0]) {
    // requests are under way while it is set
    upstream.act = (response) =>
      void wait(200).then(() => json(response, 200, { choices: [], usage: {} }))
    const under = asked(url, key)
    await wait(100)
    clock.set(wrongBy)
    await under
    upstream.act = (response) => json(response, 429, { error: {} }, { 'retry-after': '1' })
    await asked(url, key)
    upstream.act = (response) => json(response, 200, ANSWER)
    // it was told to wait for a second
    while ((await asked(url, key)).status !== 200) await wait(100)
    for (let at = 0; at < 3; at += 1) statuses.push((await asked(url, limited.key)).status)
  }
  assert.deepEqual(statuses.slice(0, 6), [200, 200, 200, 200, 200, 200])
  assert.deepEqual(statuses.slice(6), [429, 429, 429, 429, 429, 429])
  program.child.kill('SIGTERM')
  await program.ended
  const opened = openStore({ path: join(home, 'ecluse.db'), readOnly: true })
  assert.ok(opened.ok)
  t.after(() => opened.value.close())
  const { took } = await timesIn(opened.value.ledger)
  assert.ok(took.length >= 12)
  assert.deepEqual(
    took.filter((ms) => ms < 0 || ms > HOUR / 2),
    [],
  )
})
