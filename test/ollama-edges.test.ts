import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Ollama } from 'ollama'
import { cloudConfig, testGateway } from './support/gateway.ts'
import {
  clientOf,
  drained,
  hello,
  LAST,
  lockConfig,
  message,
  post,
  said,
  STREAM,
} from './support/ollama.ts'
import { frame, json, startUpstream, type Act } from './support/upstream.ts'

const IBAN = 'FR76 3000 6000 0112 3456 7890 189'

describe('the Ollama surfaces, at the edges', () => {
  test('a stream that breaks ends in an error line and never in one that is done', async (t) => {
    const breaks: readonly (readonly [string, Act])[] = [
      [
        'an error line',
        (response) =>
          response
            .writeHead(200, STREAM)
            .end(`${message({ content: 'a' })}{"error":"secret"}\n${LAST}`),
      ],
      [
        'a cut',
        (response) => {
          response
            .writeHead(200, STREAM)
            .write(message({ content: 'a' }), () => response.socket?.end())
        },
      ],
      [
        'an early end',
        (response) => response.writeHead(200, STREAM).end(message({ content: 'a' })),
      ],
      [
        'half a line',
        (response) =>
          response.writeHead(200, STREAM).end(message({ content: 'a' }) + LAST.slice(0, 30)),
      ],
      [
        'a line without an end',
        (response) => {
          response.writeHead(200, STREAM).write(message({ content: 'a' }))
          response.end('x'.repeat(17 * 1024 * 1024))
        },
      ],
    ]
    const upstream = await startUpstream(t)
    for (const [name, act] of breaks) {
      // a gateway of its own: one that saw too many breaks stops asking for a while
      const native = await testGateway(t, lockConfig(upstream))
      upstream.act = act
      for (const path of ['/api/chat', '/v1/chat/completions']) {
        const answer = await post(native, path, { model: 'm', messages: hello, stream: true })
        const text = await answer.text()
        assert.equal(answer.status, 200, name)
        assert.match(text, /"error"/, name)
        assert.doesNotMatch(text, /"done":true|\[DONE\]|finish_reason":"|secret/, name)
      }
      const { pieces, error } = await drained(
        await clientOf(native).chat({ model: 'm', messages: hello, stream: true }),
      )
      assert.deepEqual([said(pieces), pieces.some(({ done }) => done)], ['a', false], name)
      assert.match(error, /broke off|could not be reached/, name)
    }
    const cloud = await testGateway(t, cloudConfig(upstream.url))
    upstream.act = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(frame({ content: 'a' }), () => response.socket?.end())
    }
    const translated = await drained(
      await clientOf(cloud).generate({ model: 'm', prompt: 'hello', stream: true }),
    )
    assert.deepEqual(
      translated.pieces.map(({ response, done }) => [response, done]),
      [['a', false]],
    )
    assert.match(translated.error, /broke off|could not be reached/)
  })

  test('an error before the first line is an error, whatever the status it came under', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, lockConfig(upstream))
    const cases: readonly (readonly [Act, number, RegExp])[] = [
      [(response) => response.writeHead(200, STREAM).end('{"error":"secret"}\n'), 502, /broke off/],
      [
        (response) => json(response, 400, { error: '"m" does not support tools' }),
        400,
        /support tools/,
      ],
      [(response) => json(response, 401, { error: 'unauthorized' }), 502, /credentials/],
      [(response) => json(response, 500, { error: 'secret' }), 502, /failed/],
      [
        (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
        502,
        /protocol/,
      ],
    ]
    for (const [act, status, words] of cases) {
      upstream.act = act
      const answer = await post(gateway, '/api/chat', { model: 'm', messages: hello })
      const body = (await answer.json()) as { error: string }
      assert.equal(answer.status, status, body.error)
      assert.deepEqual(Object.keys(body), ['error'])
      assert.match(body.error, words)
      assert.doesNotMatch(body.error, /secret/)
    }
  })

  test('errors of every path of the protocol are of one sentence, and the admin API keeps its own', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const client = clientOf(gateway)
    await assert.rejects(client.chat({ model: 'nope', messages: hello }), { status_code: 404 })
    await assert.rejects(client.show({ model: 'nope' }), { status_code: 404 })
    await assert.rejects(client.pull({ model: 'm' }), { status_code: 404 })
    await assert.rejects(client.delete({ model: 'm' }), { status_code: 404 })
    const stranger = new Ollama({ host: gateway.url })
    await assert.rejects(stranger.list(), { status_code: 401 })
    await assert.rejects(stranger.show({ model: 'm' }), { status_code: 401 })
    await assert.rejects(stranger.generate({ model: 'm', prompt: 'x' }), { status_code: 401 })
    const broken = await fetch(`${gateway.url}/api/chat`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
      body: '{"model":',
    })
    assert.equal(broken.status, 400)
    assert.equal(broken.headers.get('x-ecluse-error'), 'malformed-json')
    assert.deepEqual(Object.keys((await broken.json()) as object), ['error'])
    const admin = await fetch(`${gateway.url}/api/destinations`)
    assert.equal(admin.status, 401)
    assert.equal(typeof ((await admin.json()) as { error: unknown }).error, 'object')
  })

  test('the same text gets the verdict of the chat surface wherever it stands in the body', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const texts = [
      IBAN,
      `CONFIDENTIEL\nLe plan de fusion.`,
      `Le patient a le numéro de sécurité sociale ${['1 85 05 78 006 084', '91'].join(' ')}.`,
      'Write to marie.durand@exemple.fr, paul@exemple.fr and luc.petit@exemple.fr.',
      'What is the difference between TCP and UDP?',
    ]
    const tool = (text: string): object => ({
      type: 'function',
      function: { name: 'f', description: text, parameters: { type: 'object' } },
    })
    const called = (text: string): object => ({
      role: 'assistant',
      content: '',
      tool_calls: [{ function: { name: 'pay', arguments: { to: text } } }],
    })
    const chats: readonly ((text: string) => object)[] = [
      (text) => ({ messages: [{ role: 'user', content: text }] }),
      (text) => ({ messages: [{ role: 'system', content: text }, ...hello] }),
      (text) => ({ messages: [{ role: 'assistant', content: '', thinking: text }, ...hello] }),
      (text) => ({ messages: [...hello, { role: 'tool', content: text, tool_name: 'f' }] }),
      (text) => ({ messages: [called(text), ...hello] }),
      (text) => ({ messages: hello, tools: [tool(text)] }),
      (text) => ({ messages: hello, format: { type: 'object', description: text } }),
      (text) => ({ messages: hello, options: { stop: [text] } }),
      (text) => ({ messages: hello, keep_alive: text }),
      (text) => ({ messages: hello, unheard_of: { [text]: true } }),
    ]
    const prompts = ['prompt', 'system', 'suffix', 'template'].map(
      (name) =>
        (text: string): object => ({ prompt: 'hello', [name]: text }),
    )
    for (const text of texts) {
      const classOf = async (path: string, body: object): Promise<string> => {
        const answer = await post(gateway, path, { model: 'auto', stream: false, ...body })
        await answer.body?.cancel()
        return answer.headers.get('x-ecluse-class') ?? `${path} ${answer.status}`
      }
      const expected = await classOf('/v1/chat/completions', {
        messages: [{ role: 'user', content: text }],
      })
      for (const body of chats)
        assert.equal(await classOf('/api/chat', body(text)), expected, JSON.stringify(body(text)))
      for (const body of prompts)
        assert.equal(
          await classOf('/api/generate', body(text)),
          expected,
          JSON.stringify(body('…')),
        )
    }
    assert.ok(upstream.seen.every(({ body }) => !body.includes('FR76')))
    const image = await post(gateway, '/api/chat', {
      model: 'auto',
      messages: [{ role: 'user', content: 'what is this', images: ['iVBORw0KGgo='] }],
    })
    assert.equal(image.headers.get('x-ecluse-class'), 'restricted;undetermined')
    assert.equal(image.status, 403)
  })
})
