import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { readEvent } from '#ledger/read-event.ts'
import { openStore } from '#store/sqlite/open.ts'
import { noServer } from '#store/postgres/server-binaries.fixture.ts'
import { startServer } from '#store/postgres/server.fixture.ts'
import {
  ask,
  chat,
  cloudConfig,
  testGateway,
  testHome,
  type TestGateway,
} from './support/gateway.ts'
import { runProgram, startProgram } from './support/process.ts'
import { startReplicas } from './support/replicas.ts'
import { startUpstream } from './support/upstream.ts'

const OPEN = `# everything public may leave
rules:
  - {id: all, match: {classes: [public]}, allow: {zones: [managed]}}
`
const SHUT = `rules:
  - {id: none, match: {classes: [public]}, allow: {zones: []}}
`

interface Place {
  readonly url: string
  readonly key: string
}

/** Why each policy came in force, as the ledger has it. */
async function toldReasons(home: string): Promise<readonly (string | undefined)[]> {
  const store = openStore({ path: join(home, 'ecluse.db'), readOnly: true })
  assert.ok(store.ok)
  const reasons: (string | undefined)[] = []
  for await (const { record } of store.value.ledger.walk('gateway', 1)) {
    const event = readEvent(record?.payload ?? null)
    if (event?.type === 'policy-version' && event.document === 'policy') {
      reasons.push(event.reason)
      assert.ok(event.author)
    }
  }
  await store.value.close()
  return reasons
}

async function post({ url, key }: Place, path: string, body: unknown) {
  const answer = await fetch(`${url}/api/policy/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await answer.text()
  return { status: answer.status, body: JSON.parse(text) as Record<string, never>, text }
}

async function get({ url, key }: Place, path: string): Promise<Record<string, never>> {
  const answer = await fetch(`${url}/api/policy${path}`, {
    headers: { authorization: `Bearer ${key}` },
  })
  return JSON.parse(await answer.text()) as Record<string, never>
}

async function statusOf(place: Place, text = 'What is photosynthesis?'): Promise<number> {
  const answer = await chat(place, { body: ask(text) })
  await answer.body?.cancel()
  return answer.status
}

/** Asks until the answer is this one, or says how long it took in vain. */
async function becomes(place: Place, status: number, withinMs: number): Promise<number> {
  const start = Date.now()
  for (;;) {
    if ((await statusOf(place)) === status) return Date.now() - start
    if (Date.now() - start > withinMs) throw new Error(`still not ${status} after ${withinMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const started = async (t: TestContext, more = ''): Promise<TestGateway> => {
  const upstream = await startUpstream(t)
  return testGateway(t, cloudConfig(upstream.url, more))
}

describe('versions of the policy', () => {
  test('a version that is put replaces the one of the file at once, is history, and is taken back', async (t) => {
    const gateway = await started(t)
    assert.equal(await statusOf(gateway), 200)
    const put = await post(gateway, 'versions', { document: SHUT, reason: 'an incident' })
    assert.equal(put.status, 201, put.text)
    assert.equal(await statusOf(gateway), 403)
    const view = await get(gateway, '')
    assert.deepEqual([view['source'], view['number']], ['store', 1])
    assert.notEqual(view['version'], view['fileVersion'])
    await post(gateway, 'versions', { document: OPEN, reason: 'it is over' })
    assert.equal(await statusOf(gateway), 200)
    const back = await post(gateway, 'rollback', { version: 1, reason: 'it is not' })
    assert.equal(back.status, 201)
    assert.equal(await statusOf(gateway), 403)
    await post(gateway, 'rollback', { version: 'file', reason: 'as written' })
    assert.equal(await statusOf(gateway), 200)
    const { versions } = (await get(gateway, '/versions')) as unknown as {
      versions: { number: number; action: string; reason: string; inForce: number | null }[]
    }
    assert.deepEqual(
      versions.map(({ number, action, reason, inForce }) => [number, action, reason, inForce]),
      [
        [4, 'withdraw', 'as written', null],
        [3, 'rollback', 'it is not', 3],
        [2, 'put', 'it is over', 2],
        [1, 'put', 'an incident', 1],
      ],
    )
    // the text is kept as its author wrote it, with its comments
    assert.equal((await get(gateway, '/versions/2'))['document'], OPEN)
    await gateway.stop()
    assert.deepEqual(await toldReasons(gateway.home), [
      'start',
      'an incident',
      'it is over',
      'it is not',
      'as written',
    ])
  })

  test('what is not a policy changes nothing and is told with its lines; a reason is asked for', async (t) => {
    const gateway = await started(t)
    const bad = 'rules:\n  - {id: a, match: {clases: [public]}, allow: {zones: [managed]}}\n'
    const refused = await post(gateway, 'versions', { document: bad, reason: 'a try' })
    assert.equal(refused.status, 422)
    assert.match(refused.text, /policy:2:\d+ rules\[0\]\.match\.clases/)
    assert.equal((await post(gateway, 'versions', { document: OPEN })).status, 400)
    assert.equal((await post(gateway, 'versions', { document: OPEN, reason: ' ' })).status, 400)
    assert.equal((await post(gateway, 'rollback', { version: 9, reason: 'x' })).status, 404)
    assert.equal((await post(gateway, 'share', { share: 50, reason: 'x' })).status, 404)
    assert.equal((await get(gateway, ''))['source'], 'file')
  })

  test('where the file says that it alone counts nothing can be put', async (t) => {
    const gateway = await started(t, 'policy: {source: file}')
    const refused = await post(gateway, 'versions', { document: SHUT, reason: 'x' })
    assert.equal(refused.status, 409)
    assert.match(refused.text, /"policy-of-file"/)
    assert.equal(await statusOf(gateway), 200)
  })

  test('a version for a share of the keys decides for them alone, and for all when its share is whole', async (t) => {
    const gateway = await started(t)
    const keys = await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        const answer = await fetch(`${gateway.url}/api/keys`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${gateway.key}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify({ name: `k${i}` }),
        })
        const made: { key: string } = JSON.parse(await answer.text())
        return made.key
      }),
    )
    const answers = () => Promise.all(keys.map((key) => statusOf({ url: gateway.url, key })))
    await post(gateway, 'versions', { document: SHUT, reason: 'slowly', share: 50 })
    const first = await answers()
    assert.deepEqual(await answers(), first, 'the same key always meets the same policy')
    assert.deepEqual(
      [...new Set(first)].toSorted((a, b) => a - b),
      [200, 403],
    )
    await post(gateway, 'share', { share: 100, reason: 'it works' })
    assert.ok((await answers()).every((status) => status === 403))
    assert.deepEqual((await get(gateway, ''))['staged'], null)
  })

  test('a shadow decides nothing; what it would have done is counted, and exposed without content', async (t) => {
    const gateway = await started(t)
    await post(gateway, 'shadow', { document: SHUT, reason: 'what if' })
    for (let i = 0; i < 3; i += 1) assert.equal(await statusOf(gateway), 200)
    const counted = await get(gateway, '/shadow')
    assert.equal(counted['requests'], 3)
    assert.deepEqual(counted['differences'], [
      { class: 'public', change: 'refused-now', from: 'cloud', to: null, requests: 3 },
    ])
    const scraped = await fetch(`${gateway.url}/metrics`, {
      headers: { authorization: `Bearer ${gateway.key}` },
    })
    assert.match(
      await scraped.text(),
      /ecluse_policy_shadow_requests_total\{class="public",change="refused-now",from="cloud",to="none"\} 3/,
    )
    await post(gateway, 'shadow/off', { reason: 'enough' })
    assert.equal((await get(gateway, '/shadow'))['shadow'], null)
  })
})

describe('versions of the policy and the command line', () => {
  test('put, show, history and rollback work with a gateway and without, and what is in force is what route says', async (t) => {
    const home = testHome(t)
    writeFileSync(join(home, 'ecluse.yaml'), cloudConfig('https://cloud.example/v1'))
    writeFileSync(join(home, 'shut.yaml'), SHUT)
    const env = { ECLUSE_HOME: home, CLOUD_KEY: 'test-cloud-key' }
    const run = (...args: readonly string[]) => runProgram(t, args, env)
    const policy = (...args: readonly string[]) => run('policy', ...args)
    const put = await policy('put', join(home, 'shut.yaml'), '--reason', 'an incident')
    assert.equal(put.code, 0, put.text)
    assert.match(put.text, /stored version 1; that of the configuration file is not in force/)
    assert.equal((await policy('put', join(home, 'shut.yaml'))).code, 3)
    assert.equal((await run('route', '--explain', 'photosynthesis')).code, 1)
    assert.match((await policy('show')).text, /# 1 put .* local: an incident\nrules:/)
    const history = await policy('history', '--json')
    assert.equal(JSON.parse(history.text)[0].reason, 'an incident')
    assert.equal((await policy('rollback', 'file', '--reason', 'over')).code, 0)
    assert.equal((await run('route', '--explain', 'photosynthesis')).code, 0)
  })

  test('rules may stand in files of a folder; what is wrong in one is told with its name and line', async (t) => {
    const home = testHome(t)
    const { mkdirSync } = await import('node:fs')
    mkdirSync(join(home, 'policies'))
    const more = 'policy: {files: [policies/*.yaml]}'
    writeFileSync(join(home, 'ecluse.yaml'), cloudConfig('https://cloud.example/v1', more))
    writeFileSync(join(home, 'policies', 'a.yaml'), OPEN)
    writeFileSync(join(home, 'policies', 'b.yaml'), SHUT)
    const env = { ECLUSE_HOME: home, CLOUD_KEY: 'test-cloud-key' }
    const both = await runProgram(t, ['route', '--explain', 'photosynthesis'], env)
    assert.equal(both.code, 1)
    assert.match(both.text, /rule none/)
    writeFileSync(join(home, 'policies', 'b.yaml'), OPEN)
    const twice = await runProgram(t, ['route', '--explain', 'photosynthesis'], env)
    assert.equal(twice.code, 2)
    assert.match(twice.text, /b\.yaml:3:\d+ rules\[0\]\.id/)
  })
})

test('workers decide by a version within a second of its being put, and hand over what a shadow counts', async (t) => {
  const upstream = await startUpstream(t)
  const home = testHome(t)
  writeFileSync(join(home, 'ecluse.yaml'), cloudConfig(upstream.url))
  const env = { ECLUSE_HOME: home, CLOUD_KEY: 'test-cloud-key' }
  const serve = ['serve', '--workers', '2', '--listen', '127.0.0.1:0', '--json']
  const program = startProgram(t, serve, env)
  const [line] = await program.until(/^\{"url".*\}$/m)
  const { url, adminKeyFile }: { url: string; adminKeyFile: string } = JSON.parse(line)
  const gateway = { url, key: readFileSync(adminKeyFile, 'utf8').trim() }
  await post(gateway, 'shadow', { document: SHUT, reason: 'first a shadow' })
  for (let tries = 0; (await get(gateway, '/shadow'))['requests'] === 0; tries += 1) {
    assert.ok(tries < 50, 'the shadow counts what workers decide')
    assert.equal(await statusOf(gateway), 200)
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  await post(gateway, 'versions', { document: SHUT, reason: 'now' })
  await becomes(gateway, 403, 5_000)
})

test('another gateway on the same database decides by a version that was put here', async (t) => {
  const skip = await noServer()
  if (skip) return t.skip(skip)
  const server = await startServer()
  t.after(() => server.stop())
  const { url: databaseUrl } = await server.fresh()
  const { first, others, key } = await startReplicas(t, databaseUrl, 2)
  const [other] = others
  assert.ok(other)
  await post({ url: first.url, key }, 'versions', { document: SHUT, reason: 'everywhere' })
  await becomes({ url: other.url, key }, 403, 10_000)
  // both write history: a change made there follows the one made here
  const back = await post({ url: other.url, key }, 'rollback', { version: 'file', reason: 'over' })
  assert.equal(back.status, 200, back.text)
  await becomes({ url: first.url, key }, 200, 10_000)
})
