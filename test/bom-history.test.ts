import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { z } from 'zod'
import { cloudConfig, testGateway, testHome } from './support/gateway.ts'

const PROGRAM = resolve(import.meta.dirname, '../bin/ecluse.mjs')
const Row = z.looseObject({ id: z.string(), at: z.number(), digest: z.string(), actor: z.string() })
const Rows = z.array(Row)
const Change = z.looseObject({ change: z.string(), ref: z.string() })

test('what ran then and what runs now are compared from the command line, and a forged history is told', (t) => {
  const home = testHome(t)
  mkdirSync(home, { recursive: true })
  const file = join(home, 'ecluse.yaml')
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [PROGRAM, 'models', 'bom', ...args], {
      env: {
        PATH: process.env['PATH'] ?? '',
        ECLUSE_HOME: home,
        ECLUSE_CONFIG: file,
        CLOUD_KEY: 'k',
        LANG: 'en_GB.UTF-8',
      },
      encoding: 'utf8',
    })
  const config = cloudConfig('https://cloud.example/v1')
  writeFileSync(file, config, { mode: 0o600 })
  const nothing = run('diff', '--from', '2026-01-01')
  assert.equal(nothing.status, 2, nothing.stderr)
  assert.equal(run('keep').status, 0)
  const [first] = Rows.parse(JSON.parse(run('ls', '--json').stdout))
  assert.ok(first)
  const then = new Date(first.at).toISOString()
  assert.equal(run('diff', '--from', then).status, 0)
  writeFileSync(
    file,
    config.replaceAll('cloud-1', 'mistral-large').replace('name: m', 'name: new'),
    {
      mode: 0o600,
    },
  )
  const since = run('diff', '--from', then, '--json')
  assert.equal(since.status, 1, since.stderr)
  const changes = since.stdout
    .trim()
    .split('\n')
    .map((line) => Change.parse(JSON.parse(line)))
  assert.ok(changes.some(({ change, ref }) => change === 'added' && ref === 'model:cloud/new'))
  assert.ok(changes.some(({ change, ref }) => change === 'removed' && ref === 'model:cloud/m'))
  assert.equal(run('keep').status, 0)
  // between two moments, and from a document to a moment
  const last = Rows.parse(JSON.parse(run('ls', '--json').stdout))[0]
  assert.ok(last)
  const now = new Date(last.at).toISOString()
  assert.equal(run('diff', '--from', then, '--to', now).status, 1)
  assert.equal(run('diff', now, last.id).status, 0)
  const out = join(home, 'then.json')
  assert.equal(run('show', then, '--out', out).status, 0)
  assert.match(readFileSync(out, 'utf8'), /model:cloud\/m"/)
  assert.equal(run('diff', out, then).status, 0)
  assert.equal(run('verify').status, 0)
  for (const wrong of [['diff'], ['show'], ['ls', 'x'], ['diff', 'a', 'b', 'c']])
    assert.equal(run(...wrong).status, 3, wrong.join(' '))
  assert.equal(run('show', 'yesterday').status, 1)
  const database = new DatabaseSync(join(home, 'ecluse.db'))
  database
    .prepare('UPDATE bill SET bytes = ? WHERE digest = ?')
    .run(Buffer.from([3, 0]), first.digest)
  database.close()
  assert.equal(run('verify').status, 1)
  const forged = run('diff', '--from', then)
  assert.equal(forged.status, 2)
  assert.match(forged.stderr, /ALTERED/)
})

test('a gateway keeps its bill by itself when what runs is composed otherwise', async (t) => {
  const gateway = await testGateway(t, cloudConfig('http://127.0.0.1:9/v1'))
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${gateway.url}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return answer.json()
  }
  const bills = async () => z.object({ bills: Rows }).parse(await ask('GET', '/bom/history')).bills
  const until = async (count: number) => {
    for (let tries = 0; ; tries += 1) {
      const found = await bills()
      if (found.length === count) return found
      assert.ok(tries < 300, `${found.length} bills`)
      await new Promise((resolved) => setTimeout(resolved, 200))
    }
  }
  const [first] = await until(1)
  assert.equal(first?.actor, 'system')
  await ask('PUT', '/destinations/cloud', { state: 'disabled' })
  const [second] = await until(2)
  assert.ok(second)
  const diff = z
    .object({ changes: z.array(Change) })
    .parse(await ask('GET', `/bom/diff?from=${first?.id}&to=${second.id}`))
  assert.deepEqual(
    diff.changes.map(({ change, ref }) => [change, ref]),
    [['changed', 'service:cloud']],
  )
  // asked to keep what it has just kept, it does nothing
  assert.deepEqual(await ask('POST', '/bom/history'), { isNew: false })
  const refused = z.object({ error: z.object({ code: z.string() }) })
  for (const [path, code] of [
    ['/bom/history/2020-01-01', 'bill-not-kept'],
    ['/bom/history/soon', 'invalid-value'],
    ['/bom/diff?to=2026-01-01', 'invalid-value'],
    ['/bom/history?limit=0', 'invalid-value'],
    ['/bom?spec=1.1', 'invalid-value'],
  ] as const)
    assert.equal(refused.parse(await ask('GET', path)).error.code, code, path)
})
