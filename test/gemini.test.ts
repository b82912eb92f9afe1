import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { ApiError, FunctionCallingConfigMode, GoogleGenAI, Type } from '@google/genai'
import Fastify from 'fastify'
import { registerGeminiPages } from '#gateway/surfaces/gemini.ts'
import { plainCaller } from '#kernel/exchange.ts'
import { err, ok } from '#kernel/result.ts'
import {
  answerGemini,
  client,
  errorOf,
  geminiConfig,
  post,
  says,
  sentBody,
} from './support/gemini.ts'
import { cloudConfig, configOf, testGateway, testHome } from './support/gateway.ts'
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

describe('who calls the Gemini surface, and with what', () => {
  test('the key may stand in the query, and is written down nowhere', async (t) => {
    const upstream = await startUpstream(t, answerGemini)
    const gateway = await testGateway(t, geminiConfig(upstream.url))
    const withKey = (path: string, key: string): Promise<Response> =>
      fetch(`${gateway.url}${path}${path.includes('?') ? '&' : '?'}key=${key}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          ...says('hello'),
          messages: [{ role: 'user', content: 'x' }],
          model: 'g',
        }),
      })
    const answer = await withKey('/v1beta/models/g:streamGenerateContent?alt=sse', gateway.key)
    assert.equal(answer.status, 200)
    await answer.text()
    const wrong = await withKey('/v1beta/models/g:generateContent', 'wrong-key')
    assert.deepEqual([wrong.status, (await errorOf(wrong)).status], [401, 'UNAUTHENTICATED'])
    const twice = await withKey(`/v1beta/models/g:generateContent?key=${gateway.key}`, gateway.key)
    assert.equal(twice.status, 401)
    // no other surface takes a key from an address
    assert.equal((await withKey('/v1/chat/completions', gateway.key)).status, 401)
    const { records } = await fetch(`${gateway.url}/api/decisions`, {
      headers: { authorization: `Bearer ${gateway.key}` },
    }).then(async (list) => ({ records: await list.text() }))
    assert.match(records, /gemini-generate/)
    assert.ok(!records.includes(gateway.key))
    assert.ok(!JSON.stringify(upstream.seen).includes(gateway.key))
    const files = readdirSync(gateway.home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'admin.key')
      .map((entry) => join(entry.parentPath, entry.name))
    assert.ok(
      files.some((file) => /\.(?:db|sqlite)/.test(file)),
      files.join(),
    )
    for (const file of files) assert.ok(!readFileSync(file).includes(gateway.key), file)
  })

  test('refusals have the shape of the API, and the client raises them', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const cases: readonly [string, unknown, number, string, string][] = [
      ['m:generateContent', { contents: [] }, 400, 'INVALID_ARGUMENT', 'INVALID_VALUE'],
      ['m:generateContent', {}, 400, 'INVALID_ARGUMENT', 'MISSING_FIELD'],
      ['nope:generateContent', says('x'), 404, 'NOT_FOUND', 'UNKNOWN_MODEL'],
      ['m:sing', says('x'), 404, 'NOT_FOUND', 'NOT_FOUND'],
      ['m:generateContent?alt=proto', says('x'), 400, 'INVALID_ARGUMENT', 'INVALID_VALUE'],
      [
        'm:generateContent',
        says('Mon IBAN est FR76 3000 6000 0112 3456 7890 189.'),
        403,
        'PERMISSION_DENIED',
        'NO_ELIGIBLE_DESTINATION',
      ],
    ]
    for (const [path, body, status, name, reason] of cases) {
      const answer = await post(gateway, path, { body })
      const error = await errorOf(answer)
      assert.deepEqual([answer.status, error.code, error.status], [status, status, name], path)
      assert.equal(error.details[0]?.['reason'], reason)
    }
    const older = new GoogleGenAI({
      apiKey: gateway.key,
      apiVersion: 'v1beta',
      httpOptions: { baseUrl: gateway.url },
    })
    await assert.rejects(older.models.generateContent({ model: 'nope', contents: 'hi' }), {
      name: 'ApiError',
      status: 404,
    })
    const elsewhere = await fetch(`${gateway.url}/v1beta/files`, { method: 'POST' })
    assert.equal((await errorOf(elsewhere)).code, 404)
    const ask = (key: string): Promise<unknown> =>
      client(gateway, key).models.generateContent({ model: 'nope', contents: 'hi' })
    await assert.rejects(ask(gateway.key), { name: 'ApiError', status: 404 })
    await assert.rejects(ask('sk-wrong'), { name: 'ApiError', status: 401 })
    assert.deepEqual(upstream.seen, [])
  })

  test('the same text gets the verdict of the chat surface wherever it stands', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const texts = [
      'Mon IBAN est FR76 3000 6000 0112 3456 7890 189.',
      `Le patient a le numéro ${['1 85 05 78 006 084', '91'].join(' ')}.`,
      `token = "${['AKIA', 'Q7XWZ2K4N5P3R6TU'].join('')}"`,
      'Écrivez à jeanne.martin@exemple-mail.fr.',
      'What is the difference between TCP and UDP?',
    ]
    const hi = { role: 'user', parts: [{ text: 'hi' }] }
    const inPart = (part: object): object => ({ contents: [hi, { role: 'user', parts: [part] }] })
    const places: readonly ((text: string) => object)[] = [
      says,
      (text) => ({ contents: { parts: { text } } }),
      (text) => inPart({ text, thought: true }),
      (text) => ({ contents: [hi], systemInstruction: { parts: [{ text }] } }),
      (text) => ({ contents: [hi], system_instruction: { parts: { text } } }),
      (text) => inPart({ functionCall: { name: 'f', args: { [text]: 'x' } } }),
      (text) => inPart({ functionCall: { name: 'f', args: { note: text } } }),
      (text) => inPart({ function_response: { name: 'f', response: { result: [text] } } }),
      (text) => inPart({ functionResponse: { name: text, response: {} } }),
      (text) =>
        inPart({
          inlineData: { mimeType: 'text/plain', data: Buffer.from(text).toString('base64') },
        }),
      (text) => inPart({ executableCode: { language: 'PYTHON', code: text } }),
      (text) => inPart({ text: 'hi', thoughtSignature: text }),
      (text) => ({
        contents: [hi],
        tools: [{ functionDeclarations: [{ name: 'f', description: text }] }],
      }),
      (text) => ({
        contents: [hi],
        tools: [
          {
            functionDeclarations: [
              {
                name: 'f',
                parameters: { type: 'OBJECT', properties: { a: { description: text } } },
              },
            ],
          },
        ],
      }),
      (text) => ({
        contents: [hi],
        toolConfig: { functionCallingConfig: { allowedFunctionNames: [text] } },
      }),
      (text) => ({ contents: [hi], generationConfig: { stopSequences: [text] } }),
      (text) => ({ contents: [hi], generationConfig: { responseSchema: { description: text } } }),
      (text) => ({ contents: [hi], safetySettings: [{ category: text }] }),
      (text) => ({ contents: [hi], labels: { team: text } }),
      (text) => ({ contents: [hi], [text]: true }),
    ]
    for (const text of texts) {
      const chat = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: text }] }),
      })
      await chat.body?.cancel()
      const sent = upstream.seen.length
      for (const place of places) {
        const answer = await post(gateway, 'auto:generateContent', { body: place(text) })
        await answer.body?.cancel()
        const where = JSON.stringify(place(text))
        assert.equal(
          answer.headers.get('x-ecluse-class'),
          chat.headers.get('x-ecluse-class'),
          where,
        )
        if (chat.status === 403) assert.equal(answer.status, 403, where)
      }
      if (chat.status === 403) assert.equal(upstream.seen.length, sent)
    }
  })

  test('pictures, files and stored content cannot be read, so they stay home', async (t) => {
    const upstream = await startUpstream(t, answerGemini)
    const gateway = await testGateway(t, geminiConfig(upstream.url))
    const bodies = [
      { contents: [{ parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }] }] },
      { contents: [{ parts: [{ file_data: { file_uri: 'https://a.test/x.pdf' } }] }] },
      { ...says('hi'), cachedContent: 'cachedContents/1' },
    ]
    for (const body of bodies) {
      const answer = await post(gateway, 'g:generateContent', { body })
      assert.equal(answer.headers.get('x-ecluse-class'), 'restricted;undetermined')
      assert.equal(answer.status, 403)
      await answer.body?.cancel()
    }
    assert.deepEqual(upstream.seen, [])
  })

  test('the official client lists the models, and finds one by its name', async (t) => {
    const { destinations } = configOf(testHome(t), geminiConfig('http://127.0.0.1:1/v1'))
    const caller = plainCaller('t', 'k1', 'k')
    const server = Fastify()
    registerGeminiPages(server, {
      gate: { catalogue: () => ({ version: '1', destinations }) },
      identity: {
        authenticate: async (key) => (key === 'k' ? ok(caller) : err({ code: 'invalid-key' })),
        resolveSession: async () => err({ code: 'invalid-key' }),
      },
    })
    const url = await server.listen({ port: 0, host: '127.0.0.1' })
    t.after(() => server.close())
    const { models } = new GoogleGenAI({
      apiKey: 'k',
      apiVersion: 'v1beta',
      httpOptions: { baseUrl: url },
    })
    const listed = await Array.fromAsync(await models.list(), ({ name }) => name)
    assert.deepEqual(listed, ['models/auto', 'models/g'])
    assert.equal((await models.get({ model: 'g' })).displayName, 'g')
    await assert.rejects(models.get({ model: 'nope' }), { name: 'ApiError', status: 404 })
  })
})
