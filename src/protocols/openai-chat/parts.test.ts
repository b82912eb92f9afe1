import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import { chatTextParts } from './parts.ts'

const textsOf = (body: JsonObject): string[] => chatTextParts(body).map(({ text }) => text)

test('whatever string stands anywhere in a body reaches the classifier, as a value or as a key', () => {
  const json = fc
    .jsonValue({ maxDepth: 4 })
    .map((value): JsonValue => JSON.parse(JSON.stringify(value)))
  const canary = 'CANARY-7f3a'
  const place = (value: JsonValue, asKey: boolean): JsonObject =>
    asKey
      ? { messages: [{ role: 'user', [canary]: value }] }
      : { messages: [{ role: 'user', content: [value, { deep: [canary] }] }] }
  fc.assert(
    fc.property(json, fc.boolean(), (value, asKey) => {
      assert.ok(textsOf(place(value, asKey)).includes(canary))
    }),
  )
})

test('names and settings of the protocol are not text', () => {
  const body = {
    model: 'm',
    temperature: 0.2,
    stream: true,
    messages: [{ role: 'user', content: 'hello' }],
  }
  assert.deepEqual(textsOf(body), ['hello'])
})

test('a number outside the range of its setting, or below the top, is text', () => {
  assert.deepEqual(textsOf({ seed: 4970101234567890, temperature: 4970101 }), [
    '4970101234567890',
    '4970101',
  ])
  assert.deepEqual(textsOf({ metadata: { seed: 42 } }), ['42'])
})

test('a role or a type that is not of the protocol is text', () => {
  assert.deepEqual(textsOf({ messages: [{ role: 'user', type: 'secret thing' }] }), [
    'secret thing',
  ])
})

test('an image or a file cannot be read, a text part can', () => {
  const content = [
    { type: 'text', text: 'look' },
    { type: 'image_url', image_url: { url: 'https://x.test/a.png' } },
  ]
  const kinds = chatTextParts({ messages: [{ role: 'user', content }] }).map(({ kind }) => kind)
  assert.deepEqual(kinds.filter((kind) => kind === 'unreadable').length, 1)
})

test('tool definitions, arguments and results are text', () => {
  const body: JsonObject = {
    tools: [
      {
        type: 'function',
        function: {
          name: 'f',
          description: 'about Ann',
          parameters: { type: 'object', properties: { city: { type: 'string', enum: ['Paris'] } } },
        },
      },
    ],
    messages: [
      {
        role: 'assistant',
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":"b"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'result' },
    ],
  }
  const texts = textsOf(body)
  for (const text of ['f', 'about Ann', 'city', 'Paris', '{"a":"b"}', 'result', 'c1'])
    assert.ok(texts.includes(text), text)
})

test('a tool may call a field `content` without becoming unreadable', () => {
  const schema = { type: 'object', properties: { content: { type: 'string' } } }
  const tools = [{ type: 'function', function: { name: 'write_file', parameters: schema } }]
  const kinds = chatTextParts({ messages: [{ role: 'user', content: 'hi' }], tools }).map(
    ({ kind }) => kind,
  )
  assert.ok(!kinds.includes('unreadable'))
  const nested = { messages: [{ role: 'user', content: [[{ type: 'image_url' }]] }] }
  assert.ok(chatTextParts(nested).some(({ kind }) => kind === 'unreadable'))
})
