import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, chat, cloudConfig, testGateway } from './support/gateway.ts'
import { startUpstream } from './support/upstream.ts'

const question = { body: ask('What is the tallest mountain?') }

for (const store of ['memory', 'database'] as const) {
  test(`equal requests are sent once, kept in the ${store}, and cleared`, async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(
      t,
      cloudConfig(upstream.url, `cache: {exact: true, store: ${store}}`),
    )
    const admin = (path: string, body?: object): Promise<Response> =>
      fetch(`${gateway.url}/api${path}`, {
        method: body ? 'POST' : 'GET',
        headers: {
          authorization: `Bearer ${gateway.key}`,
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
    const first = await chat(gateway, question)
    const text = await first.text()
    assert.equal(first.headers.get('x-ecluse-cache'), 'miss')
    let second = await chat(gateway, question)
    // what is kept is kept after the answer has been shown
    for (let i = 0; i < 20 && second.headers.get('x-ecluse-cache') !== 'hit'; i += 1) {
      await second.text()
      second = await chat(gateway, question)
    }
    assert.equal(second.headers.get('x-ecluse-cache'), 'hit')
    assert.ok(second.headers.has('age'))
    assert.equal(second.headers.get('x-ecluse-destination'), 'cloud')
    assert.equal(await second.text(), text)
    const sent = upstream.seen.length
    const fresh = await chat(gateway, { ...question, headers: { 'cache-control': 'no-store' } })
    assert.equal(fresh.headers.get('x-ecluse-cache'), 'bypass')
    await fresh.text()
    assert.equal(upstream.seen.length, sent + 1)
    const stats = (await (await admin('/cache')).json()) as Record<string, number>
    assert.equal(stats['answers'], 1)
    assert.ok((stats['hits'] ?? 0) >= 1)
    const scrape = await (
      await fetch(`${gateway.url}/metrics`, { headers: { authorization: `Bearer ${gateway.key}` } })
    ).text()
    assert.match(scrape, /ecluse_cache_events_total\{event="hit"\} [1-9]/)
    const cleared = await admin('/cache/clear', {})
    assert.deepEqual(await cleared.json(), { answers: 1 })
    const after = await chat(gateway, question)
    assert.equal(after.headers.get('x-ecluse-cache'), 'miss')
    await after.text()
  })
}

test('without `cache:` nothing is kept and no header speaks of it', async (t) => {
  const upstream = await startUpstream(t)
  const gateway = await testGateway(t, cloudConfig(upstream.url))
  for (let i = 0; i < 2; i += 1) {
    const answer = await chat(gateway, question)
    assert.equal(answer.headers.get('x-ecluse-cache'), null)
    await answer.text()
  }
  assert.equal(upstream.seen.length, 2)
})
