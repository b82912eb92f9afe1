import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '#kernel/canonical-json.ts'
import { PLAIN, type Conversation, type TurnPart } from '../conversation.ts'
import { chatToConversation } from '../openai-chat/to-conversation.ts'
import { ollamaDialect } from './dialect.ts'
import { readOllamaError } from './error-body.ts'
import { ollamaChatToConversation, ollamaGenerateToConversation } from './to-conversation.ts'

const asked = (conversation: Conversation, stream = false) => {
  const request = ollamaDialect.request(conversation, 'up', stream)
  assert.ok(request.ok, JSON.stringify(request))
  return request.value
}

const neutral = (body: JsonObject): Conversation => {
  const conversation = ollamaChatToConversation(body)
  assert.ok(conversation.ok, JSON.stringify(conversation))
  return conversation.value
}

const hello = [{ role: 'user', content: 'hello' }]

test('a chat body that goes through the neutral form and back asks for the same', () => {
  const body: JsonObject = {
    model: 'up',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'What is this?', images: ['iVBORw0KGgo='] },
      {
        role: 'assistant',
        content: 'Let me look.',
        thinking: 'Hm.',
        tool_calls: [
          { id: 'call_0', function: { name: 'look', arguments: { a: 1 } } },
          { id: 'call_1', function: { name: 'add', arguments: {} } },
        ],
      },
      { role: 'tool', content: 'a cat', tool_name: 'look', tool_call_id: 'call_0' },
      { role: 'tool', content: '3', tool_name: 'add', tool_call_id: 'call_1' },
      { role: 'user', content: 'And now?' },
    ],
    stream: false,
    tools: [
      {
        type: 'function',
        function: {
          name: 'look',
          description: 'Looks.',
          parameters: { type: 'object', properties: { a: { type: 'number' } } },
        },
      },
    ],
    format: { type: 'object', properties: {} },
    think: 'high',
    options: {
      num_predict: 50,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      seed: 7,
      presence_penalty: 0.1,
      frequency_penalty: 0.2,
      stop: ['END'],
    },
  }
  const conversation = neutral(body)
  assert.deepEqual(conversation.unmapped, [])
  assert.deepEqual(asked(conversation), { path: '/api/chat', headers: {}, body, dropped: [] })
})

test('results of tools find their calls by id, by name and by order', () => {
  const call = (name: string): JsonObject => ({ function: { name, arguments: {} } })
  const { turns } = neutral({
    model: 'm',
    messages: [
      ...hello,
      {
        role: 'assistant',
        content: '',
        tool_calls: [call('a'), { id: 'call_0', ...call('b') }, call('a'), call('c')],
      },
      { role: 'tool', content: '1', tool_call_id: 'call_0' },
      { role: 'tool', content: '2', tool_name: 'a' },
      { role: 'tool', content: '3' },
      { role: 'tool', content: '4' },
      { role: 'tool', content: '5', tool_name: 'unknown' },
    ],
  })
  const parts = turns.flatMap((turn): readonly TurnPart[] => turn.parts)
  assert.deepEqual(
    parts.flatMap((part) => (part.kind === 'tool-call' ? [part.id] : [])),
    ['call_1', 'call_0', 'call_2', 'call_3'],
  )
  assert.deepEqual(
    parts.flatMap((part) => (part.kind === 'tool-result' ? [part.callId] : [])),
    ['call_0', 'call_1', 'call_2', 'call_3', 'unknown'],
  )
})

test('whether to stream is always said, because servers stream unless told not to', () => {
  const conversation = neutral({ model: 'm', messages: hello })
  assert.equal(asked(conversation, true).body['stream'], true)
  assert.equal(asked(conversation, false).body['stream'], false)
})

const user = (...parts: readonly TurnPart[]): Conversation => ({
  ...PLAIN,
  turns: [{ role: 'user', parts }],
})
const text = { kind: 'text', text: 'x' } as const
const tool = { name: 'f', description: null, schema: {}, strict: true }

test('what would change the meaning is refused by name', () => {
  const image = { kind: 'image', mediaType: null, data: null, url: 'https://a.test/b.png' } as const
  const call = (written: string): TurnPart => ({
    kind: 'tool-call',
    id: 'c',
    name: 'f',
    arguments: written,
  })
  const cases: readonly (readonly [Conversation, string, string])[] = [
    [{ ...PLAIN, turns: [] }, 'missing-field', 'messages'],
    [
      { ...user(text), tools: [tool], toolChoice: { kind: 'required' } },
      'unsupported-parameter',
      'tool_choice',
    ],
    [
      { ...user(text), tools: [tool], toolChoice: { kind: 'one', name: 'f' } },
      'unsupported-parameter',
      'tool_choice',
    ],
    [user(image), 'unsupported-parameter', 'image_url'],
    [
      user({ kind: 'tool-result', callId: 'c', parts: [image], isError: false }),
      'unsupported-parameter',
      'image_url',
    ],
    [user({ kind: 'other', what: 'input_audio' }), 'unsupported-parameter', 'input_audio'],
    [user({ kind: 'other', what: 'some words of the caller' }), 'unsupported-parameter', 'part'],
    [
      { ...PLAIN, turns: [{ role: 'assistant', parts: [call('{"a":')] }] },
      'invalid-value',
      'messages',
    ],
  ]
  for (const [conversation, code, param] of cases) {
    const refused = ollamaDialect.request(conversation, 'up', false)
    assert.ok(!refused.ok)
    assert.deepEqual([refused.error.code, refused.error.param], [code, param])
  }
})

test('tools that must not be called are not sent; wishes without a place are reported', () => {
  const { body, dropped } = asked({
    ...user({ kind: 'tool-result', callId: 'c', parts: [text], isError: true }, text),
    tools: [tool],
    toolChoice: { kind: 'none' },
    parallelToolCalls: false,
    user: 'u1',
    reasoning: { effort: null, budgetTokens: 1000 },
  })
  assert.ok(!Object.hasOwn(body, 'tools'))
  assert.equal(body['think'], true)
  assert.deepEqual(dropped, [
    'user',
    'parallel_tool_calls',
    'strict',
    'thinking.budget_tokens',
    'is_error',
  ])
})

test('efforts become what this protocol has for them', () => {
  const think = (effort: 'none' | 'minimal' | 'low' | 'medium' | 'high') =>
    asked({ ...user(text), reasoning: { effort, budgetTokens: null } }).body['think']
  assert.deepEqual((['none', 'minimal', 'low', 'high'] as const).map(think), [
    false,
    'low',
    'low',
    'high',
  ])
})

test('arguments of tools from a chat body keep their digits', () => {
  const given = '{"id":12345678901234567890}'
  const conversation = chatToConversation({
    model: 'm',
    messages: [
      {
        role: 'assistant',
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: given } }],
      },
    ],
  })
  assert.ok(conversation.ok)
  const { body } = asked(conversation.value)
  assert.ok(JSON.stringify(body).includes(`"arguments":${given}`))
})

test('options that tune one engine are reported by name, and so is what only this protocol has', () => {
  const { unmapped, maxTokens } = neutral({
    model: 'm',
    messages: hello,
    keep_alive: '5m',
    think: false,
    format: '',
    tools: null,
    options: { num_ctx: 4096, repeat_penalty: 1.1, num_predict: -1, temperature: null },
  })
  assert.deepEqual(unmapped, ['keep_alive', 'options.num_ctx', 'options.repeat_penalty', 'think'])
  assert.equal(maxTokens, null)
})

test('a generate body is one turn; what only a bare prompt can say is refused by name', () => {
  const body = { model: 'm', prompt: 'Why?', system: 'Be brief.', images: ['/9j/4A=='] }
  const conversation = ollamaGenerateToConversation({
    ...body,
    suffix: '',
    template: null,
    raw: false,
    context: [],
    format: 'json',
    think: true,
  })
  assert.ok(conversation.ok)
  const { system, turns, output, reasoning, unmapped } = conversation.value
  assert.deepEqual(system, [{ kind: 'text', text: 'Be brief.' }])
  assert.deepEqual(turns, [
    {
      role: 'user',
      parts: [
        { kind: 'text', text: 'Why?' },
        { kind: 'image', mediaType: 'image/jpeg', data: '/9j/4A==', url: null },
      ],
    },
  ])
  assert.deepEqual([output.kind, reasoning?.effort, unmapped], ['json', 'medium', []])
  const more: readonly JsonObject[] = [
    { suffix: 'end' },
    { template: '{{ .Prompt }}' },
    { raw: true },
    { context: [1, 2] },
  ]
  for (const one of more) {
    assert.deepEqual(ollamaGenerateToConversation({ ...body, ...one }), {
      ok: false,
      error: { code: 'unsupported-parameter', param: Object.keys(one)[0] },
    })
  }
})

test('a request that only loads a model has nothing to say elsewhere', () => {
  for (const messages of [null, [], [{ role: 'system', content: 'Be brief.' }]]) {
    assert.deepEqual(ollamaChatToConversation({ model: 'm', messages }), {
      ok: false,
      error: { code: 'missing-field', param: 'messages' },
    })
  }
  assert.deepEqual(ollamaGenerateToConversation({ model: 'm', prompt: '' }), {
    ok: false,
    error: { code: 'missing-field', param: 'prompt' },
  })
})

test('errors of servers and of proxies in front of them are read, bounded', () => {
  const read = (body: string) => readOllamaError(Buffer.from(body))?.message ?? null
  assert.equal(read('{"error":"model \\"x\\" not found"}'), 'model "x" not found')
  assert.equal(read('{"error":{"message":"no"}}'), 'no')
  assert.equal(read(JSON.stringify({ error: 'x'.repeat(9000) }))?.length, 2000)
  for (const other of ['', '<html>', '[]', '{}', '{"error":""}', '{"error":7}'])
    assert.equal(read(other), null)
})
