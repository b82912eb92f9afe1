import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { chat, cloudConfig, testGateway, type TestGateway } from './support/gateway.ts'
import { ANSWER, frame, json, startUpstream, type Act, type Upstream } from './support/upstream.ts'

const IBAN = 'FR76 3000 6000 0112 3456 7890 189'

/** A gateway in front of one managed destination that speaks Anthropic. */
const claudeConfig = (url: string): string =>
  cloudConfig(url).replace('id: cloud, dialect: openai', 'id: claude, dialect: anthropic')

interface House {
  readonly gateway: TestGateway
  readonly upstream: Upstream
  readonly client: Anthropic
}

async function house(t: TestContext, speaks: 'openai' | 'anthropic', act?: Act): Promise<House> {
  const upstream = await startUpstream(t, act)
  const config = speaks === 'openai' ? cloudConfig(upstream.url) : claudeConfig(upstream.url)
  const gateway = await testGateway(t, config)
  const client = new Anthropic({ baseURL: gateway.url, apiKey: gateway.key, maxRetries: 0 })
  return { gateway, upstream, client }
}

const MESSAGE = {
  id: 'msg_up',
  type: 'message',
  role: 'assistant',
  model: 'claude-up',
  content: [{ type: 'text', text: 'From the cloud.' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: {
    input_tokens: 4,
    cache_creation_input_tokens: 1,
    cache_read_input_tokens: 2,
    output_tokens: 4,
  },
  later_field: { kept: [1, null] },
}

const event = (data: { type: string } & Record<string, unknown>): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`
const block = (index: number, content: object, ...deltas: object[]): string =>
  event({ type: 'content_block_start', index, content_block: content }) +
  deltas.map((delta) => event({ type: 'content_block_delta', index, delta })).join('') +
  event({ type: 'content_block_stop', index })
const ending = (reason: string): string =>
  event({
    type: 'message_delta',
    delta: { stop_reason: reason, stop_sequence: null },
    usage: { output_tokens: 4 },
  }) + event({ type: 'message_stop' })
const STREAM =
  event({ type: 'message_start', message: { ...MESSAGE, content: [], stop_reason: null } }) +
  event({ type: 'ping' }) +
  block(
    0,
    { type: 'thinking', thinking: '', signature: '' },
    { type: 'thinking_delta', thinking: 'Let me see.' },
    { type: 'signature_delta', signature: 'c2lnbmVk' },
  ) +
  block(1, { type: 'text', text: '' }, { type: 'text_delta', text: 'Two looks.' }) +
  block(
    2,
    { type: 'tool_use', id: 'toolu_a', name: 'look', input: {} },
    { type: 'input_json_delta', partial_json: '' },
    { type: 'input_json_delta', partial_json: '{"at":"l' },
    { type: 'input_json_delta', partial_json: 'eft"}' },
  ) +
  block(
    3,
    { type: 'tool_use', id: 'toolu_b', name: 'look', input: {} },
    { type: 'input_json_delta', partial_json: '{"at":"right"}' },
  )

const stream =
  (text: string): Act =>
  (response) =>
    void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(text)

const answerNative: Act = (response, { body }) =>
  body.includes('"stream":true')
    ? stream(STREAM + ending('tool_use'))(response, { path: '', headers: {}, body })
    : json(response, 200, MESSAGE)

const hello = {
  model: 'auto',
  max_tokens: 50,
  messages: [{ role: 'user' as const, content: 'hello' }],
}
const LOOK = {
  name: 'look',
  description: 'Looks somewhere.',
  input_schema: { type: 'object' as const, properties: { at: { type: 'string' } } },
}

/** One raw request to a path of the surface. */
const post = (
  { url, key }: Pick<TestGateway, 'url' | 'key'>,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

describe('the Anthropic surface before a destination that speaks OpenAI', () => {
  test('the official client reads an answer, with its usage and under its own shapes', async (t) => {
    const { client, upstream } = await house(t, 'openai', (response) =>
      json(response, 200, {
        ...ANSWER,
        usage: { ...ANSWER.usage, prompt_tokens_details: { cached_tokens: 3 } },
      }),
    )
    const { data: message, response } = await client.messages
      .create({ ...hello, system: 'Be brief.', stop_sequences: ['END'], service_tier: 'auto' })
      .withResponse()
    assert.match(message.id, /^msg_/)
    assert.deepEqual(message.content, [{ type: 'text', text: 'From the cloud.' }])
    assert.equal(message.stop_reason, 'end_turn')
    assert.equal(message.usage.input_tokens, 4)
    assert.equal(message.usage.cache_read_input_tokens, 3)
    assert.equal(message.usage.output_tokens, 4)
    assert.equal(response.headers.get('x-ecluse-dropped'), 'service_tier')
    assert.equal(upstream.seen[0]?.path, '/v1/chat/completions')
    assert.deepEqual(JSON.parse(upstream.seen[0]?.body ?? ''), {
      model: 'cloud-1',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'hello' },
      ],
      max_tokens: 50,
      stop: ['END'],
    })
  })

  test('parallel tool calls stream as blocks of their own, and their results go back', async (t) => {
    const call = (index: number, id: string | null, args: string): object => ({
      tool_calls: [
        {
          index,
          ...(id === null ? {} : { id, type: 'function' }),
          function: id === null ? { arguments: args } : { name: 'look', arguments: args },
        },
      ],
    })
    const { client, upstream } = await house(
      t,
      'openai',
      stream(
        frame({ role: 'assistant', content: null, reasoning_content: 'Hm.' }) +
          frame({ content: 'Two looks.' }) +
          'data: {"id":"","choices":[]}\n\n' +
          frame(call(0, 'call_a', '')) +
          frame(call(0, null, '{"at":')) +
          frame(call(1, 'call_b', '{"at":"right"}')) +
          frame(call(0, null, '"left"}')) +
          frame({}, 'tool_calls') +
          `data: ${JSON.stringify({ id: 'x', choices: [], usage: ANSWER.usage })}\n\n` +
          'data: [DONE]\n\n',
      ),
    )
    const asked = client.messages.stream({ ...hello, tools: [LOOK] })
    const message = await asked.finalMessage()
    assert.deepEqual(
      message.content.map((part) => (part.type === 'tool_use' ? [part.id, part.input] : part.type)),
      ['thinking', 'text', ['call_a', { at: 'left' }], ['call_b', { at: 'right' }]],
    )
    assert.equal(message.stop_reason, 'tool_use')
    assert.deepEqual([message.usage.input_tokens, message.usage.output_tokens], [7, 4])

    upstream.act = (response) => json(response, 200, ANSWER)
    await client.messages.create({
      ...hello,
      tools: [LOOK],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
      messages: [
        ...hello.messages,
        { role: 'assistant', content: message.content },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'call_a', content: 'a cat' },
            {
              type: 'tool_result',
              tool_use_id: 'call_b',
              content: [{ type: 'text', text: 'a dog' }],
            },
            { type: 'text', text: 'Which is nearer?' },
          ],
        },
      ],
    })
    const sent = JSON.parse(upstream.seen[1]?.body ?? '') as Record<string, unknown>
    assert.deepEqual(sent['messages'], [
      { role: 'user', content: 'hello' },
      {
        role: 'assistant',
        content: 'Two looks.',
        tool_calls: [
          {
            id: 'call_a',
            type: 'function',
            function: { name: 'look', arguments: '{"at":"left"}' },
          },
          {
            id: 'call_b',
            type: 'function',
            function: { name: 'look', arguments: '{"at":"right"}' },
          },
        ],
      },
      { role: 'tool', tool_call_id: 'call_a', content: 'a cat' },
      { role: 'tool', tool_call_id: 'call_b', content: 'a dog' },
      { role: 'user', content: 'Which is nearer?' },
    ])
    assert.equal(sent['tool_choice'], 'required')
    assert.equal(sent['parallel_tool_calls'], false)
  })

  test('what only the vendor can do is refused by name, counting too', async (t) => {
    const { client, upstream } = await house(t, 'openai')
    await assert.rejects(
      client.messages.create({
        ...hello,
        tools: [{ type: 'web_search_20250305', name: 'web_search' }],
      }),
      (error: unknown) =>
        error instanceof Anthropic.BadRequestError &&
        error.type === 'invalid_request_error' &&
        error.errorCode === 'unsupported-parameter' &&
        error.message.includes('tools.0.type'),
    )
    await assert.rejects(
      client.messages.countTokens({ model: 'auto', messages: hello.messages }),
      (error: unknown) =>
        error instanceof Anthropic.BadRequestError &&
        error.errorCode === 'unsupported-parameter' &&
        error.message.includes('count_tokens'),
    )
    assert.deepEqual(upstream.seen, [])
  })
})

describe('the Anthropic surface before a destination that speaks Anthropic', () => {
  test('bodies and answers pass as they are, with our key and none of the headers of the caller', async (t) => {
    const { gateway, upstream } = await house(t, 'anthropic', answerNative)
    const body = { ...hello, top_k: 5, context_management: { edits: [{ later: true }] } }
    const answer = await post(gateway, '/v1/messages?beta=true', body, {
      'anthropic-beta': 'interleaved-thinking-2025-05-14, mcp-client-2025-11-20',
      'x-custom': 'mine',
    })
    assert.equal(answer.status, 200)
    assert.deepEqual(await answer.json(), MESSAGE)
    assert.equal(answer.headers.get('x-ecluse-dropped'), 'anthropic-beta')
    const [seen] = upstream.seen
    assert.equal(seen?.path, '/v1/messages')
    assert.deepEqual(JSON.parse(seen?.body ?? ''), { ...body, model: 'cloud-1' })
    assert.equal(seen?.headers['x-api-key'], 'test-cloud-key')
    assert.equal(seen?.headers['anthropic-version'], '2023-06-01')
    assert.equal(seen?.headers['anthropic-beta'], 'interleaved-thinking-2025-05-14')
    assert.equal(seen?.headers.authorization, undefined)
    assert.equal(seen?.headers['x-custom'], undefined)
    assert.ok(!JSON.stringify(upstream.seen).includes(gateway.key))
  })

  test('a stream passes byte for byte, and the official client reads thoughts and calls from it', async (t) => {
    const { gateway, client } = await house(t, 'anthropic', answerNative)
    const raw = await post(gateway, '/v1/messages', { ...hello, stream: true })
    assert.equal(await raw.text(), STREAM + ending('tool_use'))
    const message = await client.messages.stream({ ...hello, tools: [LOOK] }).finalMessage()
    assert.deepEqual(
      message.content.map((part) => (part.type === 'tool_use' ? part.input : part.type)),
      ['thinking', 'text', { at: 'left' }, { at: 'right' }],
    )
    const [thought] = message.content
    assert.equal(thought?.type === 'thinking' && thought.signature, 'c2lnbmVk')
  })

  test('the version of the caller is the version the destination is asked in', async (t) => {
    const { gateway, upstream, client } = await house(t, 'anthropic', answerNative)
    await client.messages.create(hello)
    const version = upstream.seen[0]?.headers['anthropic-version']
    assert.equal(version, '2026-10-21')
    await (await post(gateway, '/v1/messages', hello)).body?.cancel()
    assert.equal(upstream.seen[1]?.headers['anthropic-version'], '2023-06-01')
  })

  test('tokens are counted by the destination, after the same verdict', async (t) => {
    const { client, upstream } = await house(t, 'anthropic', (response) =>
      json(response, 200, { input_tokens: 12 }),
    )
    const count = { model: 'auto', messages: hello.messages, system: 'Be brief.' }
    assert.deepEqual(await client.messages.countTokens(count), { input_tokens: 12 })
    assert.equal(upstream.seen[0]?.path, '/v1/messages/count_tokens')
    await assert.rejects(
      client.messages.countTokens({ ...count, system: IBAN }),
      Anthropic.PermissionDeniedError,
    )
    assert.equal(upstream.seen.length, 1)
  })
})

describe('callers of the chat surface before a destination that speaks Anthropic', () => {
  test('the official OpenAI client reads answers, streams, calls and usage', async (t) => {
    const { gateway, upstream } = await house(t, 'anthropic', answerNative)
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })
    const messages = [
      { role: 'system' as const, content: 'Be brief.' },
      { role: 'user' as const, content: 'hello' },
    ]
    const { data: plain, response } = await client.chat.completions
      .create({ model: 'auto', messages, seed: 7 })
      .withResponse()
    assert.equal(plain.choices[0]?.message.content, 'From the cloud.')
    assert.equal(plain.choices[0]?.finish_reason, 'stop')
    assert.equal(plain.usage?.prompt_tokens, 7)
    assert.equal(plain.usage?.prompt_tokens_details?.cached_tokens, 2)
    assert.equal(response.headers.get('x-ecluse-dropped'), 'max_tokens.default-4096, seed')
    assert.deepEqual(JSON.parse(upstream.seen[0]?.body ?? ''), {
      model: 'cloud-1',
      max_tokens: 4096,
      system: 'Be brief.',
      messages: [{ role: 'user', content: 'hello' }],
    })
    const asked = client.chat.completions.stream({
      model: 'auto',
      messages,
      tools: [{ type: 'function', function: { name: 'look', parameters: LOOK.input_schema } }],
    })
    const done = await asked.finalChatCompletion()
    assert.deepEqual(
      done.choices[0]?.message.tool_calls?.map((call) =>
        call.type === 'function' ? call.function.arguments : null,
      ),
      ['{"at":"left"}', '{"at":"right"}'],
    )
    assert.equal(done.choices[0]?.finish_reason, 'tool_calls')
  })

  test('two stops of one block never run a tool twice', async (t) => {
    const twice = block(
      0,
      { type: 'tool_use', id: 'toolu_p', name: 'pay', input: {} },
      { type: 'input_json_delta', partial_json: '{"euro":5}' },
    )
    const text =
      event({ type: 'message_start', message: { ...MESSAGE, content: [] } }) +
      twice +
      event({ type: 'content_block_stop', index: 0 }) +
      ending('tool_use')
    const { gateway, client } = await house(t, 'anthropic', stream(text))
    const body = {
      model: 'auto',
      stream: true,
      messages: [{ role: 'user', content: 'hello' }],
    }
    const seen = await (await chat(gateway, { body })).text()
    assert.equal(seen.match(/"name":"pay"/g)?.length, 1)
    let stops = 0
    for await (const one of await client.messages.create({ ...hello, stream: true })) {
      if (one.type === 'content_block_stop') stops += 1
    }
    assert.equal(stops, 1)
  })
})

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

test('models are listed in pages for clients that say the version, and as before for all others', async (t) => {
  const { gateway, client } = await house(t, 'openai')
  assert.deepEqual(await Array.fromAsync(client.models.list({ limit: 1 }), ({ id }) => id), [
    'auto',
    'm',
  ])
  const page = await client.models.list()
  assert.deepEqual(
    [page.data[0]?.type, page.has_more, page.first_id, page.last_id],
    ['model', false, 'auto', 'm'],
  )
  await assert.rejects(client.models.list({ after_id: 'nope' }), Anthropic.BadRequestError)
  const openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })
  assert.equal((await openai.models.list()).data[0]?.object, 'model')
})
