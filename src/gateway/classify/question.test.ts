import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonObject } from '#kernel/canonical-json.ts'
import { surfaceRoutes } from '../surfaces/routes.ts'
import { BODY_READERS, bodyReader, SURFACE_NAMES } from './body-readers.ts'
import { readQuestion } from './question.ts'

const textsOf = (asked: JsonObject): readonly string[] => {
  const read = readQuestion(asked)
  assert.ok(read.ok, JSON.stringify(read))
  return read.value.parts.filter(({ kind }) => kind === 'text').map(({ text }) => text)
}

const problemOf = (asked: JsonObject): object => {
  const read = readQuestion(asked)
  assert.ok(!read.ok)
  return read.error
}

describe('what is asked', () => {
  test('a text, messages, and a body of any surface are read as a request would be', () => {
    const user = [{ role: 'user', content: 'here' }]
    const asked: readonly JsonObject[] = [
      { text: 'here' },
      { messages: user },
      { surface: 'openai', body: { model: 'm', messages: user } },
      { surface: 'anthropic', body: { max_tokens: 5, messages: user } },
      { surface: '/v1/messages', body: { max_tokens: 5, messages: user } },
      { surface: 'responses', body: { input: 'here' } },
      { surface: 'completions', body: { prompt: 'here' } },
      { surface: 'gemini', body: { contents: [{ role: 'user', parts: [{ text: 'here' }] }] } },
      {
        surface: '/v1beta/models/m:generateContent',
        body: { contents: [{ role: 'user', parts: [{ text: 'here' }] }] },
      },
      { surface: 'ollama', body: { messages: user } },
      { surface: 'ollama-generate', body: { prompt: 'here' } },
      { surface: 'ollama-embed', body: { input: 'here' } },
      { surface: 'embeddings', body: { input: 'here' } },
      { surface: 'moderations', body: { input: 'here' } },
      { surface: 'rerank', body: { query: 'q', documents: ['here'] } },
      { surface: 'images', body: { prompt: 'here' } },
      { surface: 'speech', body: { voice: 'alloy', input: 'here' } },
    ]
    for (const one of asked) assert.ok(textsOf(one).includes('here'), JSON.stringify(one))
  })

  test('every path of the data plane that takes JSON has its reader, and every name leads to one', () => {
    const paths = surfaceRoutes.filter(({ takes }) => takes !== 'form').map(({ url }) => url)
    assert.deepEqual(Object.keys(BODY_READERS).toSorted(), paths.toSorted())
    for (const name of SURFACE_NAMES) assert.ok(bodyReader(name), name)
    for (const name of ['', 'toString', '/v1/audio/transcriptions']) {
      assert.equal(bodyReader(name), null, name)
    }
  })

  test('what cannot be read is refused by the name of the field, without its content', () => {
    assert.deepEqual(
      problemOf({ surface: 'anthropic', body: { messages: [{ role: 'user', content: 'a' }] } }),
      {
        code: 'missing-field',
        param: 'body.max_tokens',
      },
    )
    assert.equal(JSON.stringify(problemOf({ text: 'a', messages: [] })).includes('"body"'), true)
    assert.deepEqual(problemOf({ surface: 'openai' }), { code: 'missing-field', param: 'body' })
    assert.deepEqual(problemOf({ body: {} }), { code: 'missing-field', param: 'surface' })
    for (const wrong of [
      {},
      { text: 4 },
      { text: 'a', quote: 'yes' },
      { text: 'a', offsets: 'bytes' },
      { surface: 'secret-name', body: {} },
      { text: 'a', 'secret-name': 1 },
    ]) {
      const told = JSON.stringify(problemOf(wrong))
      assert.ok(told.includes('invalid-value') && !told.includes('secret-name'), told)
    }
  })
})
