import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { Client } from 'pg'
import { openPostgres } from '#store/postgres/open.ts'
import { noServer } from '#store/postgres/server-binaries.fixture.ts'
import { startServer, type TestServer } from '#store/postgres/server.fixture.ts'
import { keptIn, type KeptReport } from './support/kept-records.ts'
import { asked, startReplicas } from './support/replicas.ts'

const skip = (await noServer()) ?? false

async function onDatabase(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

/** Asks until the answer has this status. */
async function until(status: number, ask: () => ReturnType<typeof asked>, t: TestContext) {
  for (;;) {
    t.signal.throwIfAborted()
    const answer = await ask()
    if (answer.status === status) return answer
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function kept(url: string, acknowledged: ReadonlySet<string>): Promise<KeptReport> {
  const opened = await openPostgres({ url, readOnly: true })
  assert.ok(opened.ok)
  const report = await keptIn(opened.value.ledger, acknowledged)
  await opened.value.close()
  return report
}

/** Both servers in one address. */
const either = (one: string, two: string): string => {
  const [a, b] = [/@([^/]+)\//.exec(one)?.[1], /@([^/]+)\//.exec(two)?.[1]]
  return one.replace(String(a), `${a},${b}`)
}

async function pair(
  t: TestContext,
): Promise<{ primary: TestServer; standby: TestServer; url: string }> {
  const primary = await startServer()
  t.after(() => primary.stop())
  const { url } = await primary.fresh()
  const standby = await startServer({ standbyOf: primary })
  t.after(() => standby.stop())
  // nothing that is acknowledged is on one machine alone
  await onDatabase(
    primary.url('postgres'),
    `ALTER SYSTEM SET synchronous_standby_names = '*'`,
    'SELECT pg_reload_conf()',
  )
  const name = new URL(url).pathname.slice(1)
  return { primary, standby, url: either(primary.url(name), standby.url(name)) }
}

test(
  'gateways that know both servers go over to the standby that is promoted, and lose nothing that was acknowledged',
  { skip },
  async (t) => {
    const { primary, standby, url } = await pair(t)
    const { all, key } = await startReplicas(t, url, 2)
    const acknowledged = new Set<string>()
    const ask = async (gateway: string, model = 'm') => {
      const answer = await asked(gateway, key, model)
      if (answer.status === 200 && answer.decision) acknowledged.add(answer.decision)
      return answer
    }
    for (const gateway of all) for (let at = 0; at < 5; at += 1) await ask(gateway.url)
    await primary.away()
    // between the two nothing leaves, and what stays at home goes on
    for (const gateway of all) {
      assert.equal((await ask(gateway.url)).status, 503)
      assert.equal((await ask(gateway.url, 'own')).status, 200)
    }
    await onDatabase(standby.url('postgres'), `ALTER SYSTEM SET synchronous_standby_names = ''`)
    await onDatabase(standby.url('postgres'), 'SELECT pg_reload_conf()', 'SELECT pg_promote()')
    for (const gateway of all) {
      await until(200, () => ask(gateway.url), t)
      await until(200, () => ask(gateway.url), t)
      for (let at = 0; at < 5; at += 1) assert.equal((await ask(gateway.url)).status, 200)
    }
    for (const { program } of all) {
      program.child.kill('SIGTERM')
      assert.equal(await program.ended, 0)
    }
    const report = await kept(url, acknowledged)
    assert.deepEqual([report.verified, report.lost, report.twice], [true, 0, 0])
    assert.ok(report.acknowledged >= 22)
  },
)

test(
  'a database that falls silent without refusing costs callers a few seconds, once, and no record',
  { skip },
  async (t) => {
    const server = await startServer()
    t.after(() => server.stop())
    const { url } = await server.fresh()
    const { first, key } = await startReplicas(t, url, 1)
    const acknowledged = new Set<string>()
    const ask = async (model = 'm') => {
      const answer = await asked(first.url, key, model)
      if (answer.status === 200 && answer.decision) acknowledged.add(answer.decision)
      return answer
    }
    for (const model of ['m', 'own']) assert.equal((await ask(model)).status, 200)
    server.freeze()
    const during = await Promise.all(['m', 'own', 'm', 'own'].map(ask))
    assert.deepEqual(
      during.map(({ status }) => status),
      [503, 200, 503, 200],
    )
    await first.program.until(/database-away/)
    for (const [model, status] of [
      ['m', 503],
      ['own', 200],
    ] as const) {
      assert.equal((await ask(model)).status, status)
    }
    server.thaw()
    await first.program.until(/database-back/)
    for (const model of ['m', 'own']) await until(200, () => ask(model), t)
    first.program.child.kill('SIGTERM')
    await first.program.ended
    const report = await kept(url, acknowledged)
    assert.deepEqual([report.verified, report.lost, report.twice], [true, 0, 0])
  },
)

test(
  'a database that becomes read-only counts as away, and is used again when it takes writes',
  { skip },
  async (t) => {
    const server = await startServer()
    t.after(() => server.stop())
    const { url } = await server.fresh()
    const { first, key } = await startReplicas(t, url, 1)
    const acknowledged = new Set<string>()
    const ask = async (model = 'm') => {
      const answer = await asked(first.url, key, model)
      if (answer.status === 200 && answer.decision) acknowledged.add(answer.decision)
      return answer
    }
    assert.equal((await ask()).status, 200)
    const name = new URL(url).pathname.slice(1)
    const readOnly = (value: string) =>
      onDatabase(
        server.url('postgres'),
        `ALTER DATABASE ${name} SET default_transaction_read_only = ${value}`,
        // what is open keeps the setting it began with
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
      )
    await readOnly('on')
    const refused = await until(503, () => ask(), t)
    assert.match(refused.body, /ledger-unavailable/)
    assert.equal((await ask('own')).status, 200)
    await readOnly('off')
    await until(200, () => ask(), t)
    first.program.child.kill('SIGTERM')
    await first.program.ended
    const report = await kept(url, acknowledged)
    assert.deepEqual([report.verified, report.lost, report.twice], [true, 0, 0])
  },
)
