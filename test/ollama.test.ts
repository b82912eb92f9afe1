import assert from 'node:assert/strict'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { ChatResponse } from 'ollama'
import OpenAI from 'openai'
import { starterModelDir, STARTER } from '../src/models/starter/starter-model.fixture.ts'
import { cloudConfig, testGateway, testHome } from './support/gateway.ts'
import {
  bodyOf,
  clientOf,
  drained,
  hello,
  LAST,
  lockConfig,
  message,
  ollamaOk,
  post,
  said,
  STREAM,
} from './support/ollama.ts'
import { frame, json, startUpstream } from './support/upstream.ts'

describe('the Ollama surfaces', () => {
  test('the official client chats with an OpenAI server: whole, in pieces, and through generate', async (t) => {
    const upstream = await startUpstream(t)
    const client = clientOf(await testGateway(t, cloudConfig(upstream.url)))
    const options = { temperature: 0.2, num_predict: 9, stop: ['END'] }
    const whole = await client.chat({ model: 'auto', messages: hello, options, think: 'low' })
    assert.equal(whole.message.content, 'From the cloud.')
    assert.deepEqual([whole.done, whole.done_reason], [true, 'stop'])
    assert.deepEqual([whole.prompt_eval_count, whole.eval_count], [7, 4])
    assert.ok(Number.isSafeInteger(whole.total_duration))
    assert.equal(upstream.seen[0]?.path, '/v1/chat/completions')
    assert.deepEqual(bodyOf(upstream), {
      model: 'cloud-1',
      messages: hello,
      max_tokens: 9,
      temperature: 0.2,
      stop: ['END'],
      reasoning_effort: 'low',
    })
    const { pieces, error } = await drained(
      await client.chat({ model: 'm', messages: hello, stream: true }),
    )
    assert.equal(error, '')
    assert.equal(said(pieces), 'From the cloud.')
    assert.equal(pieces.at(-1)?.eval_count, 4)
    const generated = await client.generate({ model: 'm', prompt: 'hello', system: 'Be brief.' })
    assert.equal(generated.response, 'From the cloud.')
    assert.deepEqual(bodyOf(upstream)['messages'], [
      { role: 'system', content: 'Be brief.' },
      ...hello,
    ])
  })

  test('a request that does not say so streams, as lines', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    for (const [path, body] of [
      ['/api/chat', { model: 'm', messages: hello }],
      ['/api/generate', { model: 'm', prompt: 'hello' }],
    ] as const) {
      const answer = await post(gateway, path, body)
      assert.equal(answer.headers.get('content-type'), 'application/x-ndjson')
      assert.equal(answer.headers.get('x-ecluse-destination'), 'cloud')
      const lines = (await answer.text()).trimEnd().split('\n')
      assert.ok(lines.length > 1)
      assert.match(lines.at(-1) ?? '', /"done":true/)
    }
  })

  test('tools go out and come back as the other protocol has them, and their results find their calls', async (t) => {
    const upstream = await startUpstream(t, (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const call = (index: number, fields: object): string =>
        frame({ tool_calls: [{ index, ...fields }] })
      response.write(
        call(0, { id: 'a', type: 'function', function: { name: 'look', arguments: '' } }),
      )
      response.write(
        call(1, { id: 'b', type: 'function', function: { name: 'add', arguments: '{"x":' } }),
      )
      response.write(call(0, { function: { arguments: '{"at":"sea"}' } }))
      response.write(call(1, { function: { arguments: '[1,2]}' } }))
      response.end(`${frame({}, 'tool_calls')}data: [DONE]\n\n`)
    })
    const client = clientOf(await testGateway(t, cloudConfig(upstream.url)))
    const tool = (name: string) => ({
      type: 'function',
      function: { name, description: 'd', parameters: { type: 'object', properties: {} } },
    })
    const { pieces, error } = await drained(
      await client.chat({
        model: 'm',
        messages: hello,
        tools: [tool('look'), tool('add')],
        stream: true,
      }),
    )
    assert.equal(error, '')
    const calls = pieces.flatMap(({ message: { tool_calls: all } }) => all ?? [])
    assert.deepEqual(
      calls.map(({ function: called }) => [called.name, called.arguments]),
      [
        ['look', { at: 'sea' }],
        ['add', { x: [1, 2] }],
      ],
    )
    upstream.act = (response) =>
      json(response, 200, {
        id: 'x',
        model: 'cloud-1',
        choices: [{ index: 0, message: { content: 'done' }, finish_reason: 'stop' }],
      })
    await client.chat({
      model: 'm',
      messages: [
        ...hello,
        { role: 'assistant', content: '', tool_calls: calls },
        { role: 'tool', content: 'a wave', tool_name: 'look' },
        { role: 'tool', content: '3', tool_name: 'add' },
      ],
    })
    const sent = bodyOf(upstream)['messages'] as { tool_call_id?: string; content: string }[]
    assert.deepEqual(
      sent.slice(2).map((one) => [one.tool_call_id, one.content]),
      [
        ['a', 'a wave'],
        ['b', '3'],
      ],
    )
  })

  test('a server of the same protocol gets the body as it is, and its lines come back as they are', async (t) => {
    const upstream = await startUpstream(t, ollamaOk)
    const gateway = await testGateway(t, lockConfig(upstream))
    const client = clientOf(gateway)
    const body = {
      model: 'm',
      messages: hello,
      keep_alive: '5m',
      options: { num_ctx: 2048, mirostat: 1 },
      own_field: [1.5],
    }
    const answer = await post(gateway, '/api/chat', body)
    assert.equal(answer.headers.get('x-ecluse-dropped'), null)
    const text = await answer.text()
    assert.match(text, /123456789Z/)
    assert.equal(upstream.seen[0]?.path, '/api/chat')
    assert.deepEqual(bodyOf(upstream), { ...body, model: 'up-1' })
    const generated = await drained(
      await client.generate({ model: 'm', prompt: 'a', suffix: 'b', raw: true, stream: true }),
    )
    assert.equal(generated.pieces.map(({ response }) => response).join(''), 'From the lock.')
    assert.equal(upstream.seen.at(-1)?.path, '/api/generate')
    assert.equal(bodyOf(upstream)['suffix'], 'b')
    const whole = await client.chat({ model: 'm', messages: hello })
    assert.equal(whole.message.content, 'From the lock.')
    assert.equal(whole.total_duration, 9)
  })

  test('an OpenAI client is answered by a server that speaks Ollama, with thoughts and tool calls', async (t) => {
    const upstream = await startUpstream(t, (response, { body }) => {
      const call = { function: { name: 'look', arguments: { at: 'sea' } } }
      const text = 'It is '
      if (body.includes('"stream":false')) {
        const all = { content: text, thinking: 'Hm.', tool_calls: [call] }
        return json(
          response,
          200,
          JSON.parse(LAST.replace('"content":""', JSON.stringify(all).slice(1, -1))),
        )
      }
      response.writeHead(200, STREAM)
      response.write(message({ thinking: 'Hm.' }) + message({ content: text }))
      response.end(message({ tool_calls: [call] }) + LAST)
    })
    const gateway = await testGateway(t, lockConfig(upstream))
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })
    const messages = [{ role: 'user' as const, content: 'hello' }]
    const whole = await client.chat.completions.create({
      model: 'm',
      messages,
      max_completion_tokens: 5,
      response_format: { type: 'json_object' },
    })
    assert.deepEqual(bodyOf(upstream), {
      model: 'up-1',
      messages: hello,
      stream: false,
      format: 'json',
      options: { num_predict: 5 },
    })
    const [choice] = whole.choices
    assert.deepEqual([choice?.message.content, choice?.finish_reason], ['It is ', 'tool_calls'])
    assert.deepEqual(choice?.message.tool_calls?.[0], {
      id: 'call_0',
      type: 'function',
      function: { name: 'look', arguments: '{"at":"sea"}' },
    })
    assert.deepEqual(whole.usage?.total_tokens, 11)
    const stream = await drained(
      await client.chat.completions.create({ model: 'm', messages, stream: true }),
    )
    assert.equal(stream.error, '')
    assert.equal(stream.pieces.at(-1)?.choices[0]?.finish_reason, 'tool_calls')
    assert.equal(
      stream.pieces.map(({ choices: [one] }) => one?.delta.content ?? '').join(''),
      'It is ',
    )
  })

  test('what only Ollama can do is refused by name elsewhere, and wishes are reported', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    for (const more of [{ suffix: 'x' }, { template: 'x' }, { raw: true }, { context: [1] }]) {
      const refused = await post(gateway, '/api/generate', {
        model: 'm',
        prompt: 'hello',
        stream: false,
        ...more,
      })
      const [name] = Object.keys(more)
      // tokens of an earlier answer cannot be read, so they do not even come that far
      if (name === 'context') assert.equal(refused.status, 403)
      else assert.equal(refused.status, 400, name)
      const { error } = (await refused.json()) as { error: string }
      if (name !== 'context') assert.match(error, new RegExp(`\`${name}\``))
    }
    assert.deepEqual(upstream.seen, [])
    const answer = await post(gateway, '/api/chat', {
      model: 'm',
      messages: hello,
      stream: false,
      keep_alive: '5m',
      options: { top_k: 5, repeat_penalty: 1.1 },
    })
    assert.equal(answer.status, 200)
    assert.equal(
      answer.headers.get('x-ecluse-dropped'),
      'keep_alive, options.repeat_penalty, top_k',
    )
    await answer.body?.cancel()
  })

  test('the official client gets vectors in both forms that this protocol has had', async (t) => {
    const upstream = await startUpstream(t, (response) =>
      json(response, 200, {
        object: 'list',
        model: 'cloud-1',
        data: [
          { object: 'embedding', index: 1, embedding: [1, 0.25] },
          { object: 'embedding', index: 0, embedding: [0.5, 0.1] },
        ],
        usage: { prompt_tokens: 6, total_tokens: 6 },
      }),
    )
    const client = clientOf(await testGateway(t, cloudConfig(upstream.url)))
    const answer = await client.embed({ model: 'm', input: ['a lock', 'a gate'], truncate: true })
    assert.deepEqual(answer.embeddings, [
      [0.5, 0.1],
      [1, 0.25],
    ])
    assert.equal(answer.prompt_eval_count, 6)
    assert.equal(upstream.seen[0]?.path, '/v1/embeddings')
    await assert.rejects(
      client.embed({ model: 'm', input: 'IBAN FR76 3000 6000 0112 3456 7890 189' }),
      {
        status_code: 403,
      },
    )
    const own = await startUpstream(t, (response, { path }) =>
      json(
        response,
        200,
        path === '/api/embed' ? { model: 'v', embeddings: [[1, 2]] } : { embedding: [3] },
      ),
    )
    const native = clientOf(await testGateway(t, lockConfig(own)))
    assert.deepEqual((await native.embed({ model: 'm', input: 'a lock' })).embeddings, [[1, 2]])
    assert.deepEqual((await native.embeddings({ model: 'm', prompt: 'a lock' })).embedding, [3])
  })

  test('the lists of models tell what the catalogue knows and nothing else', async (t) => {
    const upstream = await startUpstream(t)
    const yaml = cloudConfig(upstream.url).replace(
      'upstream: cloud-1',
      'upstream: cloud-1, licence: Apache-2.0, context: 8192',
    )
    const client = clientOf(await testGateway(t, yaml))
    const { models } = await client.list()
    assert.deepEqual(
      models.map(({ name, model }) => [name, model]),
      [
        ['auto', 'auto'],
        ['m', 'm'],
      ],
    )
    assert.deepEqual(await client.ps(), { models: [] })
    assert.deepEqual(await client.version(), { version: '0.0.0-test' })
    assert.equal((await client.show({ model: 'auto' })).license, 'Apache-2.0')
    for (const model of ['m', 'cloud/m']) {
      const shown = await client.show({ model })
      assert.equal(shown.license, 'Apache-2.0')
      assert.deepEqual(shown.capabilities, ['completion', 'tools'])
      assert.deepEqual(shown.model_info, {
        'general.architecture': 'unknown',
        'unknown.context_length': 8192,
      })
    }
    assert.deepEqual(upstream.seen, [])
  })

  test('the model on board answers the official client', async (t) => {
    const models = await starterModelDir()
    if ('skip' in models) return t.skip(models.skip)
    const home = testHome(t)
    symlinkSync(models.dir, join(home, 'models'))
    const gateway = await testGateway(t, 'discover: false', home)
    const client = clientOf(gateway)
    let answer: Awaited<ReturnType<typeof drained<ChatResponse>>> | null = null
    while (answer === null) {
      const options = { num_predict: 8, temperature: 0 }
      try {
        answer = await drained(
          await client.chat({ model: STARTER, messages: hello, options, stream: true }),
        )
      } catch (error) {
        const notReady =
          error instanceof Error && 'status_code' in error && error.status_code === 503
        if (!notReady || gateway.house.engine().state === 'failed') throw error
      }
    }
    assert.equal(answer.error, '')
    assert.ok(said(answer.pieces).length > 0)
    assert.deepEqual(
      (await client.ps()).models.map(({ name }) => name),
      [STARTER],
    )
    assert.deepEqual((await client.show({ model: STARTER })).capabilities, ['completion'])
    await assert.rejects(client.chat({ model: STARTER, messages: hello, think: true }), {
      status_code: 400,
    })
  })
})
