import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import OpenAI from 'openai'
import { checkGrammar } from '../src/protocols/openai-responses/event-grammar.fixture.ts'
import { responsesPlaces } from '../src/protocols/openai-responses/places.fixture.ts'
import { cloudConfig, errorOf, testGateway } from './support/gateway.ts'
import { clientOf, post } from './support/responses.ts'
import { frame, startUpstream, type Act } from './support/upstream.ts'

const IBAN = 'FR76 3000 6000 0112 3456 7890 189'

describe('the Responses surface, where it breaks or refuses', () => {
  test('every stream keeps the grammar, and one that breaks ends in response.failed', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const streamed = async (): Promise<string> => {
      const answer = await post(gateway, { model: 'm', input: 'x', stream: true })
      assert.match(answer.headers.get('content-type') ?? '', /^text\/event-stream/)
      return answer.text()
    }
    const good = await streamed()
    assert.equal(checkGrammar(good)['status'], 'completed')
    assert.ok(!good.includes('[DONE]'))

    const half = frame({ content: 'Half' })
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
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.end(`${half}data: {"half":\n\n`)
      },
    ]
    for (const act of breaks) {
      upstream.act = act
      const text = await streamed()
      const last = checkGrammar(text)
      assert.equal(last['status'], 'failed')
      assert.match(JSON.stringify(last['output']), /Half/)
      assert.match(JSON.stringify(last['error']), /stream-interrupted|destination-/)
      assert.doesNotMatch(text, /overloaded/)
    }
    // what broke so often counts as down: another gateway has not met it yet
    const fresh = await testGateway(t, cloudConfig(upstream.url))
    const failing = await clientOf(fresh).responses.create({
      model: 'm',
      input: 'x',
      stream: true,
    })
    const last = (await Array.fromAsync(failing)).at(-1)
    assert.ok(last?.type === 'response.failed')
    assert.equal(last.response.error?.code, 'stream-interrupted')
  })

  test('two streams at once break each with its own numbers and id', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const open: (() => void)[] = []
    upstream.act = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const pieces = open.length === 0 ? 1 : 3
      for (let at = 0; at < pieces; at += 1) response.write(frame({ content: `${pieces};` }))
      open.push(() => response.destroy())
    }
    const answers = await Promise.all([
      post(gateway, { model: 'm', input: 'x', stream: true }),
      post(gateway, { model: 'm', input: 'x', stream: true }),
    ])
    for (const cut of open) cut()
    const texts = await Promise.all(answers.map((answer) => answer.text()))
    const ids = new Set(texts.map((text) => checkGrammar(text)['id']))
    assert.equal(ids.size, 2)
  })

  test('the same text gets the same verdict wherever it stands in the body', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    for (const body of responsesPlaces(IBAN)) {
      const refused = await post(gateway, { model: 'auto', ...body })
      assert.equal(refused.status, 403, JSON.stringify(body))
      assert.equal(refused.headers.get('x-ecluse-class'), 'confidential', JSON.stringify(body))
      assert.equal((await errorOf(refused)).code, 'no-eligible-destination')
    }
    const unreadable: object[] = [
      { type: 'input_file', filename: 'a.txt', file_data: 'data:text/plain;base64,SGVsbG8=' },
      { type: 'input_image', image_url: 'data:image/png;base64,iVBORw0KGgo=' },
    ]
    for (const part of unreadable) {
      const refused = await post(gateway, {
        model: 'auto',
        input: [{ role: 'user', content: [{ type: 'input_text', text: 'what is this' }, part] }],
      })
      assert.equal(refused.status, 403)
      assert.equal(refused.headers.get('x-ecluse-class'), 'restricted;undetermined')
      await refused.body?.cancel()
    }
    const hidden = await post(gateway, {
      model: 'auto',
      input: [
        { type: 'reasoning', summary: [], encrypted_content: 'gAAAAA' },
        { role: 'user', content: 'hello' },
      ],
    })
    assert.equal(hidden.headers.get('x-ecluse-class'), 'restricted;undetermined')
    await hidden.body?.cancel()
    assert.deepEqual(upstream.seen, [])
  })

  test('what is not kept here is told by its name, in the shape of the surface', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const client = clientOf(gateway)
    const named = async (name: string, asked: Promise<unknown>): Promise<void> => {
      await assert.rejects(asked, (error) => {
        assert.ok(error instanceof OpenAI.NotFoundError, name)
        assert.deepEqual([error.code, error.param], ['not-found', name])
        return true
      })
    }
    await named('responses', client.responses.retrieve('resp_1'))
    await named('responses', client.responses.delete('resp_1'))
    await named('responses', client.responses.cancel('resp_1'))
    await named('conversations', client.conversations.create({}))
    await named(
      'files',
      client.files.list().then((page) => page.data),
    )
    const file = await OpenAI.toFile(Buffer.from('x'), 'a.txt')
    await named('files', client.files.create({ file, purpose: 'batch' }))
    await named(
      'batches',
      client.batches.create({
        completion_window: '24h',
        endpoint: '/v1/responses',
        input_file_id: 'f',
      }),
    )
    const built = await post(gateway, { model: 'm', input: 'x', tools: [{ type: 'web_search' }] })
    const error = await errorOf(built)
    assert.deepEqual(
      [built.status, error.code, error.param],
      [400, 'unsupported-parameter', 'tools.0.web_search'],
    )
    assert.deepEqual(upstream.seen, [])
  })

  test('hints that no destination of this dialect takes are reported', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const answer = await post(gateway, {
      model: 'm',
      input: 'x',
      truncation: 'auto',
      text: { verbosity: 'low' },
    })
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('x-ecluse-dropped'), 'truncation, text.verbosity')
    await answer.body?.cancel()
  })
})
