import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogle } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { ChatOpenAI } from '@langchain/openai'
import { generateText, jsonSchema, streamText, type LanguageModel, type ToolSet } from 'ai'
import { cloudConfig, testGateway } from './support/gateway.ts'
import { frame, json, startUpstream, type Act } from './support/upstream.ts'

/** Every kind of model that this client library knows, pointed at one gateway. */
function modelsOf({
  url,
  key,
}: {
  url: string
  key: string
}): Readonly<Record<string, LanguageModel>> {
  const openai = createOpenAI({ baseURL: `${url}/v1`, apiKey: key })
  return {
    'openai-compatible': createOpenAICompatible({
      name: 'ecluse',
      baseURL: `${url}/v1`,
      apiKey: key,
    })('m'),
    'openai chat': openai.chat('m'),
    'openai responses': openai.responses('m'),
    anthropic: createAnthropic({ baseURL: `${url}/v1`, apiKey: key })('m'),
    google: createGoogle({ baseURL: `${url}/v1beta`, apiKey: key })('m'),
  }
}

/** An upstream that calls a tool whenever one is defined and no result is there yet. */
const callsTools: Act = (response, { body }) => {
  const wants = body.includes('"tools"') && !body.includes('"role":"tool"')
  const isStream = body.includes('"stream":true')
  const call = {
    id: 'call_abc',
    type: 'function',
    function: { name: 'weather', arguments: '{"city":"Lyon"}' },
  }
  if (!isStream) {
    const message = wants
      ? { role: 'assistant', content: null, tool_calls: [call] }
      : { role: 'assistant', content: 'Sunny in Lyon.' }
    return json(response, 200, {
      id: 'c',
      object: 'chat.completion',
      created: 1,
      model: 'm-1',
      choices: [{ index: 0, message, finish_reason: wants ? 'tool_calls' : 'stop' }],
      usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 },
    })
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  if (wants) {
    response.write(
      frame({
        role: 'assistant',
        tool_calls: [
          { index: 0, id: call.id, type: 'function', function: { name: 'weather', arguments: '' } },
        ],
      }),
    )
    for (const piece of ['{"ci', 'ty":"Ly', 'on"}'])
      response.write(frame({ tool_calls: [{ index: 0, function: { arguments: piece } }] }))
    response.write(frame({}, 'tool_calls'))
  } else {
    for (const piece of ['Sunny ', 'in ', 'Lyon.']) response.write(frame({ content: piece }))
    response.write(frame({}, 'stop'))
  }
  response.end(
    'data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}}\n\ndata: [DONE]\n\n',
  )
}

const tools: ToolSet = {
  weather: {
    description: 'Weather of a city.',
    inputSchema: jsonSchema({
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
    }),
  },
}

describe('client libraries that only change their base URL', () => {
  test('the AI SDK with four providers reads texts, streams, usage and tool calls', async (t) => {
    const upstream = await startUpstream(t, callsTools)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    for (const [name, model] of Object.entries(modelsOf(gateway))) {
      const whole = await generateText({ model, prompt: 'Weather?', maxRetries: 0 })
      assert.equal(whole.text, 'Sunny in Lyon.', name)
      assert.deepEqual([whole.usage.inputTokens, whole.usage.outputTokens], [9, 4], name)
      assert.equal(whole.finishReason, 'stop', name)

      const streamed = streamText({ model, prompt: 'Weather?', maxRetries: 0 })
      assert.equal((await Array.fromAsync(streamed.textStream)).join(''), 'Sunny in Lyon.', name)
      assert.equal(await streamed.finishReason, 'stop', name)

      const called = await generateText({
        model,
        prompt: 'Weather?',
        tools,
        maxRetries: 0,
      })
      assert.deepEqual(
        called.toolCalls.map(({ toolName, input }) => [toolName, input]),
        [['weather', { city: 'Lyon' }]],
        name,
      )

      const calling = streamText({ model, prompt: 'Weather?', tools, maxRetries: 0 })
      const calls = await calling.toolCalls
      assert.deepEqual(
        calls.map(({ toolName, input }) => [toolName, input]),
        [['weather', { city: 'Lyon' }]],
        name,
      )
      assert.equal(await calling.finishReason, 'tool-calls', name)
    }
  })

  test('the AI SDK gets a refusal as an error that it does not repeat', async (t) => {
    const upstream = await startUpstream(t, callsTools)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    for (const [name, model] of Object.entries(modelsOf(gateway))) {
      await assert.rejects(
        generateText({ model, prompt: 'IBAN FR76 3000 6000 0112 3456 7890 189', maxRetries: 2 }),
        (error) => {
          assert.ok(error instanceof Error && 'statusCode' in error, name)
          assert.equal(error.statusCode, 403, name)
          return true
        },
      )
    }
    assert.deepEqual(upstream.seen, [])
  })

  test('LangChain reads texts, streams and tool calls', async (t) => {
    const upstream = await startUpstream(t, callsTools)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const model = new ChatOpenAI({
      model: 'm',
      apiKey: gateway.key,
      maxRetries: 0,
      configuration: { baseURL: `${gateway.url}/v1` },
    })
    const whole = await model.invoke('Weather?')
    assert.equal(whole.content, 'Sunny in Lyon.')
    const pieces = await Array.fromAsync(await model.stream('Weather?'), ({ text }) => text)
    assert.equal(pieces.join(''), 'Sunny in Lyon.')
    const langChainTools = [
      {
        type: 'function' as const,
        function: {
          name: 'weather',
          description: 'Weather.',
          parameters: { type: 'object', properties: { city: { type: 'string' } } },
        },
      },
    ]
    const called = await model.bindTools(langChainTools).invoke('Weather?')
    assert.deepEqual(
      called.tool_calls?.map(({ name, args }) => [name, args]),
      [['weather', { city: 'Lyon' }]],
    )
  })
})
