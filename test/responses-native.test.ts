import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import OpenAI from 'openai'
import type { JsonObject } from '#kernel/canonical-json.ts'
import { readFrames } from '../src/protocols/openai-responses/event-grammar.fixture.ts'
import {
  framesOf,
  NATIVE_EVENTS,
  NATIVE_STREAM,
  nativeResponse,
} from '../src/protocols/openai-responses/native-answer.fixture.ts'
import { cloudConfig, errorOf, testGateway, type TestGateway } from './support/gateway.ts'
import { rawAnswer, startRawUpstream, writePieces } from './support/raw-upstream.ts'
import { reloadableGateway } from './support/reloadable.ts'
import { served } from './support/served.ts'
import { json, startUpstream, type Act, type Upstream } from './support/upstream.ts'

const STREAM = { 'content-type': 'text/event-stream' }

/** A destination in France that serves Responses itself. */
const native = (url: string, more = ''): string =>
  cloudConfig(url, more).replace('models:', 'apis: [responses], models:')

/** Answers as a server of Responses does, streaming when asked to. */
const answers: Act = (response, { body }) => {
  if (!body.includes('"stream":true')) return json(response, 200, nativeResponse())
  response.writeHead(200, STREAM).end(NATIVE_STREAM)
}

const post = (gateway: Pick<TestGateway, 'url' | 'key'>, body: object): Promise<Response> =>
  fetch(`${gateway.url}/v1/responses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

const sent = (upstream: Upstream): JsonObject => JSON.parse(upstream.seen.at(-1)?.body ?? '')

/** A row of its own for a server in one of our zones. */
const home = (url: string, more: string): string => `
discover: false
engine: {enabled: false}
destinations:
  - {id: home, url: "${url}", zone: on-prem, clearance: {class: restricted}, ${more}, models: [{name: m, upstream: home-1}]}
`

describe('Responses to a destination that serves them itself', () => {
  test('the official client reads answers, streams and refusals of the real program', async (t) => {
    // this client's reader of streams throws at events it does not know, wherever they come from
    const known = NATIVE_EVENTS.filter(({ type }) => type !== 'response.something_new')
    const upstream = await startUpstream(t, (response, seen) => {
      if (!seen.body.includes('"stream":true')) return answers(response, seen)
      response.writeHead(200, STREAM).end(framesOf(known).join(''))
    })
    const gateway = await served(t, native(upstream.url))
    const client = new OpenAI({
      baseURL: `${gateway.url}/v1`,
      apiKey: gateway.key,
      maxRetries: 0,
    })
    const asked = {
      model: 'm',
      input: 'hello',
      instructions: 'Be brief.',
      truncation: 'auto' as const,
      include: ['reasoning.encrypted_content' as const],
      reasoning: { effort: 'xhigh' as const },
    }
    const plain = await client.responses.create(asked).withResponse()
    assert.equal(plain.data.output_text, 'From the cloud, naïve 🌊.')
    assert.equal(plain.data.id, 'resp_up')
    assert.equal(plain.response.headers.get('x-ecluse-destination'), 'cloud')
    assert.equal(plain.response.headers.get('x-ecluse-dropped'), null)
    assert.equal(upstream.seen[0]?.path, '/v1/responses')
    assert.deepEqual(sent(upstream), { ...asked, model: 'cloud-1', store: false })

    const deltas: string[] = []
    const stream = client.responses.stream({ model: 'auto', input: 'hello' })
    stream.on('response.output_text.delta', ({ delta }) => deltas.push(delta))
    const final = await stream.finalResponse()
    assert.deepEqual(deltas, ['From the cloud, ', 'naïve 🌊.'])
    assert.deepEqual([final.status, final.usage?.total_tokens], ['completed', 15])

    for (const [name, value] of Object.entries({
      previous_response_id: 'resp_1',
      conversation: 'conv_1',
      background: true,
      store: true,
    })) {
      await assert.rejects(
        client.responses.create({ model: 'm', input: 'x', [name]: value }),
        (error) => {
          assert.ok(error instanceof OpenAI.BadRequestError)
          assert.deepEqual([error.code, error.param], ['unsupported-parameter', name])
          return true
        },
      )
    }
    assert.equal(upstream.seen.length, 2)
    const tail = await gateway.command(['audit', 'tail', '--json', '--limit', '2'])
    const outcomes = tail.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).outcome)
    assert.deepEqual(
      outcomes.map(({ promptTokens, completionTokens }) => [promptTokens, completionTokens]),
      [
        [9, 6],
        [9, 6],
      ],
    )
  })

  test('unknown fields survive both ways, and numbers keep their value', async (t) => {
    const upstream = await startUpstream(t, answers)
    const gateway = await testGateway(t, native(upstream.url))
    const fields = { future: { list: [1, 2.5, null, 'x'] }, service_tier: 'flex', store: null }
    const answer = await post(gateway, { model: 'm', input: 'hello', ...fields })
    assert.deepEqual(await answer.json(), nativeResponse())
    assert.deepEqual(sent(upstream), { ...fields, model: 'cloud-1', input: 'hello', store: false })
  })

  test('a key said twice is sent once, as it was classified', async (t) => {
    const upstream = await startUpstream(t, answers)
    const gateway = await testGateway(t, native(upstream.url))
    const answer = await fetch(`${gateway.url}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
      body: '{"model": "m", "input": "FR76 3000 6000 0112 3456 7890 189", "input": "hello"}',
    })
    await answer.text()
    assert.deepEqual([answer.status, upstream.seen.length], [200, 1])
    assert.deepEqual(sent(upstream), { model: 'cloud-1', input: 'hello', store: false })
  })

  test('every byte of a stream may come alone', async (t) => {
    const upstream = await startRawUpstream(t, (socket) => {
      const bytes = Buffer.from(
        rawAnswer(
          [
            'content-type: text/event-stream',
            `content-length: ${Buffer.byteLength(NATIVE_STREAM)}`,
          ],
          NATIVE_STREAM,
        ),
      )
      writePieces(
        socket,
        Array.from(bytes, (_, at) => bytes.subarray(at, at + 1)),
      )
    })
    const gateway = await testGateway(t, native(upstream.url))
    const answer = await post(gateway, { model: 'm', input: 'hello', stream: true })
    assert.equal(await answer.text(), NATIVE_STREAM)
  })

  test('a stream that dies, stops or errs in the middle ends in response.failed, under the name and number it had', async (t) => {
    const upstream = await startUpstream(t)
    const half = framesOf(NATIVE_EVENTS.slice(0, 5)).join('')
    const breaks: Act[] = [
      (response) => {
        response.writeHead(200, STREAM).write(half)
        setImmediate(() => response.destroy())
      },
      (response) => void response.writeHead(200, STREAM).end(half),
      (response) => void response.writeHead(200, STREAM).end(`${half}data: [DONE]\n\n`),
      (response) =>
        void response
          .writeHead(200, STREAM)
          .end(`${half}event: error\ndata: {"type":"error","message":"overloaded"}\n\n`),
    ]
    for (const act of breaks) {
      upstream.act = act
      // what broke so often counts as down: each has a gateway that has not met it
      const gateway = await testGateway(t, native(upstream.url))
      const answer = await post(gateway, { model: 'm', input: 'hello', stream: true })
      const text = await answer.text()
      assert.ok(text.startsWith(half))
      assert.doesNotMatch(text, /overloaded|DONE/)
      const events = readFrames(text)
      assert.deepEqual(
        events.map(({ sequence_number: number }) => number),
        [0, 1, 2, 3, 4, 5],
      )
      const last: JsonObject = JSON.parse(JSON.stringify(events.at(-1)))
      assert.equal(last['type'], 'response.failed')
      const { response } = last
      assert.match(JSON.stringify(response), /"id":"resp_up".*"status":"failed"/)
      assert.match(JSON.stringify(response), /stream-interrupted|destination-/)
    }
  })

  test('before anything was shown the next of the verdict is asked, in what that one speaks', async (t) => {
    const first = await startUpstream(t, (response) => {
      const failed = { type: 'response.failed', response: nativeResponse({ status: 'failed' }) }
      response.writeHead(200, STREAM).end(framesOf([failed]).join(''))
    })
    const second = await startUpstream(t)
    const gateway = await testGateway(
      t,
      native(first.url) +
        `  - {id: chat, url: "${second.url}", zone: managed, jurisdiction: FR, clearance: {class: internal}, models: [{name: m, price: {input: 5, output: 5}}]}\n`,
    )
    const answer = await post(gateway, { model: 'm', input: 'hello', stream: true })
    assert.equal(answer.headers.get('x-ecluse-destination'), 'chat')
    const text = await answer.text()
    assert.match(text, /response\.completed/)
    assert.equal(second.seen[0]?.path, '/v1/chat/completions')
    assert.equal(first.seen[0]?.path, '/v1/responses')
  })

  test("the destination's own words on a request reach the caller", async (t) => {
    const upstream = await startUpstream(t, (response) =>
      json(response, 400, {
        error: {
          message: 'no such effort',
          type: 'invalid_request_error',
          param: 'x',
          code: 'bad',
        },
      }),
    )
    const gateway = await testGateway(t, native(upstream.url))
    const refused = await post(gateway, { model: 'm', input: 'hello' })
    const error = await errorOf(refused)
    assert.deepEqual([refused.status, error.code, error.message], [400, 'bad', 'no such effort'])
  })

  test('encrypted thoughts cannot be read: they go where everything may go, untouched, and nowhere else', async (t) => {
    const upstream = await startUpstream(t, answers)
    const body = {
      model: 'm',
      input: [
        { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAAA' },
        { role: 'user', content: 'hello' },
      ],
    }
    const cloud = await testGateway(t, native(upstream.url))
    const refused = await post(cloud, body)
    assert.equal(refused.status, 403)
    assert.equal(refused.headers.get('x-ecluse-class'), 'restricted;undetermined')
    await refused.body?.cancel()
    assert.equal(upstream.seen.length, 0)
    const own = await testGateway(t, home(upstream.url, 'apis: [responses]'))
    const answer = await post(own, body)
    assert.equal(answer.headers.get('x-ecluse-class'), 'restricted;undetermined')
    assert.equal(answer.status, 200)
    await answer.body?.cancel()
    assert.deepEqual(sent(upstream)['input'], body.input)
  })

  test('a tool that reaches further than the destination is refused by name, and nothing is sent', async (t) => {
    const upstream = await startUpstream(t, answers)
    const gateway = await testGateway(t, native(upstream.url))
    const tools = [{ type: 'mcp', server_label: 'x', server_url: 'https://elsewhere.test/mcp' }]
    const refused = await post(gateway, { model: 'm', input: 'hello', tools })
    assert.equal((await errorOf(refused)).param, 'tools.0.mcp')
    assert.equal(upstream.seen.length, 0)
  })

  test('a server that does not say so is asked through chat, until a reload says it', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await reloadableGateway(t, home(upstream.url, 'apis: []'))
    const before = await post(gateway, { model: 'm', input: 'hello' })
    assert.equal(before.status, 200)
    await before.body?.cancel()
    upstream.act = answers
    gateway.write(home(upstream.url, 'apis: [responses]'))
    assert.deepEqual((await gateway.reload()).body.applied, ['destinations'])
    const after = await post(gateway, { model: 'm', input: 'hello' })
    assert.equal(after.status, 200)
    await after.body?.cancel()
    assert.deepEqual(
      upstream.seen.map(({ path }) => path),
      ['/v1/chat/completions', '/v1/responses'],
    )
  })
})
