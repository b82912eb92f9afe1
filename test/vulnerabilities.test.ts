import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { z } from 'zod'
import { keep } from '#models/vulnerabilities/kept.ts'
import { ask, chat, errorOf, testGateway, type TestGateway } from './support/gateway.ts'

/** A server that answers as vLLM does, in a version that can be changed. */
async function vllm(t: TestContext, version: { value: string }): Promise<string> {
  const server = createServer((request, response) => {
    request.resume()
    const answers: Readonly<Record<string, unknown>> = {
      '/version': { version: version.value },
      '/v1/models': { object: 'list', data: [{ id: 'm', object: 'model', owned_by: 'vllm' }] },
      '/v1/chat/completions': {
        id: 'c1',
        object: 'chat.completion',
        created: 1,
        model: 'm',
        choices: [
          { index: 0, message: { role: 'assistant', content: 'Yes.' }, finish_reason: 'stop' },
        ],
        usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
      },
    }
    const found = answers[request.url ?? '']
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(found ?? {}))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  t.after(() => server.close())
  const address: string | AddressInfo | null = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}/v1`
}

const config = (url: string, engine = ''): string => `
discover: false
engine: {enabled: false}
destinations:
  - {id: gpu, url: "${url}", zone: on-prem, clearance: {class: restricted}, ${engine} models: [{name: m, cvss: 2}]}
policy:
  rules:
    - {id: no-holes, match: {classes: [public]}, allow: {zones: [on-prem], max_cvss: 8.9}}
`

const View = z.object({
  engines: z.array(
    z.object({
      destination: z.string(),
      version: z.string().nullable(),
      versionFrom: z.string(),
      cvss: z.number().nullable(),
      exceeds: z.array(z.string()),
      findings: z.array(z.object({ id: z.string(), counts: z.boolean() })),
    }),
  ),
})

async function look(gateway: TestGateway): Promise<z.infer<typeof View>['engines'][number]> {
  const answer = await fetch(`${gateway.url}/api/vulnerabilities`, {
    headers: { authorization: `Bearer ${gateway.key}` },
  })
  assert.equal(answer.status, 200)
  const [engine] = View.parse(await answer.json()).engines
  assert.ok(engine)
  return engine
}

const admissions = (gateway: TestGateway): Promise<string[]> => recorded(gateway, 'model-admission')

async function recorded(
  gateway: TestGateway,
  type: 'model-admission' | 'admin',
): Promise<string[]> {
  const { openConfiguredStore } = await import('../src/main/open-store.ts')
  const store = await openConfiguredStore(gateway.config, join(gateway.home, 'ecluse.db'), {
    readOnly: true,
  })
  assert.ok(store.ok)
  try {
    const read = await store.value.ledger.read({
      tenant: 'default',
      type,
      limit: 50,
    })
    assert.ok(read.ok)
    return read.value.rows.map(({ payload }) => payload ?? '')
  } finally {
    await store.value.close()
  }
}

test('a request goes to no engine with a known hole above the limit, until the engine is a newer one', async (t) => {
  const version = { value: '0.14.0' }
  const gateway = await testGateway(t, config(await vllm(t, version)))
  const before = await look(gateway)
  assert.deepEqual([before.version, before.versionFrom, before.cvss], ['0.14.0', 'reported', 9.8])
  assert.deepEqual(before.exceeds, ['no-holes'])
  const refused = await chat(gateway, { body: ask('hello', { model: 'm' }) })
  assert.equal(refused.status, 403)
  assert.equal((await errorOf(refused)).code, 'no-eligible-destination')
  assert.match(
    (await admissions(gateway))[0] ?? '',
    /"decision":"withdrawn".*engine-vulnerable.*CVE-2026-22778/,
  )

  version.value = '0.33.0'
  const after = await look(gateway)
  assert.deepEqual([after.cvss, after.exceeds], [0, []])
  const answered = await chat(gateway, { body: ask('hello', { model: 'm' }) })
  assert.equal(answered.status, 200)
  assert.match((await admissions(gateway))[0] ?? '', /"decision":"admitted".*engine-fixed/)
})

test('what somebody found out counts as soon as it is in the data directory', async (t) => {
  const gateway = await testGateway(t, config(await vllm(t, { value: '0.14.0' })))
  const counted = (await look(gateway)).findings.filter(({ counts }) => counts).map(({ id }) => id)
  await keep(join(gateway.home, 'vulnerabilities'), {
    records: [],
    statements: counted
      .filter((id) => id !== 'CVE-2026-24779')
      .map((id) => ({
        schema: 'ecluse-vex/1',
        vulnerabilities: [id],
        product: 'vllm',
        version: '0.14.0',
        state: 'not_affected',
        justification: 'inline_mitigations_already_exist',
        statement: null,
        author: 'security',
        timestamp: '2026-11-22T00:00:00Z',
        source: 'local',
      })),
  })
  assert.equal((await look(gateway)).cvss, 7.1)
  assert.match(
    (await recorded(gateway, 'admin')).join('\n'),
    /"action":"vulnerabilities-imported".*"subject":"records:0 statements:6"/,
  )
  assert.equal((await chat(gateway, { body: ask('hello', { model: 'm' }) })).status, 200)
})

test('an engine that says no version is as bad as its worst one, unless the configuration knows', async (t) => {
  const url = await vllm(t, { value: 'dev' })
  const unsure = await look(await testGateway(t, config(url)))
  assert.equal(unsure.cvss, 10)
  const told = await look(
    await testGateway(t, config(url, 'engine: {name: vllm, version: "0.33.0"},')),
  )
  // what it says of itself cannot be read, and what is written down can
  assert.deepEqual([told.version, told.versionFrom, told.cvss], ['0.33.0', 'configured', 0])
})
