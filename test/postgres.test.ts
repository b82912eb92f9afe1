import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { noServer } from '#store/postgres/server-binaries.fixture.ts'
import { freshDatabase } from '#store/postgres/server.fixture.ts'
import { ask, chat } from './support/gateway.ts'
import { runProgram } from './support/process.ts'
import { asked, startReplicas } from './support/replicas.ts'

const skip = (await noServer()) ?? false

/** Gateways on a database of the test's own. */
async function replicas(t: TestContext, count: number, ...args: string[]) {
  const database = await freshDatabase()
  t.after(() => database.drop())
  return { database, ...(await startReplicas(t, database.url, count, ...args)) }
}

const statusOf = async (url: string, key: string, text = 'hello'): Promise<number> =>
  (await asked(url, key, 'm', text)).status

test(
  'gateways started at once on an empty database keep one verified ledger',
  { skip },
  async (t) => {
    const { all, first, key, database } = await replicas(t, 3)
    for (const { url } of all) {
      assert.deepEqual(await Promise.all([statusOf(url, key), statusOf(url, key)]), [200, 200])
      assert.equal(await statusOf(url, key, 'CONFIDENTIEL\nLe plan.'), 403)
    }
    const verified = await runProgram(t, ['audit', 'verify', '--json'], first.env)
    const report: { ok: boolean; heads: unknown[] } = JSON.parse(verified.text)
    assert.deepEqual([report.ok, report.heads.length], [true, 3])
    const listed = await fetch(`${first.url}/api/decisions?limit=100`, {
      headers: { authorization: `Bearer ${key}` },
    })
    const { decisions }: { decisions: unknown[] } = JSON.parse(await listed.text())
    assert.equal(decisions.length, 9)
    for (const { program } of all) {
      program.child.kill('SIGTERM')
      assert.equal(await program.ended, 0)
      assert.equal(program.printed().includes(database.url), false)
    }
  },
)

test(
  'a key that one gateway revokes is refused by the other within a second, with workers too',
  { skip },
  async (t) => {
    const { first, others, key } = await replicas(t, 2, '--workers', '1')
    const [other] = others
    assert.ok(other)
    const made = await runProgram(t, ['keys', 'create', 'short', '--json'], first.env)
    const short: { id: string; key: string } = JSON.parse(made.text)
    assert.deepEqual(
      [await statusOf(first.url, short.key), await statusOf(other.url, short.key)],
      [200, 200],
    )
    const revoked = await fetch(`${first.url}/api/keys/${short.id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${key}` },
    })
    assert.equal(revoked.status, 204)
    // a key is trusted for half a minute without looking again: only the signal can be that fast
    let status = 200
    for (let tries = 0; tries < 20 && status === 200; tries += 1) {
      status = await statusOf(other.url, short.key)
      if (status === 200) await new Promise((resolve) => setTimeout(resolve, 100))
    }
    assert.equal(status, 401)
  },
)

test(
  'what is decided and told by way of one gateway counts at the other within a second',
  { skip },
  async (t) => {
    const { first, others, key } = await replicas(t, 2)
    const [other] = others
    assert.ok(other)
    const until = async (wanted: number, text: string) => {
      let status = 0
      for (let tries = 0; tries < 20 && status !== wanted; tries += 1) {
        status = await statusOf(other.url, key, text)
        if (status !== wanted) await new Promise((resolve) => setTimeout(resolve, 100))
      }
      assert.equal(status, wanted, text)
    }
    await until(200, 'le projet Aurore avance')
    const told = await runProgram(
      t,
      ['terms', 'add', 'projects', 'Aurore', '--class', 'restricted'],
      first.env,
    )
    assert.equal(told.code, 0, told.text)
    await until(403, 'le projet Aurore avance')
    const more = await runProgram(t, ['terms', 'add', 'projects', 'Boreal'], other.env)
    assert.equal(more.code, 0, more.text)
    await until(403, 'le projet Boreal avance')
    await until(403, 'le projet Aurore avance')
    await until(200, 'hello')
    const off = await runProgram(t, ['destinations', 'disable', 'cloud'], first.env)
    assert.equal(off.code, 0, off.text)
    await until(403, 'hello')
  },
)

test(
  'a quota is in force at every gateway, and they share it to the last request, also while one is stopped',
  { skip },
  async (t) => {
    const { first, others, key, upstream } = await replicas(t, 2)
    const [other] = others
    assert.ok(other)
    const limit = ['--window', '1h', '--requests', '60', '--json']
    const set = await runProgram(t, ['quotas', 'set', 'shared', ...limit], first.env)
    assert.equal(set.code, 0, set.text)
    const limited = async (): Promise<boolean> => {
      const answer = await chat({ url: other.url, key }, { body: ask('hello') })
      await answer.body?.cancel()
      return answer.headers.get('x-ecluse-limit') !== null
    }
    while (!(await limited())) t.signal.throwIfAborted()
    // the one that found the limit in force
    const letIn = { count: 1 }
    const burst = async (urls: readonly string[], count: number): Promise<number[]> => {
      const statuses = await Promise.all(
        Array.from({ length: count }, (_, at) => statusOf(urls[at % urls.length] ?? '', key)),
      )
      letIn.count += statuses.filter((status) => status !== 429).length
      return statuses
    }
    await burst([first.url, other.url], 20)
    assert.ok(other.program.child.kill('SIGSTOP'))
    const alone = await burst([first.url], 80)
    assert.ok(other.program.child.kill('SIGCONT'))
    const rest = await burst([first.url, other.url], 40)
    assert.ok(alone.includes(200) && alone.includes(429))
    assert.ok(rest.includes(429))
    assert.ok(letIn.count >= 40, `let in ${letIn.count}`)
    // what each of them has leased and not used comes back
    while (letIn.count < 60) {
      t.signal.throwIfAborted()
      await burst([first.url, other.url], 2)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    for (let more = 0; more < 3; more += 1) {
      assert.deepEqual(await burst([first.url, other.url], 10), Array(10).fill(429))
    }
    assert.equal(letIn.count, 60)
    assert.ok(upstream.seen.length >= 60)
  },
)
