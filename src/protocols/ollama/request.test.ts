import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import { ollamaTextParts } from './parts.ts'
import { readOllamaChat, readOllamaGenerate } from './request.ts'

const hello = [{ role: 'user', content: 'hello' }]

test('a request streams unless it says no', () => {
  for (const [stream, expected] of [
    [undefined, true],
    [null, true],
    [true, true],
    [false, false],
  ] as const) {
    const chat = readOllamaChat({ model: 'm', messages: hello, stream })
    const generate = readOllamaGenerate({ model: 'm', prompt: 'x', stream })
    assert.ok(chat.ok && generate.ok)
    assert.deepEqual([chat.value.stream, generate.value.stream], [expected, expected])
  }
})

test('a chat body of a wrong shape is refused with the field at fault', () => {
  const message = (fields: JsonObject): JsonObject => ({
    messages: [{ role: 'user', content: 'x', ...fields }],
  })
  const cases: readonly (readonly [JsonObject, string])[] = [
    [{ model: '' }, 'model'],
    [{ model: 7 }, 'model'],
    [{ stream: 'yes' }, 'stream'],
    [{ messages: 'x' }, 'messages'],
    [{ messages: ['x'] }, 'messages.0'],
    [message({ role: 'robot' }), 'messages.0.role'],
    [message({ content: [{ type: 'text', text: 'x' }] }), 'messages.0.content'],
    [message({ images: 'AAAA' }), 'messages.0.images'],
    [message({ images: ['data:image/png;base64,AAAA'] }), 'messages.0.images'],
    [message({ tool_calls: {} }), 'messages.0.tool_calls'],
    [
      message({ tool_calls: [{ function: { name: 'f', arguments: '{}' } }] }),
      'messages.0.tool_calls.0.function',
    ],
    [{ tools: {} }, 'tools'],
    [{ tools: [{ type: 'function' }] }, 'tools.0'],
    [{ format: 'yaml' }, 'format'],
    [{ think: 'much' }, 'think'],
    [{ keep_alive: true }, 'keep_alive'],
    [{ options: [] }, 'options'],
    [{ options: { temperature: '0.5' } }, 'options.temperature'],
    [{ options: { stop: [7] } }, 'options.stop'],
  ]
  for (const [fields, param] of cases) {
    const read = readOllamaChat({ model: 'm', messages: hello, ...fields })
    assert.ok(!read.ok, param)
    assert.deepEqual([read.error.code, read.error.param], ['invalid-value', param])
  }
  const missing = readOllamaChat({ messages: [{ content: 'x' }], model: 'm' })
  assert.deepEqual(missing, {
    ok: false,
    error: { code: 'missing-field', param: 'messages.0.role' },
  })
  assert.equal(readOllamaChat({ messages: hello }).ok, false)
})

test('a generate body of a wrong shape is refused with the field at fault', () => {
  const cases: readonly (readonly [string, JsonValue])[] = [
    ['prompt', ['x']],
    ['suffix', 7],
    ['system', {}],
    ['template', true],
    ['raw', 'yes'],
    ['context', ['x']],
    ['images', ['not base64!']],
  ]
  for (const [param, value] of cases) {
    const read = readOllamaGenerate({ model: 'm', prompt: 'x', [param]: value })
    assert.ok(!read.ok, param)
    assert.deepEqual([read.error.code, read.error.param], ['invalid-value', param])
  }
})

const shown = (body: JsonObject): readonly string[] =>
  ollamaTextParts(body).map(({ kind, path, text }) => `${kind} ${path} ${text}`)

test('settings, roles and the model say nothing; everything else is shown', () => {
  assert.deepEqual(
    shown({
      model: 'm',
      messages: [{ role: 'user', content: 'hello', more: 'odd' }],
      format: 'json',
      think: 'high',
      keep_alive: '1h30m',
      stream: true,
      options: { temperature: 0.5, seed: 7, num_ctx: 4096, stop: ['END'], strange: 12_345 },
    }),
    [
      'text messages.0.content hello',
      'text messages.0.more odd',
      'key messages.0.more more',
      'text options.stop.0 END',
      'number options.strange 12345',
      'key options.strange strange',
    ],
  )
})

test('a value outside what a setting can be is shown, and so is a setting at the wrong place', () => {
  assert.deepEqual(
    shown({
      model: 'm',
      keep_alive: 'call me',
      format: 'text of mine',
      seed: 7,
      options: { seed: 185_057_800_608, temperature: 612_345_678 },
      messages: [{ role: 'robot', content: '', think: 'high' }],
    }),
    [
      'text keep_alive call me',
      'text format text of mine',
      'number seed 7',
      'number options.seed 185057800608',
      'number options.temperature 612345678',
      'text messages.0.role robot',
      'text messages.0.content ',
      'text messages.0.think high',
    ],
  )
})

test('images and the context of an earlier answer cannot be read', () => {
  const unreadable = (body: JsonObject): readonly string[] =>
    ollamaTextParts(body).flatMap(({ kind, path }) => (kind === 'unreadable' ? [path] : []))
  assert.deepEqual(unreadable({ images: ['AAAA', 'BBBB'], context: [1, 2] }), [
    'images.0',
    'images.1',
    'context',
  ])
  assert.deepEqual(unreadable({ messages: [{ role: 'user', images: ['AAAA'] }] }), [
    'messages.0.images.0',
  ])
  assert.deepEqual(unreadable({ context: [], images: [] }), [])
})

test('arguments of tools are shown as the object they are and as the text other protocols have', () => {
  const call = { function: { name: 'pay', arguments: { iban: 'FR76', n: 3 } } }
  assert.deepEqual(shown({ messages: [{ role: 'assistant', tool_calls: [call] }] }), [
    'text messages.0.tool_calls.0.function.name pay',
    'text messages.0.tool_calls.0.function.arguments {"iban":"FR76","n":3}',
    'text messages.0.tool_calls.0.function.arguments.iban FR76',
    'key messages.0.tool_calls.0.function.arguments.iban iban',
    'number messages.0.tool_calls.0.function.arguments.n 3',
    'key messages.0.tool_calls.0.function.arguments.n n',
  ])
})
