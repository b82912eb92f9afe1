import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import OpenAI from 'openai'
import {
  answerGemini,
  CHUNKS,
  client,
  errorOf,
  geminiConfig,
  post,
  says,
  sentBody,
  sse,
  type GeminiErrorBody,
} from './support/gemini.ts'
import { testGateway } from './support/gateway.ts'
import { json, startUpstream } from './support/upstream.ts'

describe('the Gemini surface before a destination that speaks Gemini', () => {
  test('bodies and frames pass as they are, unknown fields too; model, path and key are the destination’s', async (t) => {
    const upstream = await startUpstream(t, answerGemini)
    const gateway = await testGateway(t, geminiConfig(upstream.url))
    const body = {
      ...says('hello'),
      generationConfig: { candidateCount: 2, futureSetting: { a: true } },
      tools: [{ googleSearch: {} }],
    }
    const whole = await post(gateway, 'g:generateContent', { body: { model: 'models/g', ...body } })
    assert.deepEqual(await whole.json(), CHUNKS[1])
    assert.deepEqual(sentBody(upstream), body)
    const [seen] = upstream.seen
    assert.equal(seen?.path, '/v1/models/gemini-2.5-flash:generateContent')
    assert.equal(seen?.headers['x-goog-api-key'], 'test-cloud-key')
    assert.equal(seen?.headers.authorization, undefined)
    const stream = await post(gateway, 'g:streamGenerateContent?alt=sse', { body })
    assert.equal(await stream.text(), CHUNKS.map(sse).join(''))
    assert.equal(
      upstream.seen.at(-1)?.path,
      '/v1/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
    )
  })

  test('the official client chats, streams and counts', async (t) => {
    const upstream = await startUpstream(t, answerGemini)
    const gateway = await testGateway(t, geminiConfig(upstream.url))
    const ai = client(gateway)
    const chat = ai.chats.create({ model: 'g' })
    const pieces = await Array.fromAsync(await chat.sendMessageStream({ message: 'hello' }))
    assert.equal(pieces.map(({ text }) => text ?? '').join(''), 'From Google.')
    assert.equal((await chat.sendMessage({ message: 'again' })).text, 'Google.')
    assert.match(upstream.seen.at(-1)?.body ?? '', /From /)
    const counted = await ai.models.countTokens({ model: 'google/g', contents: 'hello' })
    assert.equal(counted.totalTokens, 31)
    assert.equal(upstream.seen.at(-1)?.path, '/v1/models/gemini-2.5-flash:countTokens')
    const inner = { generateContentRequest: { model: 'models/g', ...says('hello') } }
    await (await post(gateway, 'g:countTokens', { body: inner })).body?.cancel()
    assert.deepEqual(sentBody(upstream), {
      generateContentRequest: { ...says('hello'), model: 'models/gemini-2.5-flash' },
    })
  })

  test('a broken stream is told; the words of an error are the destination’s, its bad key is not the caller’s', async (t) => {
    const upstream = await startUpstream(t, answerGemini)
    const gateway = await testGateway(t, geminiConfig(upstream.url))
    for (const end of [
      '',
      'data: {"error":{"code":503,"message":"x","status":"UNAVAILABLE"}}\r\n\r\n',
    ]) {
      upstream.act = (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.end(sse(CHUNKS[0] ?? {}) + end)
      }
      const answer = await post(gateway, 'g:streamGenerateContent?alt=sse', { body: says('hi') })
      const text = await answer.text()
      assert.match(text, /"error":\{"code":502/)
      assert.doesNotMatch(text, /finishReason/)
    }
    const told = async (status: number, error: object): Promise<GeminiErrorBody['error']> => {
      upstream.act = (response) => json(response, status, { error })
      return errorOf(await post(gateway, 'g:generateContent', { body: says('hi') }))
    }
    const bad = await told(400, {
      code: 400,
      message: 'No such thing.',
      status: 'INVALID_ARGUMENT',
    })
    assert.deepEqual(
      [bad.code, bad.message, bad.status],
      [400, 'No such thing.', 'INVALID_ARGUMENT'],
    )
    const key = await told(400, {
      code: 400,
      message: 'API key not valid. Please pass a valid API key.',
      status: 'INVALID_ARGUMENT',
      details: [{ reason: 'API_KEY_INVALID' }],
    })
    assert.doesNotMatch(JSON.stringify(key), /valid API key/)
    assert.equal(
      (await told(403, { code: 403, message: 'x', status: 'PERMISSION_DENIED' })).code,
      502,
    )
  })

  test('an OpenAI client is served by the same destination, with tools and streams', async (t) => {
    const upstream = await startUpstream(t, answerGemini)
    const gateway = await testGateway(t, geminiConfig(upstream.url))
    const openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })
    const messages = [{ role: 'user' as const, content: 'hello' }]
    const whole = await openai.chat.completions.create({ model: 'g', messages })
    assert.equal(whole.choices[0]?.message.content, 'Google.')
    assert.deepEqual(
      [whole.usage?.prompt_tokens, whole.usage?.completion_tokens, whole.usage?.total_tokens],
      [7, 5, 12],
    )
    const chunks = await Array.fromAsync(
      await openai.chat.completions.create({
        model: 'g',
        messages,
        stream: true,
        stream_options: { include_usage: true },
      }),
    )
    const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')
    assert.equal(text, 'From Google.')
    assert.equal(chunks.at(-1)?.usage?.completion_tokens, 5)
    upstream.act = (response) =>
      json(response, 200, {
        candidates: [
          {
            content: { parts: [{ functionCall: { name: 'weather', args: { city: 'Nantes' } } }] },
            finishReason: 'STOP',
          },
        ],
        responseId: 'r/1',
      })
    const called = await openai.chat.completions.create({
      model: 'g',
      messages,
      tools: [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }],
    })
    assert.equal(called.choices[0]?.finish_reason, 'tool_calls')
    assert.deepEqual(called.choices[0]?.message.tool_calls, [
      {
        id: 'call_r1_0',
        type: 'function',
        function: { name: 'weather', arguments: '{"city":"Nantes"}' },
      },
    ])
    upstream.act = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(sse(CHUNKS[0] ?? {}))
    }
    const cut = await openai.chat.completions.create({ model: 'g', messages, stream: true })
    await assert.rejects(Array.fromAsync(cut), OpenAI.APIError)
  })
})
