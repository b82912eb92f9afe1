import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { ask, chat, cloudConfig, errorOf } from './support/gateway.ts'
import { served } from './support/served.ts'
import { answerOk, startUpstream, type Upstream } from './support/upstream.ts'

/** The configuration of one destination with these limits. */
const limited = (url: string, limits: string): string =>
  cloudConfig(url).replace('models:', `limits: ${limits}, models:`)

interface Counted {
  readonly upstream: Upstream
  /** Requests that are there now. */
  readonly held: () => number
  /** Most requests that were there at the same time. */
  readonly most: () => number
  /** Answers the one that has waited longest; resolves when there is one. */
  readonly answer: () => Promise<void>
  /** Resolves once so many have arrived since the beginning. */
  readonly arrived: (count: number) => Promise<void>
}

/** Resolves in the turn of the event loop in which this became true; rejects when the test is over. */
async function until(t: TestContext, isTrue: () => boolean): Promise<void> {
  while (!isTrue()) {
    t.signal.throwIfAborted()
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** A destination that holds every request until it is told to answer. */
async function holding(t: TestContext): Promise<Counted> {
  const held: (() => void)[] = []
  let most = 0
  const upstream = await startUpstream(t, (response, seen) => {
    held.push(() => answerOk(response, seen))
    most = Math.max(most, held.length)
  })
  return {
    upstream,
    held: () => held.length,
    most: () => most,
    async answer() {
      await until(t, () => held.length > 0)
      held.shift()?.()
    },
    arrived: (count) => until(t, () => upstream.seen.length >= count),
  }
}

const CLOSE = { connection: 'close' }

async function statusOf(call: Promise<Response>): Promise<number> {
  const answer = await call
  await answer.body?.cancel()
  return answer.status
}

describe('the places at a destination', () => {
  test('one place means one request at a time, and everyone is served', async (t) => {
    const { upstream, most, answer } = await holding(t)
    const gateway = await served(t, limited(upstream.url, '{concurrent: 1}'))
    const calls = Array.from({ length: 6 }, (_, at) => chat(gateway, { body: ask(`call ${at}`) }))
    await gateway.untilOpen(calls.length)
    for (let at = 0; at < calls.length; at += 1) await answer()
    assert.deepEqual(await Promise.all(calls.map(statusOf)), [200, 200, 200, 200, 200, 200])
    assert.equal(most(), 1)
    assert.equal(upstream.seen.length, 6)
  })

  test('a full queue is refused in the words of the surface, with the time to come back', async (t) => {
    const { upstream, answer, arrived } = await holding(t)
    const gateway = await served(t, limited(upstream.url, '{concurrent: 1, queue: 0}'))
    const first = chat(gateway, { body: ask('hello') })
    await arrived(1)
    const refused = await chat(gateway, { body: ask('hello') })
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '1'])
    const error = await errorOf(refused)
    assert.equal(error.code, 'queue-full')
    const other = await fetch(`${gateway.url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': gateway.key, 'content-type': 'application/json' },
      body: JSON.stringify({ ...ask('hello'), max_tokens: 5 }),
    })
    assert.equal(other.headers.get('retry-after'), '1')
    const body: unknown = await other.json()
    assert.ok(typeof body === 'object' && body && 'type' in body && body.type === 'error')
    assert.equal(upstream.seen.length, 1)
    await answer()
    assert.equal(await statusOf(first), 200)
  })

  test('who has waited too long is told to come back, and nothing of it is sent', async (t) => {
    const { upstream, answer, arrived } = await holding(t)
    const gateway = await served(t, limited(upstream.url, '{concurrent: 1, queue_ms: 20}'))
    const first = chat(gateway, { body: ask('hello') })
    await arrived(1)
    const refused = await chat(gateway, { body: ask('hello') })
    assert.equal((await errorOf(refused)).code, 'queue-full')
    assert.equal(refused.headers.get('retry-after'), '1')
    await answer()
    assert.equal(await statusOf(first), 200)
    assert.equal(upstream.seen.length, 1)
  })

  test('a reload changes them for those who run, who wait and who come, and drops nobody', async (t) => {
    const { upstream, answer, arrived, most } = await holding(t)
    const gateway = await served(t, limited(upstream.url, '{concurrent: 1}'))
    const calls = [0, 1, 2].map((at) => chat(gateway, { body: ask(`call ${at}`) }))
    await gateway.untilOpen(3)
    await arrived(1)
    await gateway.reload(limited(upstream.url, '{concurrent: 2, queue: 7}'))
    // the second was waiting: it goes without anyone having left
    await arrived(2)
    const listed = await gateway.command(['destinations', 'ls', '--json'])
    const [row]: { limits: object }[] = JSON.parse(listed.text)
    assert.deepEqual(row?.limits, { concurrent: 2, queue: 7, queueMs: null })
    await gateway.reload(limited(upstream.url, '{concurrent: 1, queue: 0}'))
    const refused = await chat(gateway, { body: ask('hello') })
    assert.equal((await errorOf(refused)).code, 'queue-full')
    for (const _ of calls) await answer()
    assert.deepEqual(await Promise.all(calls.map(statusOf)), [200, 200, 200])
    assert.equal(most(), 2)
  })

  test('are of all workers together', async (t) => {
    const { upstream, most, answer, held } = await holding(t)
    const yaml = limited(upstream.url, '{concurrent: 4}')
    const gateway = await served(t, yaml, ['--workers', '2'])
    const calls = Array.from({ length: 12 }, (_, at) =>
      chat(gateway, { body: ask(`call ${at}`), headers: CLOSE }),
    )
    await gateway.untilOpen(calls.length)
    for (const _ of calls) await answer()
    assert.deepEqual(new Set(await Promise.all(calls.map(statusOf))), new Set([200]))
    assert.ok(most() <= 4, String(most()))
    await gateway.reload(limited(upstream.url, '{concurrent: 2, queue: 0}'))
    const statuses: number[] = []
    const more = Array.from({ length: 12 }, (_, at) =>
      statusOf(chat(gateway, { body: ask(`call ${at}`), headers: CLOSE })).then((status) =>
        statuses.push(status),
      ),
    )
    await until(t, () => statuses.length + held() === more.length)
    assert.deepEqual([...new Set(statuses)], [503])
    assert.ok(held() >= 1 && held() <= 2, String(held()))
    while (held() > 0) await answer()
    await Promise.all(more)
  })
})

describe('hedging', () => {
  const row = (id: string, url: string, more: string): string =>
    `  - {id: ${id}, url: "${url}", models: [{name: m}], ${more}}\n`
  const cleared = 'zone: managed, jurisdiction: FR, clearance: {class: internal}'
  const foreign = 'zone: api, jurisdiction: US'
  const hedged = (rows: string): string =>
    `discover: false\nengine: {enabled: false}\nhedge: {after_ms: 40}\ndestinations:\n${rows}`

  test('asks the second of the verdict when the first is late, and the loser is cancelled there', async (t) => {
    let leave = (): void => {}
    const left = new Promise<void>((resolve) => (leave = resolve))
    const slow = await startUpstream(t, (response) => void response.once('close', leave))
    const [second, outside] = [await startUpstream(t), await startUpstream(t)]
    const gateway = await served(
      t,
      hedged(
        row('slow', slow.url, cleared) +
          row('second', second.url, cleared) +
          row('outside', outside.url, foreign),
      ),
    )
    const answer = await chat(gateway, { body: ask('Write to ada.lovelace@example.com') })
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('x-ecluse-class'), 'internal')
    assert.equal(answer.headers.get('x-ecluse-destination'), 'second')
    assert.equal(answer.headers.get('x-ecluse-attempts'), '2')
    assert.match(await answer.text(), /From the cloud/)
    await left
    assert.deepEqual(
      [slow, second, outside].map(({ seen }) => seen.length),
      [1, 1, 0],
    )
  })

  test('never reaches a destination that is not cleared, however late the first is', async (t) => {
    const { upstream: slow, answer, arrived } = await holding(t)
    const outside = await startUpstream(t)
    const gateway = await served(
      t,
      hedged(row('slow', slow.url, cleared) + row('outside', outside.url, foreign)),
    )
    const kept = chat(gateway, { body: ask('Write to ada.lovelace@example.com') })
    await arrived(1)
    // one that came later and may go there has already been answered there: the first one's time has passed
    const open = await chat(gateway, { body: ask('What is a lock?') })
    assert.equal(open.headers.get('x-ecluse-destination'), 'outside')
    assert.match(await open.text(), /From the cloud/)
    await answer()
    const answered = await kept
    assert.equal(answered.status, 200)
    assert.equal(answered.headers.get('x-ecluse-destination'), 'slow')
    assert.equal(answered.headers.get('x-ecluse-attempts'), '1')
    await answered.text()
    assert.equal(outside.seen.length, 1)
    assert.doesNotMatch(outside.seen[0]?.body ?? '', /ada/)
  })
})
