import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { ask, chat, cloudConfig, testHome } from './support/gateway.ts'
import { runProgram, startProgram } from './support/process.ts'
import { startUpstream } from './support/upstream.ts'

async function servedByTwo(t: TestContext) {
  const upstream = await startUpstream(t)
  const home = testHome(t)
  writeFileSync(join(home, 'ecluse.yaml'), cloudConfig(upstream.url))
  const env = { ECLUSE_HOME: home, CLOUD_KEY: 'test-cloud-key' }
  const program = startProgram(
    t,
    ['serve', '--workers', '2', '--listen', '127.0.0.1:0', '--json'],
    env,
  )
  const [line] = await program.until(/^\{"url".*\}$/m)
  const { url, adminKeyFile }: { url: string; adminKeyFile: string } = JSON.parse(line)
  return { upstream, program, env, url, key: readFileSync(adminKeyFile, 'utf8').trim() }
}

/** Processes whose parent is this one, from the system's own list. */
const childrenOf = (pid: number): number[] =>
  execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)])
    .toString()
    .split('\n')
    .map(Number)
    .filter((child) => child > 0)

test('two workers answer on one port, keep one verified ledger, and hand the page and the admin API over', async (t) => {
  const { upstream, env, url, key } = await servedByTwo(t)
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, at) => chat({ url, key }, { body: ask(`question ${at}`) })),
  )
  for (const answer of answers) {
    assert.equal(answer.status, 200)
    await answer.body?.cancel()
  }
  const refused = await chat({ url, key }, { body: ask('CONFIDENTIEL\nLe plan.') })
  assert.equal(refused.status, 403)
  await refused.body?.cancel()
  assert.equal(upstream.seen.length, 20)
  const verified = await runProgram(t, ['audit', 'verify', '--json'], env)
  const report: { ok: boolean; records: number } = JSON.parse(verified.text)
  assert.equal(report.ok, true)
  const listed = await fetch(`${url}/api/decisions?limit=100`, {
    headers: { authorization: `Bearer ${key}` },
  })
  const { decisions }: { decisions: { outcome: { status: string } | null }[] } = JSON.parse(
    await listed.text(),
  )
  assert.equal(decisions.length, 21)
  assert.equal((await fetch(`${url}/api/decisions`)).status, 401)
})

test('a worker that is killed is started again; nothing that was acknowledged is lost', async (t) => {
  const { program, env, url, key } = await servedByTwo(t)
  const before = await chat({ url, key }, { body: ask('before') })
  await before.body?.cancel()
  const [victim] = childrenOf(program.child.pid ?? 0)
  assert.ok(victim)
  process.kill(victim, 'SIGKILL')
  await program.until(/worker-ended/)
  for (let at = 0; at < 10; at += 1) {
    const answer = await chat({ url, key }, { body: ask(`after ${at}`) })
    assert.equal(answer.status, 200)
    await answer.body?.cancel()
  }
  const verified = await runProgram(t, ['audit', 'verify', '--json'], env)
  assert.equal(verified.code, 0)
  // every decision was durable before its text left; an outcome that was still on its way may be gone
  const listed = await runProgram(t, ['audit', 'tail', '--json', '--limit', '100'], env)
  assert.equal(listed.text.trim().split('\n').length, 11)
})

test('a key that is revoked is refused by every worker at once', async (t) => {
  const { env, url, key } = await servedByTwo(t)
  const made = await runProgram(t, ['keys', 'create', 'short', '--json'], env)
  const short: { id: string; key: string } = JSON.parse(made.text)
  const statuses = async (): Promise<number[]> =>
    Promise.all(
      Array.from({ length: 8 }, async () => {
        const answer = await chat(
          { url, key: short.key },
          { body: ask('hello'), headers: { connection: 'close' } },
        )
        await answer.body?.cancel()
        return answer.status
      }),
    )
  assert.deepEqual([...new Set(await statuses())], [200])
  const revoked = await fetch(`${url}/api/keys/${short.id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${key}` },
  })
  assert.equal(revoked.status, 204)
  assert.deepEqual([...new Set(await statuses())], [401])
})

test('an interruption stops every process', async (t) => {
  const { program } = await servedByTwo(t)
  const children = childrenOf(program.child.pid ?? 0)
  assert.equal(children.length, 2)
  program.child.kill('SIGINT')
  assert.equal(await program.ended, 0)
  for (const child of children) assert.throws(() => process.kill(child, 0))
})

test('a port that is taken is told, with workers too', async (t) => {
  const first = await servedByTwo(t)
  const home = testHome(t)
  const { port } = new URL(first.url)
  const second = await runProgram(
    t,
    ['serve', '--workers', '2', '--no-discover', '--listen', `127.0.0.1:${port}`],
    { ECLUSE_HOME: home },
  )
  assert.equal(second.code, 2)
  assert.match(second.text, /is taken by another program/)
})
