import assert from 'node:assert/strict'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import OpenAI from 'openai'
import { STARTER, starterModelDir } from '../src/models/starter/starter-model.fixture.ts'
import { cloudConfig, errorOf, testGateway, testHome, type TestGateway } from './support/gateway.ts'
import { json, startUpstream, type Act, type Upstream } from './support/upstream.ts'

const post = (gateway: TestGateway, body: object): Promise<Response> =>
  fetch(`${gateway.url}/v1/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

const clientOf = (gateway: TestGateway, maxRetries = 0): OpenAI =>
  new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries })

const last = (upstream: Upstream): { path: string; body: unknown } => {
  const seen = upstream.seen.at(-1)
  return { path: seen?.path ?? '', body: JSON.parse(seen?.body ?? '') }
}

const COMPLETION = { id: 'cmpl-up', object: 'text_completion', created: 1, model: 'cloud-1' }
const USAGE = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 }
const chunk = (text: string, finish: string | null): string =>
  `data: ${JSON.stringify({ ...COMPLETION, choices: [{ index: 0, text, logprobs: null, finish_reason: finish }] })}\n\n`

/** A server of true completions. */
const complete: Act = (response, { body }) => {
  if (!body.includes('"stream":true')) {
    const logprobs = { tokens: ['a'], token_logprobs: [-1], top_logprobs: null, text_offset: [0] }
    return json(response, 200, {
      ...COMPLETION,
      choices: [{ index: 0, text: ' upon a time', logprobs, finish_reason: 'length' }],
      usage: USAGE,
      extra: 'kept',
    })
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(chunk(' upon', null) + chunk(' a time', 'length'))
  response.end(
    `data: ${JSON.stringify({ ...COMPLETION, choices: [], usage: USAGE })}\n\ndata: [DONE]\n\n`,
  )
}

describe('the surface of legacy completions', () => {
  test('a prompt is asked as chat, and the official client reads text completions', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const client = clientOf(gateway)
    const asked = { model: 'auto', prompt: 'hello', max_tokens: 20, stop: 'END' }
    const whole = await client.completions.create(asked)
    assert.equal(whole.object, 'text_completion')
    assert.match(whole.id, /^cmpl-/)
    assert.deepEqual(whole.choices, [
      { text: 'From the cloud.', index: 0, logprobs: null, finish_reason: 'stop' },
    ])
    assert.equal(whole.usage?.total_tokens, 11)
    assert.deepEqual(last(upstream), {
      path: '/v1/chat/completions',
      body: {
        model: 'cloud-1',
        messages: [{ role: 'user', content: 'hello' }],
        max_tokens: 20,
        stop: ['END'],
      },
    })
    const pieces = await Array.fromAsync(
      await client.completions.create({ ...asked, stream: true }),
    )
    assert.equal(pieces.map(({ choices }) => choices[0]?.text).join(''), 'From the cloud.')
    assert.equal(pieces.at(-1)?.choices[0]?.finish_reason, 'stop')
    assert.ok(pieces.every((piece) => !('usage' in piece) && piece.choices.length === 1))
    const told = await Array.fromAsync(
      await client.completions.create({
        ...asked,
        stream: true,
        stream_options: { include_usage: true },
      }),
    )
    assert.equal(told.at(-1)?.usage?.total_tokens, 11)
    await assert.rejects(
      client.completions.create({ model: 'auto', prompt: ['a', 'b'] }),
      (error) => {
        assert.ok(error instanceof OpenAI.BadRequestError)
        assert.deepEqual([error.code, error.param], ['unsupported-parameter', 'prompt'])
        return true
      },
    )
  })

  test('what only a true completion can honour passes untouched, answer and frames too', async (t) => {
    const upstream = await startUpstream(t, complete)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const client = clientOf(gateway)
    const asked = { prompt: 'Once', suffix: '.', echo: false, logprobs: 1, best_of: 2 }
    const whole = await post(gateway, { model: 'm', ...asked, min_p: 0.1 })
    const body = (await whole.json()) as Record<string, unknown> // compared just below
    assert.deepEqual([body['id'], body['extra']], ['cmpl-up', 'kept'])
    assert.deepEqual(last(upstream), {
      path: '/v1/completions',
      body: { model: 'cloud-1', ...asked, min_p: 0.1 },
    })
    const parsed = await client.completions.create({ model: 'm', ...asked })
    assert.deepEqual(parsed.choices[0]?.logprobs?.tokens, ['a'])
    const stream = await post(gateway, { model: 'm', ...asked, stream: true })
    assert.equal(
      await stream.text(),
      `${chunk(' upon', null)}${chunk(' a time', 'length')}data: [DONE]\n\n`,
    )
    const told = await Array.fromAsync(
      await client.completions.create({
        model: 'm',
        ...asked,
        stream: true,
        stream_options: { include_usage: true },
      }),
    )
    assert.equal(told.at(-1)?.usage?.total_tokens, 5)
  })

  test('a stream that breaks ends in an error frame and without its end mark, both ways', async (t) => {
    const upstream = await startUpstream(t)
    const half = `data: ${JSON.stringify({ ...COMPLETION, choices: [{ index: 0, text: 'Half', delta: { content: 'Half' }, finish_reason: null }] })}\n\n`
    const breaks: Act[] = [
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(half)
        setImmediate(() => response.destroy())
      },
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.end(half)
      },
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.end(`${half}data: {"error":{"message":"overloaded"}}\n\ndata: [DONE]\n\n`)
      },
    ]
    for (const more of [{}, { suffix: '.' }]) {
      // what breaks too often counts as down, so each way has a gateway of its own
      const gateway = await testGateway(t, cloudConfig(upstream.url))
      for (const act of breaks) {
        upstream.act = act
        const answer = await post(gateway, { model: 'm', prompt: 'x', stream: true, ...more })
        const text = await answer.text()
        assert.match(text, /Half/)
        assert.match(text, /"error":/)
        assert.doesNotMatch(text, /\[DONE\]|overloaded/)
      }
    }
  })

  test('the same text gets the same verdict wherever it stands in the body', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const iban = 'FR76 3000 6000 0112 3456 7890 189'
    const bodies: object[] = [
      { prompt: iban },
      { prompt: [iban] },
      { prompt: 'hello', suffix: iban },
      { prompt: 'hello', stop: [iban] },
      { prompt: 'hello', user: iban },
      { prompt: 'hello', guided_regex: iban },
      { prompt: 'hello', logit_bias: { [iban]: 1 } },
    ]
    for (const body of bodies) {
      const refused = await post(gateway, { model: 'auto', ...body })
      assert.equal(refused.status, 403, JSON.stringify(body))
      assert.equal(refused.headers.get('x-ecluse-class'), 'confidential')
      assert.equal((await errorOf(refused)).code, 'no-eligible-destination')
    }
    assert.deepEqual(upstream.seen, [])
  })

  test('the model on board answers, whole and streamed', async (t) => {
    const models = await starterModelDir()
    if ('skip' in models) return t.skip(models.skip)
    const home = testHome(t)
    symlinkSync(models.dir, join(home, 'models'))
    const gateway = await testGateway(t, 'discover: false\n', home)
    // the model is not ready at once: the client asks again when it is told to
    const client = clientOf(gateway, 30)
    const asked = { model: STARTER, prompt: 'Say hello.', max_tokens: 8, temperature: 0 }
    const whole = await client.completions.create(asked)
    assert.ok((whole.choices[0]?.text ?? '').length > 0)
    const pieces = await Array.fromAsync(
      await client.completions.create({ ...asked, stream: true }),
    )
    assert.equal(pieces.map(({ choices }) => choices[0]?.text).join(''), whole.choices[0]?.text)
  })
})
