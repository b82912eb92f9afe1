import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readChatRequest } from './chat-request.ts'

const MESSAGES = [{ role: 'user', content: 'hello' }]
const read = (fields: object) => readChatRequest({ model: 'm', messages: MESSAGES, ...fields })

const paramOf = (fields: object): string => {
  const result = read(fields)
  return result.ok ? 'accepted' : `${result.error.code} ${result.error.param ?? ''}`
}

test('what the engine cannot do is refused by its name', () => {
  const cases: readonly [object, string][] = [
    [{ tools: [{ type: 'retrieval' }] }, 'tools.0.type'],
    [{ functions: [{}] }, 'functions'],
    [{ logprobs: true }, 'logprobs'],
    [{ top_logprobs: 3 }, 'top_logprobs'],
    [{ n: 2 }, 'n'],
    [{ logit_bias: { 1: 2 } }, 'logit_bias'],
    [{ audio: {} }, 'audio'],
    [{ modalities: ['text', 'audio'] }, 'modalities'],
    [{ store: true }, 'store'],
    [{ service_tier: 'flex' }, 'service_tier'],
    [{ invented: 1 }, 'invented'],
    [{ 'a field\nwith a line': 1 }, 'unknown field'],
  ]
  for (const [fields, name] of cases) {
    assert.equal(paramOf(fields), `unsupported-parameter ${name}`)
  }
  const image = [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }]
  assert.equal(paramOf({ messages: image }), 'unsupported-parameter messages.0.content.0.type')
  const tools = [{ type: 'function', function: { name: 'f' } }]
  const json = { type: 'json_object' }
  assert.equal(paramOf({ tools, response_format: json }), 'unsupported-parameter response_format')
})

test('fields that change nothing are accepted', () => {
  const fields = {
    user: 'u',
    metadata: { a: 'b' },
    store: false,
    service_tier: 'auto',
    n: 1,
    logprobs: false,
    tools: [],
    tool_choice: 'none',
    response_format: { type: 'text' },
    modalities: ['text'],
    temperature: null,
  }
  assert.equal(paramOf(fields), 'accepted')
})

test('values out of range name their field', () => {
  const cases: readonly [object, string][] = [
    [{ temperature: 2.1 }, 'temperature'],
    [{ temperature: Number.NaN }, 'temperature'],
    [{ top_p: -0.1 }, 'top_p'],
    [{ max_tokens: 0 }, 'max_tokens'],
    [{ max_completion_tokens: 1.5 }, 'max_completion_tokens'],
    [{ seed: 1.5 }, 'seed'],
    [{ stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop'],
    [{ stop: '' }, 'stop'],
    [{ stream: 'yes' }, 'stream'],
    [{ stream_options: { include_usage: true } }, 'stream_options'],
    [{ presence_penalty: 3 }, 'presence_penalty'],
    [{ model: 3 }, 'model'],
    [{ messages: [] }, 'messages'],
    [{ messages: [{ role: 'wizard', content: '' }] }, 'messages.0.role'],
    [{ messages: [{ role: 'user', content: 3 }] }, 'messages.0.content'],
  ]
  for (const [fields, name] of cases) assert.equal(paramOf(fields), `invalid-value ${name}`)
})

test('text parts are joined, developer speaks as system, and a replayed answer is accepted', () => {
  const result = read({
    messages: [
      { role: 'developer', content: 'be brief' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      { role: 'assistant', content: 'c', refusal: null, annotations: [], tool_calls: [] },
    ],
    max_tokens: 9,
    max_completion_tokens: 7,
    stop: 'x',
  })
  assert.ok(result.ok)
  assert.deepEqual(result.value.messages, [
    { role: 'system', content: 'be brief' },
    { role: 'user', content: 'ab' },
    { role: 'assistant', content: 'c' },
  ])
  assert.equal(result.value.maxTokens, 7)
  assert.deepEqual(result.value.stop, ['x'])
})
