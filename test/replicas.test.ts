import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { Client } from 'pg'
import { noServer } from '#store/postgres/server-binaries.fixture.ts'
import { startServer } from '#store/postgres/server.fixture.ts'
import { runProgram } from './support/process.ts'
import { asked, startReplica, startReplicas } from './support/replicas.ts'

const skip = (await noServer()) ?? false

const readiness = async (url: string): Promise<readonly [number, string]> => {
  const answer = await fetch(`${url}/health/ready`)
  const body: { ledger: string } = JSON.parse(await answer.text())
  return [answer.status, body.ledger]
}

/** Resolves when a file has not grown for a while. */
async function settled(path: string): Promise<void> {
  for (let size = -1; size !== statSync(path).size;) {
    size = statSync(path).size
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

/** Every decision that the database has, and whether its ledger verifies. */
async function evidence(url: string, key: string, env: Record<string, string>, t: TestContext) {
  const verified = await runProgram(t, ['audit', 'verify', '--json'], env)
  assert.equal(verified.code, 0, verified.text)
  const ids: string[] = []
  let before = ''
  for (;;) {
    const answer = await fetch(`${url}/api/decisions?limit=500${before}`, {
      headers: { authorization: `Bearer ${key}` },
    })
    const page: { decisions: { id: string }[]; next: string | null } = JSON.parse(
      await answer.text(),
    )
    ids.push(...page.decisions.map(({ id }) => id))
    if (page.next === null) return ids
    before = `&before=${page.next}`
  }
}

test(
  'while the database is away what stays at home goes on, and everything is recorded once',
  { skip },
  async (t) => {
    const server = await startServer()
    t.after(() => server.stop())
    const { url: databaseUrl } = await server.fresh()
    const { all, first, others, key } = await startReplicas(t, databaseUrl, 2)
    const [other] = others
    assert.ok(other)
    const acknowledged: string[] = []
    const note = (
      { status, decision }: Awaited<ReturnType<typeof asked>>,
      wanted: number,
    ): void => {
      assert.equal(status, wanted)
      if (status === 200 && decision) acknowledged.push(decision)
    }
    for (const { url } of all) {
      note(await asked(url, key, 'm'), 200)
      note(await asked(url, key, 'own'), 200)
      assert.deepEqual(await readiness(url), [200, 'recording'])
    }

    await server.away()
    for (const { url } of all) {
      for (let i = 0; i < 5; i += 1) {
        const refused = await asked(url, key, 'm')
        note(refused, 503)
        assert.match(refused.body, /ledger-unavailable/)
        note(await asked(url, key, 'own'), 200)
      }
      assert.deepEqual(await readiness(url), [200, 'spooling'])
    }
    const spool = join(String(first.env['ECLUSE_HOME']), 'spool', 'ledger.log')
    assert.ok(statSync(spool).size > 0)
    assert.equal(statSync(spool).mode & 0o777, 0o600)

    // what stays at home is recorded a moment after it was answered: a kill before that may lose it
    await settled(join(String(other.env['ECLUSE_HOME']), 'spool', 'ledger.log'))
    // one of them is killed with its spool on the disk, and comes back with the database
    other.program.child.kill('SIGKILL')
    await other.program.ended
    await server.back()
    await first.program.until(/database-back/)
    const again = await startReplica(t, other.env)
    for (const { url } of [first, again]) {
      note(await asked(url, key, 'm'), 200)
      assert.deepEqual(await readiness(url), [200, 'recording'])
    }
    const found = await evidence(first.url, key, first.env, t)
    assert.deepEqual(
      acknowledged.filter((id) => !found.includes(id)),
      [],
      'nothing acknowledged is lost',
    )
    assert.equal(new Set(found).size, found.length, 'nothing is recorded twice')
    assert.equal(statSync(spool).size, 0)
  },
)

test('a gateway that was paused for long goes on in a chain of its own', { skip }, async (t) => {
  const server = await startServer()
  t.after(() => server.stop())
  const { url: databaseUrl } = await server.fresh()
  const { first, key } = await startReplicas(t, databaseUrl, 1)
  const acknowledged = [await asked(first.url, key), await asked(first.url, key)]
  first.program.child.kill('SIGSTOP')
  const waiting = asked(first.url, key)
  // the half minute of its lease, by hand
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query('UPDATE ecluse.ledger_writer SET expires_at = 0')
  const env = { ...first.env, ECLUSE_HOME: `${first.env['ECLUSE_HOME']}-2` }
  const second = await startReplica(
    t,
    env,
    '--config',
    join(String(first.env['ECLUSE_HOME']), 'ecluse.yaml'),
  )
  acknowledged.push(await asked(second.url, key))
  first.program.child.kill('SIGCONT')
  acknowledged.push(await waiting, await asked(first.url, key), await asked(second.url, key))
  assert.deepEqual(
    acknowledged.map(({ status }) => status),
    [200, 200, 200, 200, 200, 200],
  )
  const { rows } = await client.query<{ name: string }>(
    'SELECT name FROM ecluse.ledger_writer ORDER BY number',
  )
  assert.deepEqual(
    rows.map(({ name }) => name),
    ['gateway-1', 'gateway-2'],
  )
  await client.end()
  const found = await evidence(first.url, key, first.env, t)
  for (const { decision } of acknowledged) assert.ok(decision && found.includes(decision))
  assert.equal(new Set(found).size, 6)
})

test(
  'a database that is restarted under load costs no acknowledged record',
  { skip },
  async (t) => {
    const server = await startServer()
    t.after(() => server.stop())
    const { url: databaseUrl } = await server.fresh()
    const { first, all, key } = await startReplicas(t, databaseUrl, 2)
    const acknowledged: string[] = []
    const over = new AbortController()
    const callers = all.flatMap(({ url }) =>
      ['m', 'own'].map(async (model) => {
        while (!over.signal.aborted) {
          const { status, decision } = await asked(url, key, model)
          assert.ok(status === 200 || status === 503, String(status))
          if (status === 200 && decision) acknowledged.push(decision)
        }
      }),
    )
    for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
      const enough = acknowledged.length + 50
      while (acknowledged.length < enough) await new Promise((resolve) => setTimeout(resolve, 10))
      await server.away(signal)
      await server.back()
    }
    over.abort()
    await Promise.all(callers)
    // a gateway that was not asked while the server was away has nothing to come back from
    for (const { url } of all) {
      while ((await readiness(url))[1] !== 'recording') {
        t.signal.throwIfAborted()
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
    const found = await evidence(first.url, key, first.env, t)
    assert.deepEqual(
      acknowledged.filter((id) => !found.includes(id)),
      [],
    )
    assert.equal(new Set(found).size, found.length)
  },
)
