import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import OpenAI from 'openai'
import { ask, chat, cloudConfig, errorOf, testGateway } from './support/gateway.ts'
import { startUpstream } from './support/upstream.ts'

describe('the chat surface', () => {
  test('what the policy keeps home never reaches the cloud, by its own record, and what it lets out does', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const nir = ['1 85 05 78 006 084', '91'].join(' ')
    const secret = ['AKIA', 'Q7XWZ2K4N5P3R6TU'].join('')
    const kept = [
      `Le patient a le numéro de sécurité sociale ${nir}.`,
      `CONFIDENTIEL\nLe plan de fusion.`,
      'Mon IBAN est FR76 3000 6000 0112 3456 7890 189.',
      ['-----BEGIN RSA', 'PRIVATE KEY-----'].join(' ') +
        `\n${Buffer.from('a private key in a test, long enough to be one').toString('base64').repeat(4)}`,
      `token = "${secret}"`,
    ]
    for (const content of kept) {
      const refused = await chat(gateway, { body: ask(content) })
      assert.equal(refused.status, 403, content.slice(0, 20))
      assert.equal((await errorOf(refused)).code, 'no-eligible-destination')
      assert.equal(refused.headers.get('x-should-retry'), 'false')
      assert.equal(refused.headers.get('x-ecluse-destination'), 'none')
    }
    const harmless = await chat(gateway, {
      body: ask('What is the difference between TCP and UDP?'),
    })
    assert.equal(harmless.status, 200)
    assert.equal(harmless.headers.get('x-ecluse-destination'), 'cloud')
    assert.equal(harmless.headers.get('x-ecluse-class'), 'public')
    assert.match(harmless.headers.get('x-ecluse-decision') ?? '', /^[0-9a-f-]{36};[0-9a-f]{64}$/)
    assert.equal(upstream.seen.length, 1)
    assert.match(upstream.seen[0]?.body ?? '', /TCP/)
  })

  test('the same text is refused wherever it stands in the body, and through a concrete name', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const iban = 'FR76 3000 6000 0112 3456 7890 189'
    const plain = { role: 'user', content: 'hello' }
    const bodies: object[] = [
      { model: 'm', messages: [{ role: 'user', content: iban }] },
      { model: 'cloud/m', messages: [{ role: 'user', content: iban }] },
      { model: 'auto', messages: [{ role: 'system', content: `Account: ${iban}` }, plain] },
      { model: 'auto', messages: [{ role: 'user', content: [{ type: 'text', text: iban }] }] },
      {
        model: 'auto',
        messages: [
          {
            role: 'assistant',
            content: null,
            tool_calls: [
              {
                id: 'c',
                type: 'function',
                function: { name: 'pay', arguments: JSON.stringify({ iban }) },
              },
            ],
          },
          plain,
        ],
      },
      { model: 'auto', messages: [plain, { role: 'tool', tool_call_id: 'c', content: iban }] },
      {
        model: 'auto',
        messages: [plain],
        tools: [{ type: 'function', function: { name: 'f', description: `pays to ${iban}` } }],
      },
      { model: 'auto', messages: [plain], metadata: { account: iban } },
      {
        model: 'auto',
        messages: [plain],
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'x', schema: { description: iban } },
        },
      },
      { model: 'auto', messages: [plain], stop: [iban] },
      { model: 'auto', messages: [plain], user: iban },
      { model: 'auto', messages: [{ ...plain, [iban]: 1 }] },
      {
        model: 'auto',
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'FR76 3000 6000 01' },
              { type: 'text', text: '12 3456 7890 189' },
            ],
          },
        ],
      },
    ]
    for (const body of bodies) {
      const refused = await chat(gateway, { body })
      assert.equal(refused.status, 403, JSON.stringify(body))
      await refused.body?.cancel()
    }
    assert.deepEqual(upstream.seen, [])
  })

  test('an image cannot be read, so it is undetermined and stays home', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const content = [
      { type: 'text', text: 'what is this' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
    ]
    const refused = await chat(gateway, {
      body: { model: 'auto', messages: [{ role: 'user', content }] },
    })
    assert.equal(refused.status, 403)
    assert.equal(refused.headers.get('x-ecluse-class'), 'restricted;undetermined')
    assert.deepEqual(upstream.seen, [])
  })

  test('the caller may raise the class and exclude zones; a header it does not know is refused', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const statusWith = async (headers: Record<string, string>): Promise<number> => {
      const answer = await chat(gateway, { body: ask('hello'), headers })
      await answer.body?.cancel()
      return answer.status
    }
    assert.equal(await statusWith({ 'x-ecluse-class': 'restricted' }), 403)
    assert.equal(await statusWith({ 'x-ecluse-zones': 'device,on-prem' }), 403)
    assert.equal(await statusWith({ 'x-ecluse-zones': 'managed' }), 200)
    assert.equal(await statusWith({ 'x-ecluse-class': 'top-secret' }), 400)
    assert.equal(await statusWith({ 'x-ecluse-max-latency-ms': 'soon' }), 400)
    // nothing was measured yet that would be too slow for an hour
    assert.equal(await statusWith({ 'x-ecluse-max-latency-ms': '600000' }), 200)
  })

  test("the caller's key and headers never reach a destination, whose own key does", async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    await chat(gateway, { body: ask('hello'), headers: { 'x-custom': 'mine', cookie: 'a=b' } })
    const headers = upstream.seen[0]?.headers ?? {}
    assert.equal(headers.authorization, 'Bearer test-cloud-key')
    assert.equal(headers['x-custom'], undefined)
    assert.equal(headers.cookie, undefined)
    assert.ok(!JSON.stringify(upstream.seen).includes(gateway.key))
  })

  test('unknown fields survive, and the destination gets its own name of the model', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    await chat(gateway, {
      raw: '{"model":"m","model":"auto","messages":[{"role":"user","content":"hi"}],"repetition_penalty":1.1,"nested":{"a":[1,null,true]}}',
    })
    const sent: unknown = JSON.parse(upstream.seen[0]?.body ?? '')
    assert.deepEqual(sent, {
      model: 'cloud-1',
      messages: [{ role: 'user', content: 'hi' }],
      repetition_penalty: 1.1,
      nested: { a: [1, null, true] },
    })
    assert.equal(upstream.seen[0]?.body.match(/"model"/g)?.length, 1)
  })

  test('the official client reads answers, streams and refusals', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })
    const messages = [{ role: 'user' as const, content: 'hello' }]
    const plain = await client.chat.completions.create({ model: 'auto', messages })
    assert.equal(plain.choices[0]?.message.content, 'From the cloud.')
    let text = ''
    for await (const piece of await client.chat.completions.create({
      model: 'auto',
      messages,
      stream: true,
    })) {
      assert.equal(piece.choices.length, 1)
      assert.equal('usage' in piece, false)
      text += piece.choices[0]?.delta.content ?? ''
    }
    assert.equal(text, 'From the cloud.')
    const last = await Array.fromAsync(
      await client.chat.completions.create({
        model: 'auto',
        messages,
        stream: true,
        stream_options: { include_usage: true },
      }),
    )
    assert.equal(last.at(-1)?.usage?.total_tokens, 11)
    assert.deepEqual(await Array.fromAsync(await client.models.list(), ({ id }) => id), [
      'auto',
      'm',
    ])
    assert.equal((await client.models.retrieve('m')).owned_by, 'cloud')
    await assert.rejects(client.models.retrieve('nope'), OpenAI.NotFoundError)
    await assert.rejects(
      client.chat.completions.create({ model: 'nope', messages }),
      OpenAI.NotFoundError,
    )
    const wrongKey = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'sk-wrong', maxRetries: 0 })
    await assert.rejects(
      wrongKey.chat.completions.create({ model: 'auto', messages }),
      OpenAI.AuthenticationError,
    )
  })

  test('bad input gets its own code, in the shape of the surface', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(
      t,
      `${cloudConfig(upstream.url)}limits: {body_bytes: 20000000}`,
    )
    const big = JSON.stringify(ask('a'.repeat(21_000_000)))
    const cases: readonly [string | Uint8Array, number, string][] = [
      ['{"model":', 400, 'malformed-json'],
      ['[]', 400, 'malformed-json'],
      ['', 400, 'malformed-json'],
      [Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), 400, 'invalid-utf8'],
      ['{"messages":[{"role":"user","content":"x"}]}', 400, 'missing-field'],
      ['{"model":"auto"}', 400, 'missing-field'],
      ['{"model":"auto","messages":"x"}', 400, 'invalid-value'],
      ['{"model":"auto","messages":[]}', 400, 'invalid-value'],
      ['{"model":"auto","messages":[{"role":"robot","content":"x"}]}', 400, 'invalid-value'],
      ['{"model":"auto","messages":[{"role":"user","content":7}]}', 400, 'invalid-value'],
      [
        '{"model":"auto","stream":"yes","messages":[{"role":"user","content":"x"}]}',
        400,
        'invalid-value',
      ],
      [
        '{"model":"auto","n":1e400,"messages":[{"role":"user","content":"x"}]}',
        400,
        'unsafe-number',
      ],
      [
        `{"model":"auto","messages":[{"role":"user","content":"x"}],"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
        400,
        'too-deep',
      ],
      ['{"model":"nope","messages":[{"role":"user","content":"x"}]}', 404, 'model_not_found'],
      [big, 413, 'body-too-large'],
    ]
    for (const [raw, status, code] of cases) {
      const answer = await chat(gateway, { raw })
      const error = await errorOf(answer)
      assert.deepEqual([answer.status, error.code], [status, code], String(raw).slice(0, 60))
      assert.deepEqual(Object.keys(error), ['message', 'type', 'param', 'code'])
      assert.ok(answer.headers.get('x-request-id'))
    }
    const text = await chat(gateway, { raw: 'hello', headers: { 'content-type': 'text/plain' } })
    assert.deepEqual([text.status, (await errorOf(text)).code], [415, 'unsupported-media-type'])
    const french = await chat(gateway, {
      raw: '{',
      headers: { 'accept-language': 'fr-FR,fr;q=0.9' },
    })
    assert.match((await errorOf(french)).message, /JSON valide/)
    assert.deepEqual(upstream.seen, [])
  })

  test('ten megabytes of harmless text pass', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const text = 'The lock keeper opens the gate slowly. '.repeat(270_000)
    const answer = await chat(gateway, { body: ask(text) })
    await answer.body?.cancel()
    // either it was read whole, or it was too much to read and stayed home: never in between
    assert.ok(
      answer.status === 200
        ? upstream.seen[0]?.body.includes(text)
        : answer.headers.get('x-ecluse-class') === 'restricted;undetermined',
    )
  })

  test('without a key, with a wrong one, or from another web page there is no way in', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const codeFor = async (headers: Record<string, string>): Promise<string> => {
      const answer = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(ask('hello')),
      })
      assert.ok(answer.status === 401 || answer.status === 403)
      await answer.body?.cancel()
      return answer.headers.get('x-ecluse-error') ?? ''
    }
    assert.equal(await codeFor({}), 'missing-key')
    assert.equal(await codeFor({ authorization: 'Bearer nope' }), 'invalid-key')
    assert.equal(
      await codeFor({ authorization: `Bearer ${gateway.key}`, origin: 'https://evil.test' }),
      'origin-not-allowed',
    )
    const rebound = await rawRequest(
      gateway.url,
      `POST /v1/chat/completions HTTP/1.1\r\nHost: evil.test\r\nauthorization: Bearer ${gateway.key}\r\ncontent-length: 2\r\n\r\n{}`,
    )
    assert.match(rebound, /^HTTP\/1\.1 403 /)
    assert.match(rebound, /host-not-allowed/)
    assert.deepEqual(upstream.seen, [])
  })

  test('bytes that are no HTTP are answered as such, and the gateway goes on', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    assert.match(await rawRequest(gateway.url, 'hello\r\n\r\n'), /^HTTP\/1\.1 400 /)
    const smuggled =
      'POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}'
    assert.match(await rawRequest(gateway.url, smuggled), /^HTTP\/1\.1 400 /)
    assert.equal((await chat(gateway, { body: ask('hello') })).status, 200)
  })
})

/** Writes bytes as they are and returns all that comes back. */
function rawRequest(url: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text))
    let received = ''
    socket.setEncoding('utf8')
    socket.on('data', (piece: string) => {
      received += piece
      if (received.includes('\r\n\r\n')) socket.end()
    })
    socket.on('close', () => resolve(received))
    socket.on('error', () => resolve(received))
  })
}
