import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { childrenOf } from './support/children.ts'
import { ask, chat, cloudConfig, errorOf, testGateway, testHome } from './support/gateway.ts'
import { served } from './support/served.ts'
import { answerOk, frame, startUpstream, type Act } from './support/upstream.ts'

const limited = (url: string, rows: string): string => cloudConfig(url, `quotas:\n${rows}`)

/** A gateway of this process with one destination and these quotas. */
async function withQuotas(t: TestContext, rows: string, act?: Act) {
  const upstream = await startUpstream(t, act)
  const gateway = await testGateway(t, limited(upstream.url, rows))
  return { upstream, gateway }
}

async function statusOf(call: Promise<Response>): Promise<number> {
  const answer = await call
  await answer.body?.cancel()
  return answer.status
}

describe('quotas', () => {
  test('of 100 callers that come at once exactly as many are let in as the quota allows', async (t) => {
    const { upstream, gateway } = await withQuotas(t, '  - {id: all, window: 1h, requests: 37}\n')
    const calls = Array.from({ length: 100 }, (_, at) => chat(gateway, { body: ask(`call ${at}`) }))
    const statuses = await Promise.all(calls.map(statusOf))
    assert.equal(statuses.filter((status) => status === 200).length, 37)
    assert.equal(statuses.filter((status) => status === 429).length, 63)
    assert.equal(upstream.seen.length, 37)
  })

  test('answers and refusals tell the limit that binds, in the headers of OpenAI', async (t) => {
    const rows =
      '  - {id: wide, window: 1h, requests: 1000}\n  - {id: mine, per: key, window: 1m, requests: 2, total_tokens: 100000}\n'
    const { gateway } = await withQuotas(t, rows)
    const first = await chat(gateway, { body: ask('hello', { max_tokens: 50 }) })
    assert.equal(first.status, 200)
    await first.body?.cancel()
    assert.equal(first.headers.get('x-ratelimit-limit-requests'), '2')
    assert.equal(first.headers.get('x-ratelimit-remaining-requests'), '1')
    assert.match(first.headers.get('x-ratelimit-reset-requests') ?? '', /^(?:1m)?[\d.]+m?s$/)
    assert.equal(first.headers.get('x-ratelimit-limit-tokens'), '100000')
    assert.equal(first.headers.get('x-ecluse-limit'), 'mine;requests;remaining=1')
    await statusOf(chat(gateway, { body: ask('hello') }))
    const refused = await chat(gateway, {
      body: ask('hello'),
      headers: { 'accept-language': 'fr' },
    })
    assert.equal(refused.status, 429)
    const { error } = { error: await errorOf(refused) }
    assert.equal(error.code, 'rate_limit_exceeded')
    assert.match(
      error.message,
      /^Le quota mine est épuisé : 2 requests par 1m\. Réessayez dans \d+ s/,
    )
    assert.equal(refused.headers.get('x-ecluse-error'), 'rate-limited')
    assert.equal(refused.headers.get('x-ratelimit-remaining-requests'), '0')
    const wait = Number(refused.headers.get('retry-after'))
    assert.ok(wait >= 1 && wait <= 63, `retry-after ${wait}`)
  })

  test('the official clients see the refusal as their own rate limit error', async (t) => {
    const { gateway } = await withQuotas(
      t,
      '  - {id: none-left, per: key, window: 1h, requests: 2}\n',
    )
    const openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })
    const anthropic = new Anthropic({ baseURL: gateway.url, apiKey: gateway.key, maxRetries: 0 })
    const question = [{ role: 'user' as const, content: 'hello' }]
    const told = await openai.chat.completions
      .create({ model: 'm', messages: question })
      .withResponse()
    assert.equal(told.response.headers.get('x-ratelimit-remaining-requests'), '1')
    const message = await anthropic.messages
      .create({ model: 'm', max_tokens: 20, messages: question })
      .withResponse()
    assert.equal(message.response.headers.get('anthropic-ratelimit-requests-limit'), '2')
    assert.equal(message.response.headers.get('anthropic-ratelimit-requests-remaining'), '0')
    assert.match(
      message.response.headers.get('anthropic-ratelimit-requests-reset') ?? '',
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
    )
    assert.equal(message.response.headers.get('x-ratelimit-limit-requests'), null)
    await assert.rejects(
      openai.chat.completions.create({ model: 'm', messages: question }),
      (error) => {
        assert.ok(error instanceof OpenAI.RateLimitError)
        assert.equal(error.code, 'rate_limit_exceeded')
        return error.headers.get('retry-after') !== null
      },
    )
    await assert.rejects(
      anthropic.messages.create({ model: 'm', max_tokens: 20, messages: question }),
      (error) => {
        assert.ok(error instanceof Anthropic.RateLimitError)
        return error.headers?.get('anthropic-ratelimit-requests-remaining') === '0'
      },
    )
  })

  test("a destination's own rate limit headers are not passed on", async (t) => {
    const { gateway } = await withQuotas(
      t,
      '  - {id: mine, per: key, requests: 5}\n',
      (response, seen) => {
        response.setHeader('x-ratelimit-remaining-requests', '99999')
        response.setHeader('x-ratelimit-limit-tokens', '7')
        answerOk(response, seen)
      },
    )
    const answer = await chat(gateway, { body: ask('hello') })
    await answer.body?.cancel()
    assert.equal(answer.headers.get('x-ratelimit-remaining-requests'), '4')
    assert.equal(answer.headers.get('x-ratelimit-limit-tokens'), null)
  })

  test('tokens are taken for the most that the answer may be, and given back to what it was', async (t) => {
    const { gateway } = await withQuotas(
      t,
      '  - {id: words, per: key, window: 1h, output_tokens: 100}\n',
    )
    for (let at = 0; at < 5; at += 1) {
      assert.equal(await statusOf(chat(gateway, { body: ask('hello', { max_tokens: 80 }) })), 200)
    }
    const [row] = await usage(gateway, 'words')
    assert.ok(row && row.used > 0 && row.used <= 50, `used ${row?.used}`)
    const large = await chat(gateway, { body: ask('hello', { max_tokens: 101 }) })
    assert.equal(large.headers.get('x-ecluse-error'), 'exceeds-limit')
    assert.equal(large.headers.get('x-should-retry'), 'false')
    assert.equal(large.status, 429)
    await large.body?.cancel()
  })

  test('a stream that the caller leaves is counted for what was produced', async (t) => {
    const { gateway } = await withQuotas(
      t,
      '  - {id: words, per: key, window: 1h, output_tokens: 1000, streams: 1}\n',
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        for (let at = 0; at < 5; at += 1) response.write(frame({ content: 'word ' }))
      },
    )
    const leaving = new AbortController()
    const answer = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(ask('hello', { stream: true, max_tokens: 800 })),
      signal: leaving.signal,
    })
    const reader = answer.body?.getReader()
    await reader?.read()
    const during = await chat(gateway, { body: ask('hello', { stream: true, max_tokens: 10 }) })
    assert.equal(during.status, 429)
    await during.body?.cancel()
    leaving.abort()
    for (;;) {
      t.signal.throwIfAborted()
      const rows = await usage(gateway, 'words')
      const [tokens] = rows.filter(({ measure }) => measure === 'outputTokens')
      if (rows.some(({ measure }) => measure === 'concurrentStreams') || tokens?.used === 800)
        continue
      assert.ok(tokens && tokens.used >= 1 && tokens.used <= 10, `used ${tokens?.used}`)
      break
    }
  })

  test('a model has its quota under every name, and the next destination of the verdict is asked', async (t) => {
    const upstream = await startUpstream(t)
    const other = await startUpstream(t)
    const gateway = await testGateway(
      t,
      limited(
        upstream.url,
        '  - {id: there, per: destination, match: {destination: [cloud]}, window: 1h, requests: 2}\n',
      ).replace(
        'quotas:',
        `  - {id: second, url: "${other.url}", zone: managed, jurisdiction: FR, models: [{name: m, price: {input: 5, output: 5}}]}\nquotas:`,
      ),
    )
    for (const model of ['auto', 'm', 'cloud/m', 'm']) {
      await statusOf(chat(gateway, { body: { ...ask('hello'), model } }))
    }
    assert.deepEqual(
      [upstream.seen.length, other.seen.length],
      [2, 2].map((count, at) => (at === 0 ? count : 1)),
    )
  })

  test('who may queue waits for a place instead of being refused, and leaves the line by leaving', async (t) => {
    const held: (() => void)[] = []
    const { upstream, gateway } = await withQuotas(
      t,
      '  - {id: line, per: key, concurrent: 1, action: queue, queue: 2}\n',
      (response, seen) => void held.push(() => answerOk(response, seen)),
    )
    const calls = [0, 1, 2].map((at) => chat(gateway, { body: ask(`call ${at}`) }))
    while (upstream.seen.length < 1) await new Promise((resolve) => setImmediate(resolve))
    const full = await Promise.race([...calls, chat(gateway, { body: ask('one more') })])
    assert.equal(full.status, 429)
    await full.body?.cancel()
    for (let at = 0; at < 3; at += 1) {
      while (held.length === 0) await new Promise((resolve) => setImmediate(resolve))
      assert.equal(held.length, 1)
      held.shift()?.()
    }
    assert.deepEqual(await Promise.all(calls.map(statusOf)), [200, 200, 200])
  })

  test('counts of long windows outlive a restart', async (t) => {
    const upstream = await startUpstream(t)
    const home = testHome(t)
    const yaml = limited(upstream.url, '  - {id: daily, per: key, window: 1d, requests: 3}\n')
    const first = await testGateway(t, yaml, home)
    for (let at = 0; at < 2; at += 1) await statusOf(chat(first, { body: ask('hello') }))
    await first.stop()
    const second = await testGateway(t, yaml, home)
    const again = { url: second.url, key: first.key }
    const statuses = [
      await statusOf(chat(again, { body: ask('a') })),
      await statusOf(chat(again, { body: ask('b') })),
    ]
    assert.deepEqual(statuses, [200, 429])
  })
})

interface UsageRow {
  readonly measure: string
  readonly used: number
}

async function usage(
  gateway: { url: string; key: string },
  id: string,
): Promise<readonly UsageRow[]> {
  const answer = await fetch(`${gateway.url}/api/quotas/${id}`, {
    headers: { authorization: `Bearer ${gateway.key}` },
  })
  const body: { usage: UsageRow[] } = JSON.parse(await answer.text())
  return body.usage
}

describe('quotas of administrators', () => {
  test('are written, in force at once, listed, shown and removed by the command line', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await served(t, cloudConfig(upstream.url))
    const set = await gateway.command([
      'quotas',
      'set',
      'tight',
      '--per',
      'key',
      '--window',
      '1h',
      '--requests',
      '1',
      '--json',
    ])
    assert.equal(set.code, 0, set.text)
    assert.equal(await statusOf(chat(gateway, { body: ask('a') })), 200)
    assert.equal(await statusOf(chat(gateway, { body: ask('b') })), 429)
    const shown = await gateway.command(['quotas', 'show', 'tight', '--json'])
    const row: { usage: UsageRow[]; source: string } = JSON.parse(shown.text)
    assert.deepEqual([row.source, row.usage[0]?.used], ['stored', 1])
    const listed = await gateway.command(['quotas', 'ls', '--per', 'key'])
    assert.match(listed.text, /tight +key +\* +1h +requests=1 +refuse/)
    assert.equal((await gateway.command(['quotas', 'rm', 'tight'])).code, 0)
    assert.equal(await statusOf(chat(gateway, { body: ask('c') })), 200)
    assert.equal((await gateway.command(['quotas', 'rm', 'tight'])).code, 1)
    assert.equal((await gateway.command(['quotas', 'set', 'empty'])).code, 1)
    const evidence = await gateway.command(['audit', 'tail', '--json', '--limit', '50'])
    assert.ok(evidence.code === 0)
  })

  test('are shared by workers to the last request, also when one is killed', async (t) => {
    const upstream = await startUpstream(t)
    const yaml = limited(upstream.url, '  - {id: shared, window: 1h, requests: 40}\n')
    const gateway = await served(t, yaml, ['--workers', '2'])
    const burst = (count: number) =>
      Promise.all(
        Array.from({ length: count }, (_, at) =>
          chat(gateway, { body: ask(`call ${at}`), headers: { connection: 'close' } }).then(
            async (answer) => {
              await answer.body?.cancel()
              return answer.status
            },
          ),
        ),
      )
    const before = await burst(15)
    assert.ok(before.every((status) => status === 200))
    const [victim] = childrenOf(gateway.pid)
    assert.ok(victim)
    process.kill(victim, 'SIGKILL')
    // a connection that was on its way to it goes nowhere
    while (childrenOf(gateway.pid).filter((child) => child !== victim).length < 2) {
      t.signal.throwIfAborted()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    const after: number[] = []
    for (let round = 0; round < 12; round += 1) after.push(...(await burst(10)))
    const letIn = [...before, ...after].filter((status) => status === 200).length
    assert.ok(letIn <= 40, `let in ${letIn}`)
    assert.ok(letIn >= 30, `let in ${letIn}`)
    assert.ok(upstream.seen.length <= 40)
    const set = await gateway.command(['quotas', 'set', 'stop', '--window', '1h', '--bytes', '1'])
    assert.equal(set.code, 0)
    assert.ok((await burst(6)).every((status) => status === 429))
  })
})
