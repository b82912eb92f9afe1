import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { GoogleGenAI } from '@google/genai'
import Fastify from 'fastify'
import { registerGeminiPages } from '#gateway/surfaces/gemini.ts'
import { plainCaller } from '#kernel/exchange.ts'
import { err, ok } from '#kernel/result.ts'
import { answerGemini, client, errorOf, geminiConfig, post, says } from './support/gemini.ts'
import { cloudConfig, configOf, testGateway, testHome } from './support/gateway.ts'
import { startUpstream } from './support/upstream.ts'

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
