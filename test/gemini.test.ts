import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ApiError, FunctionCallingConfigMode, Type } from '@google/genai'
import { client, errorOf, post, says, sentBody } from './support/gemini.ts'
import { cloudConfig, testGateway } from './support/gateway.ts'
import { frame, json, startUpstream, type Act } from './support/upstream.ts'

const TOOLS = [
  {
    functionDeclarations: [
      {
        name: 'weather',
        description: 'Tells the weather.',
        parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING } } },
      },
    ],
  },
]

describe('the Gemini surface before a destination that speaks OpenAI', () => {
  test('the official client reads answers, streams and usage', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const { models } = client(gateway)
    const whole = await models.generateContent({
      model: 'm',
      contents: 'hello',
      config: {
        systemInstruction: 'Be brief.',
        temperature: 0.5,
        maxOutputTokens: 20,
        stopSequences: ['END'],
        safetySettings: [],
      },
    })
    assert.equal(whole.text, 'From the cloud.')
    assert.equal(whole.candidates?.[0]?.finishReason, 'STOP')
    assert.equal(whole.usageMetadata?.totalTokenCount, 11)
    assert.equal(whole.modelVersion, 'cloud-1')
    assert.deepEqual(sentBody(upstream), {
      model: 'cloud-1',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'hello' },
      ],
      max_tokens: 20,
      temperature: 0.5,
      stop: ['END'],
    })
    const chunks = await Array.fromAsync(
      await models.generateContentStream({ model: 'auto', contents: 'hello' }),
    )
    assert.equal(chunks.map(({ text }) => text ?? '').join(''), 'From the cloud.')
    assert.equal(chunks.at(-1)?.candidates?.[0]?.finishReason, 'STOP')
    assert.equal(chunks.at(-1)?.usageMetadata?.totalTokenCount, 11)
    assert.equal(chunks.filter(({ candidates }) => candidates?.[0]?.finishReason).length, 1)
  })

  test('a chat with tools: the call comes whole, its result finds it, also in a stream', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const args = JSON.stringify({ city: 'Orléans' })
    upstream.act = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const call = (fields: object): string => frame({ tool_calls: [{ index: 0, ...fields }] })
      response.write(
        call({ id: 'call_up', type: 'function', function: { name: 'weather', arguments: '' } }),
      )
      for (const piece of args) response.write(call({ function: { arguments: piece } }))
      response.end(`${frame({}, 'tool_calls')}data: [DONE]\n\n`)
    }
    const { models } = client(gateway)
    const contents = [{ role: 'user', parts: [{ text: 'Weather?' }] }]
    const config = {
      tools: TOOLS,
      toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } },
    }
    const chunks = await Array.fromAsync(
      await models.generateContentStream({ model: 'm', contents, config }),
    )
    const calls = chunks.flatMap(({ functionCalls }) => functionCalls ?? [])
    assert.deepEqual(calls, [{ id: 'call_up', name: 'weather', args: { city: 'Orléans' } }])
    assert.match(upstream.seen.at(-1)?.body ?? '', /"tool_choice":"required"/)

    upstream.act = (response) =>
      json(response, 200, { choices: [{ message: { content: 'Sunny.' }, finish_reason: 'stop' }] })
    const after = await models.generateContent({
      model: 'm',
      config,
      contents: [
        ...contents,
        {
          role: 'model',
          parts: [{ functionCall: { name: 'weather', args: { city: 'Orléans' } } }],
        },
        {
          role: 'user',
          parts: [{ functionResponse: { name: 'weather', response: { output: 'sun' } } }],
        },
      ],
    })
    assert.equal(after.text, 'Sunny.')
    const sent = JSON.stringify(sentBody(upstream))
    assert.match(sent, /"id":"call_1","type":"function","function":\{"name":"weather"/)
    assert.match(sent, /"role":"tool","tool_call_id":"call_1","content":"sun"/)
    assert.match(
      sent,
      /"parameters":\{"type":"object","properties":\{"city":\{"type":"string"\}\}\}/,
    )
  })

  test('what the destination cannot do is refused by name; hints that are dropped are reported', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const refused = async (path: string, more: object): Promise<unknown> => {
      const answer = await post(gateway, path, { body: { ...says('hi'), ...more } })
      const { code, status, details } = await errorOf(answer)
      assert.equal(answer.status, 400)
      return [code, status, details[1]]
    }
    const violation = (field: string): unknown => [
      400,
      'INVALID_ARGUMENT',
      { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field }] },
    ]
    assert.deepEqual(
      await refused('m:generateContent', { generationConfig: { candidateCount: 2 } }),
      violation('generationConfig.candidateCount'),
    )
    assert.deepEqual(
      await refused('m:generateContent', { tools: [{ googleSearch: {} }] }),
      violation('tools.googleSearch'),
    )
    assert.deepEqual(await refused('m:countTokens', {}), violation('countTokens'))
    assert.deepEqual(await refused('m:embedContent', {}), violation('embedContent'))
    assert.deepEqual(upstream.seen, [])
    const safety = [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }]
    const answer = await post(gateway, 'm:generateContent', {
      body: { ...says('hi'), safetySettings: safety, generationConfig: { topK: 3 } },
    })
    assert.equal(answer.headers.get('x-ecluse-dropped'), 'safetySettings, top_k')
    await answer.body?.cancel()
  })

  test('a stream is frames with CRLF and no end mark; without alt=sse it is one JSON list', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const stream = await post(gateway, 'm:streamGenerateContent?alt=sse', { body: says('hi') })
    assert.match(stream.headers.get('content-type') ?? '', /^text\/event-stream/)
    const text = await stream.text()
    const frames = text.split('\r\n\r\n')
    assert.equal(frames.pop(), '')
    assert.ok(frames.every((one) => one.startsWith('data: {') && !one.includes('\n')))
    assert.doesNotMatch(text, /\[DONE\]/)
    const list = await post(gateway, 'm:streamGenerateContent', { body: says('hi') })
    assert.match(list.headers.get('content-type') ?? '', /^application\/json/)
    const [only] = (await list.json()) as { candidates: { finishReason: string }[] }[] // read below
    assert.equal(only?.candidates[0]?.finishReason, 'STOP')
  })

  test('a stream that breaks ends in an error frame, and never in a finish reason', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const breaks: Act[] = [
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(frame({ content: 'Half' }))
        setImmediate(() => response.destroy())
      },
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.end(frame({ content: 'Half' }))
      },
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.end(`${frame({ content: 'Half' })}data: {"error":{"message":"overloaded"}}\n\n`)
      },
    ]
    for (const act of breaks) {
      upstream.act = act
      const answer = await post(gateway, 'm:streamGenerateContent?alt=sse', { body: says('hi') })
      const text = await answer.text()
      assert.match(text, /Half/)
      assert.match(text, /data: \{"error":\{"code":502,"message":"[^"]+","status":"INTERNAL"/)
      assert.doesNotMatch(text, /finishReason/)
      const read = client(gateway).models.generateContentStream({ model: 'm', contents: 'hi' })
      await assert.rejects(async () => Array.fromAsync(await read), ApiError)
    }
  })
})
