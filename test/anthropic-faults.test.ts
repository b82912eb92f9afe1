import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import Anthropic from '@anthropic-ai/sdk'
import {
  answerNative,
  ending,
  hello,
  house,
  IBAN,
  LOOK,
  post,
  STREAM,
  stream,
} from './support/anthropic.ts'
import { chat } from './support/gateway.ts'
import { frame, json, type Act } from './support/upstream.ts'

describe('what goes wrong, in the words of the Anthropic dialect', () => {
  test('a stream cut at any frame ends in an error event, never in message_stop', async (t) => {
    const { gateway, upstream, client } = await house(t, 'anthropic')
    const frames = (STREAM + ending('tool_use')).split(/(?<=\n\n)/)
    for (let kept = 1; kept < frames.length; kept += 1) {
      const half = frames.slice(0, kept).join('')
      // a destination that only ever breaks is left alone after a while
      upstream.act = answerNative
      await (await post(gateway, '/v1/messages', hello)).body?.cancel()
      upstream.act = stream(half)
      const text = await (await post(gateway, '/v1/messages', { ...hello, stream: true })).text()
      assert.ok(text.startsWith(half), String(kept))
      assert.match(text.slice(half.length), /^event: error\ndata: \{"type":"error"/)
      assert.doesNotMatch(text, /message_stop/)
    }
    upstream.act = stream(STREAM)
    await assert.rejects(
      client.messages.stream(hello).finalMessage(),
      (error: unknown) => error instanceof Anthropic.APIError && error.type === 'api_error',
    )
  })

  test('a destination of another dialect that breaks gives the same error event', async (t) => {
    const { gateway, upstream } = await house(t, 'openai')
    const breaks: Act[] = [
      stream(frame({ content: 'Half' })),
      stream(`${frame({ content: 'Half' })}data: {"error":{"message":"x"}}\n\ndata: [DONE]\n\n`),
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(frame({ content: 'Half' }))
        setImmediate(() => response.destroy())
      },
    ]
    for (const act of breaks) {
      upstream.act = act
      const text = await (await post(gateway, '/v1/messages', { ...hello, stream: true })).text()
      assert.match(text, /Half/)
      assert.match(text, /event: error\ndata: \{"type":"error","error":\{"type":"api_error"/)
      assert.doesNotMatch(text, /message_stop|message_delta/)
    }
  })

  test('refusals have the type, the status and the request id that clients look for', async (t) => {
    const { gateway, upstream } = await house(t, 'anthropic', answerNative)
    const outcome = async (answer: Response): Promise<unknown[]> => {
      const body = (await answer.json()) as Record<string, unknown>
      assert.equal(body['type'], 'error')
      assert.equal(body['request_id'], answer.headers.get('x-request-id'))
      const error = body['error'] as { type: string; details: { error_code: string } }
      return [answer.status, error.type, error.details.error_code]
    }
    const bad = async (body: unknown): Promise<unknown[]> =>
      outcome(await post(gateway, '/v1/messages', body))
    const { max_tokens: _, ...unlimited } = hello
    assert.deepEqual(await bad(unlimited), [400, 'invalid_request_error', 'missing-field'])
    assert.deepEqual(await bad('{'), [400, 'invalid_request_error', 'malformed-json'])
    assert.deepEqual(await bad({ ...hello, max_tokens: 0.5 }), [
      400,
      'invalid_request_error',
      'invalid-value',
    ])
    assert.deepEqual(await bad({ ...hello, messages: [{ role: 'tool', content: 'x' }] }), [
      400,
      'invalid_request_error',
      'invalid-value',
    ])
    assert.deepEqual(
      await bad({
        ...hello,
        messages: [
          {
            role: 'user',
            content: [{ type: 'tool_use', id: 'a', name: 'b', input: '{}' }],
          },
        ],
      }),
      [400, 'invalid_request_error', 'invalid-value'],
    )
    assert.deepEqual(await bad({ ...hello, model: 'nope' }), [
      404,
      'not_found_error',
      'unknown-model',
    ])
    assert.deepEqual(await bad({ ...hello, system: IBAN }), [
      403,
      'permission_error',
      'no-eligible-destination',
    ])
    assert.deepEqual(
      await outcome(await post({ ...gateway, key: 'nope' }, '/v1/messages', hello)),
      [401, 'authentication_error', 'invalid-key'],
    )
    assert.deepEqual(
      await outcome(
        await post(gateway, '/v1/messages', hello, { 'anthropic-version': '2020-01-01' }),
      ),
      [400, 'invalid_request_error', 'invalid-value'],
    )
    assert.deepEqual(await outcome(await post(gateway, '/v1/messages/batches', hello)), [
      404,
      'not_found_error',
      'not-found',
    ])
    const upstreamSays = async (act: Act): Promise<unknown[]> => {
      upstream.act = act
      return outcome(await post(gateway, '/v1/messages', hello))
    }
    const said = (type: string, message: string): object => ({
      type: 'error',
      error: { type, message },
    })
    assert.deepEqual(
      await upstreamSays((r) => json(r, 401, said('authentication_error', 'bad key'))),
      [502, 'api_error', 'destination-credentials'],
    )
    assert.deepEqual(await upstreamSays((r) => json(r, 200, { type: 'later' })), [
      502,
      'api_error',
      'destination-malformed',
    ])
    upstream.act = (r) => json(r, 400, said('invalid_request_error', 'prompt is odd'))
    const refused = await post(gateway, '/v1/messages', hello)
    assert.equal(refused.status, 400)
    assert.match(await refused.text(), /prompt is odd/)
  })

  test('the key may come as x-api-key or as a bearer token, the version may be missing', async (t) => {
    const { gateway } = await house(t, 'anthropic', answerNative)
    for (const headers of [
      { 'x-api-key': gateway.key },
      { authorization: `Bearer ${gateway.key}` },
    ]) {
      const answer = await fetch(`${gateway.url}/v1/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(hello),
      })
      assert.equal(answer.status, 200)
      await answer.body?.cancel()
    }
  })
})

test('the same text gets the same verdict as on the chat surface, wherever it stands', async (t) => {
  const { gateway, upstream } = await house(t, 'openai')
  const nir = ['1 85 05 78 006 084', '91'].join(' ')
  const places = (text: string): object[] => [
    { ...hello, system: text },
    { ...hello, system: [{ type: 'text', text }] },
    { ...hello, messages: [{ role: 'user', content: text }] },
    {
      ...hello,
      messages: [
        ...hello.messages,
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 'a', name: 'f', input: { x: text } }],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: text }] },
      ],
    },
    {
      ...hello,
      messages: [
        ...hello.messages,
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: text, signature: 'c2ln' },
            { type: 'text', text: 'Yes?' },
          ],
        },
        ...hello.messages,
      ],
    },
    {
      ...hello,
      tools: [
        { ...LOOK, input_schema: { type: 'object', properties: { a: { description: text } } } },
      ],
    },
    {
      ...hello,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'document', source: { type: 'text', media_type: 'text/plain', data: text } },
          ],
        },
      ],
    },
    { ...hello, stop_sequences: [text] },
    { ...hello, metadata: { user_id: text } },
    { ...hello, [text]: 1 },
    {
      ...hello,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: text.slice(0, 15) },
            { type: 'text', text: text.slice(15) },
          ],
        },
      ],
    },
  ]
  for (const text of [nir, `Mon IBAN est ${IBAN}.`]) {
    const told = await chat(gateway, {
      body: { model: 'auto', messages: [{ role: 'user', content: text }] },
    })
    assert.equal(told.status, 403)
    await told.body?.cancel()
    for (const body of places(text)) {
      const answer = await post(gateway, '/v1/messages', body)
      assert.equal(answer.status, 403, JSON.stringify(body))
      assert.equal(
        answer.headers.get('x-ecluse-class'),
        told.headers.get('x-ecluse-class'),
        JSON.stringify(body),
      )
      await answer.body?.cancel()
    }
  }
  assert.deepEqual(upstream.seen, [])
  for (const body of places('What is the difference between TCP and UDP?')) {
    const answer = await post(gateway, '/v1/messages', body)
    assert.equal(answer.status, 200, JSON.stringify(body))
    await answer.body?.cancel()
  }
  const image = {
    type: 'image',
    source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' },
  }
  const unread = await post(gateway, '/v1/messages', {
    ...hello,
    messages: [{ role: 'user', content: [image] }],
  })
  assert.equal(unread.headers.get('x-ecluse-class'), 'restricted;undetermined')
  await unread.body?.cancel()
})
