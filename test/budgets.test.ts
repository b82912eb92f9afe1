import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import {
  ask,
  chat,
  configOf,
  errorOf,
  testGateway,
  testHome,
  type TestGateway,
} from './support/gateway.ts'
import { ANSWER, frame, json, startUpstream } from './support/upstream.ts'

/** One destination outside at 1 EUR per million tokens in and 2 out, with what else is given. */
const priced = (url: string, more = ''): string => `
discover: false
engine: {enabled: false}
destinations:
  - {id: cloud, dialect: openai, url: "${url}", key: "\${env:CLOUD_KEY}", zone: managed, jurisdiction: FR,
     clearance: {class: internal}, models: [{name: m, upstream: cloud-1}]}
prices:
  models:
    - {destination: cloud, model: m, input: 1, output: 2, source: "test, 2026-01-01"}
${more}`

interface View {
  readonly id: string
  readonly state: string
  readonly spent: number
  readonly held: number
  readonly remaining: number | null
}

const budget = async (gateway: TestGateway, id: string): Promise<View> => {
  const answer = await fetch(`${gateway.url}/api/budgets/${id}`, {
    headers: { authorization: `Bearer ${gateway.key}` },
  })
  assert.equal(answer.status, 200)
  return (await answer.json()) as View // the shape is what these tests are about
}

const outcomes = async (
  gateway: TestGateway,
): Promise<readonly { status: string; code: string | null }[]> => {
  const page = await gateway.house.decisions({ tenant: 'default', limit: 500 })
  assert.ok(page.ok)
  return page.value.rows.flatMap(({ outcome }) => (outcome ? [outcome] : []))
}

test('of 100 callers who race for the last cent, none is served beyond it, and the rest are told when it renews', async (t) => {
  const upstream = await startUpstream(t)
  // each is held at about 200 micro-euro and costs 7 x 1 + 4 x 2 = 15
  const yaml = priced(
    upstream.url,
    'budgets: [{id: cent, unit: money, currency: EUR, period: day, time_zone: Europe/Paris, hard: 0.01}]',
  )
  const gateway = await testGateway(t, yaml)
  const statuses: number[] = []
  for (let round = 0; round < 8; round += 1) {
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => chat(gateway, { body: ask('hello', { max_tokens: 4 }) })),
    )
    for (const answer of answers) {
      statuses.push(answer.status)
      if (answer.status !== 402) {
        await answer.body?.cancel()
        continue
      }
      assert.equal(answer.headers.get('x-should-retry'), 'false')
      assert.equal(answer.headers.get('x-ecluse-error'), 'budget-exhausted')
      const error = await errorOf(answer)
      assert.equal(error.code, 'insufficient_quota')
      assert.match(error.message, /budget cent .* renews at \d{4}-\d\d-\d\dT2[23]:00:00Z/)
    }
    const { spent, held } = await budget(gateway, 'cent')
    assert.ok(spent + held <= 10_000, `${spent} + ${held}`)
  }
  const served = statuses.filter((status) => status === 200).length
  assert.ok(served > 0 && statuses.includes(402))
  assert.equal(upstream.seen.length, served)
  const { spent, held } = await budget(gateway, 'cent')
  assert.deepEqual([spent, held], [served * 15, 0])
  const refused = (await outcomes(gateway)).filter(({ code }) => code === 'budget-exhausted')
  assert.ok(refused.length > 0)
})

test('the same refusal comes in the shape of every surface', async (t) => {
  const upstream = await startUpstream(t)
  const gateway = await testGateway(t, priced(upstream.url, 'budgets: [{id: none, hard: 0}]'))
  const call = (path: string, body: unknown) =>
    fetch(`${gateway.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${gateway.key}`,
        'content-type': 'application/json',
        'anthropic-version': '2023-06-01',
      },
      body: JSON.stringify(body),
    })
  const messages = [{ role: 'user', content: 'hi' }]
  const anthropic = await call('/v1/messages', { model: 'm', max_tokens: 5, messages })
  const openai = await call('/v1/chat/completions', { model: 'm', messages })
  const ollama = await call('/api/chat', { model: 'm', messages })
  const gemini = await call('/v1beta/models/m:generateContent', {
    contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
  })
  for (const answer of [anthropic, openai, ollama, gemini]) {
    assert.equal(answer.status, 402)
    assert.equal(answer.headers.get('x-ecluse-error'), 'budget-exhausted')
    assert.equal(answer.headers.get('x-should-retry'), 'false')
  }
  assert.match(await anthropic.text(), /"billing_error"/)
  assert.match(await openai.text(), /"insufficient_quota"/)
  assert.match(await gemini.text(), /"RESOURCE_EXHAUSTED"/)
  assert.match(await ollama.text(), /budget none/)
  assert.equal(upstream.seen.length, 0)
})

test('an unknown price is refused, or counted at a ceiling; it is never free', async (t) => {
  const upstream = await startUpstream(t)
  const unpriced = (rule: string): string =>
    priced(upstream.url, `budgets: [{id: b, hard: 1, ${rule}}]`).replace(
      'model: m, input: 1',
      'model: other, input: 1',
    )
  const strict = await testGateway(t, unpriced('unknown_price: refuse'))
  const refused = await chat(strict, { body: ask('hello') })
  assert.equal(refused.status, 403)
  assert.equal((await errorOf(refused)).code, 'price-unknown')
  assert.equal(upstream.seen.length, 0)

  const counted = await testGateway(
    t,
    unpriced('unknown_price: count, unknown_per_request: 0.001, unknown_per_million_tokens: 10'),
  )
  const served = await chat(counted, { body: ask('hello', { max_tokens: 5 }) })
  assert.equal(served.status, 200)
  await served.body?.cancel()
  // 1000 for the request and 11 tokens at 10 micro-euro each
  assert.equal((await budget(counted, 'b')).spent, 1110)
})

test('a stream that breaks off is settled on what was produced, counted here where nobody told', async (t) => {
  const upstream = await startUpstream(t, (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(frame({ role: 'assistant', content: '' }))
    response.write(frame({ content: 'x'.repeat(30) }))
    setTimeout(() => response.destroy(), 20)
  })
  const gateway = await testGateway(
    t,
    priced(upstream.url, 'budgets: [{id: b, unit: tokens, hard: 100000}]'),
  )
  const answer = await chat(gateway, { body: ask('hello', { stream: true, max_tokens: 500 }) })
  await answer.text().catch(() => '')
  const { spent, held } = await budget(gateway, 'b')
  // 30 characters are 10 tokens; the prompt is estimated at a third of its characters
  assert.ok(spent >= 10 && spent < 40, String(spent))
  assert.equal(held, 0)
})

test('an attempt that was answered with an error costs nothing, the one after it is counted', async (t) => {
  let calls = 0
  const upstream = await startUpstream(t, (response) => {
    calls += 1
    json(response, calls === 1 ? 500 : 200, calls === 1 ? {} : ANSWER)
  })
  const gateway = await testGateway(t, priced(upstream.url, 'budgets: [{id: b, hard: 1}]'))
  const answer = await chat(gateway, { body: ask('hello', { max_tokens: 4 }) })
  assert.equal(answer.status, 200)
  assert.match(answer.headers.get('x-ecluse-budget') ?? '', /^b;remaining=\d+;unit=micro-EUR$/)
  await answer.body?.cancel()
  assert.equal(calls, 2)
  const { spent, held, remaining } = await budget(gateway, 'b')
  assert.deepEqual([spent, held, remaining], [15, 0, 999_985])
})

test('what was spent survives a restart', async (t) => {
  const upstream = await startUpstream(t)
  const home = testHome(t)
  const yaml = priced(upstream.url, 'budgets: [{id: b, period: total, hard: 1}]')
  const first = await testGateway(t, yaml, home)
  for (let call = 0; call < 3; call += 1) {
    await (await chat(first, { body: ask('hello') })).body?.cancel()
  }
  await first.stop()
  const second = await testGateway(t, yaml, home)
  assert.equal((await budget(second, 'b')).spent, 45)
  await (await chat(second, { body: ask('hello') })).body?.cancel()
  assert.equal((await budget(second, 'b')).spent, 60)
})

test('an administrator sets, changes and removes a budget; each is evidence, and the next request knows it', async (t) => {
  const upstream = await startUpstream(t)
  const gateway = await testGateway(t, priced(upstream.url, 'budgets: [{id: filed, hard: 9}]'))
  const call = (method: string, path: string, body?: unknown) =>
    fetch(`${gateway.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  assert.equal((await call('PUT', '/api/budgets/mine', { unit: 'tokens', hard: 0 })).status, 200)
  assert.equal((await chat(gateway, { body: ask('hello') })).status, 402)
  assert.equal(
    (await call('PUT', '/api/budgets/mine', { unit: 'tokens', hard: 90000 })).status,
    200,
  )
  assert.equal((await chat(gateway, { body: ask('hello') })).status, 200)
  assert.equal((await call('PUT', '/api/budgets/filed', { hard: 1 })).status, 409)
  assert.equal((await call('PUT', '/api/budgets/x', { hard: 1, scope: 'team' })).status, 400)
  assert.equal((await call('PUT', '/api/budgets/x', { hard: 0.1234567 })).status, 400)
  assert.equal((await call('DELETE', '/api/budgets/mine')).status, 204)
  assert.equal((await call('DELETE', '/api/budgets/mine')).status, 404)
  const records = await gateway.house.decisions({ tenant: 'default' })
  assert.ok(records.ok)
  const { budgets } = (await (await call('GET', '/api/budgets?state=ok')).json()) as {
    budgets: View[]
  }
  assert.deepEqual(
    budgets.map(({ id }) => id),
    ['filed'],
  )
  assert.equal((await fetch(`${gateway.url}/api/budgets`)).status, 401)
})

interface Received {
  readonly id: string
  readonly timestamp: string
  readonly signature: string
  readonly body: string
}

async function receiver(t: TestContext, statuses: number[]) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece: Buffer) => (body += piece.toString()))
    request.on('end', () => {
      const header = (name: string): string => String(request.headers[name])
      received.push({
        id: header('webhook-id'),
        timestamp: header('webhook-timestamp'),
        signature: header('webhook-signature'),
        body,
      })
      response.writeHead(statuses.shift() ?? 204).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo // listening on TCP
  return { received, url: `http://127.0.0.1:${port}/hook` }
}

const until = async (met: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 200 && !met(); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

test('thresholds are told once each, signed, with ids and figures alone, and again under the same id when the receiver was down', async (t) => {
  const upstream = await startUpstream(t)
  const hook = await receiver(t, [503])
  const key = Buffer.from('a synthetic key for this test').toString('base64')
  const home = testHome(t)
  const yaml = `${priced(upstream.url, 'budgets: [{id: b, hard: 0.001, soft_percent: 1}]')}
alerts: {webhook: {url: "${hook.url}", secret: "\${file:${home}/hook.key}", zone: device}}`
  const { writeFileSync } = await import('node:fs')
  writeFileSync(`${home}/hook.key`, `whsec_${key}`, { mode: 0o600 })
  assert.ok(configOf(home, yaml).alerts.webhook)
  const gateway = await testGateway(t, yaml, home)
  await (await chat(gateway, { body: ask('CANARY', { max_tokens: 4 }) })).body?.cancel()
  assert.equal((await chat(gateway, { body: ask('CANARY', { max_tokens: 4000 }) })).status, 402)
  await until(() => hook.received.length >= 2)
  for (const { id, timestamp, signature, body } of hook.received) {
    const signed = createHmac('sha256', Buffer.from(key, 'base64'))
      .update(`${id}.${timestamp}.${body}`)
      .digest('base64')
    assert.equal(signature, `v1,${signed}`)
    assert.ok(Math.abs(Number(timestamp) * 1000 - Date.now()) < 60_000)
    assert.ok(!body.includes('CANARY'))
  }
  await until(() => hook.received.length >= 3)
  const ids = hook.received.map(({ id }) => id)
  assert.equal(ids.length, 3)
  assert.equal(new Set(ids).size, 2)
  const types = new Set(
    hook.received.map(({ body }) => (JSON.parse(body) as { type: string }).type),
  )
  assert.deepEqual([...types].toSorted(), ['budget.hard', 'budget.soft'])
})
