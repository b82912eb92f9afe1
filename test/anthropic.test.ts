import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import {
  answerNative,
  block,
  ending,
  event,
  hello,
  house,
  IBAN,
  LOOK,
  MESSAGE,
  post,
  STREAM,
  stream,
} from './support/anthropic.ts'
import { chat } from './support/gateway.ts'
import { ANSWER, frame, json } from './support/upstream.ts'

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
