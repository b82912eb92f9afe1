import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import { readResponsesRequest } from './request.ts'

const refusalOf = (more: JsonObject): unknown => {
  const read = readResponsesRequest({ model: 'm', input: 'x', ...more })
  return read.ok ? null : [read.error.code, read.error.param]
}

test('what would be stored, or was stored, is refused by its name', () => {
  const user = (part: JsonObject): JsonObject => ({ input: [{ role: 'user', content: [part] }] })
  const cases: readonly [JsonObject, string][] = [
    [{ previous_response_id: 'resp_1' }, 'previous_response_id'],
    [{ conversation: 'conv_1' }, 'conversation'],
    [{ conversation: { id: 'conv_1' } }, 'conversation'],
    [{ prompt: { id: 'pmpt_1' } }, 'prompt'],
    [{ store: true }, 'store'],
    [{ background: true }, 'background'],
    [{ input: [{ type: 'item_reference', id: 'msg_1' }] }, 'input.0.item_reference'],
    [{ input: [{ id: 'msg_1' }] }, 'input.0.item_reference'],
    [user({ type: 'input_file', file_id: 'file-1' }), 'input.0.content.0.file_id'],
    [user({ type: 'input_image', file_id: 'file-1' }), 'input.0.content.0.file_id'],
  ]
  for (const [more, param] of cases) {
    assert.deepEqual(refusalOf(more), ['unsupported-parameter', param])
  }
})

test('what says that nothing is to be stored is taken', () => {
  const off = {
    store: false,
    background: false,
    previous_response_id: null,
    conversation: null,
    prompt: null,
  }
  assert.equal(refusalOf(off), null)
})

test('a field of the wrong kind is refused with its place', () => {
  const message = (more: JsonObject): JsonObject => ({ input: [{ role: 'user', ...more }] })
  const cases: readonly [JsonObject, string, string][] = [
    [{ model: 7 }, 'invalid-value', 'model'],
    [{ model: null }, 'missing-field', 'model'],
    [{ input: null }, 'missing-field', 'input'],
    [{ input: [] }, 'invalid-value', 'input'],
    [{ input: ['x'] }, 'invalid-value', 'input.0'],
    [{ input: [{ type: 7 }] }, 'invalid-value', 'input.0'],
    [{ input: [{ role: 'robot', content: 'x' }] }, 'invalid-value', 'input.0.role'],
    [message({}), 'missing-field', 'input.0.content'],
    [message({ content: 7 }), 'invalid-value', 'input.0.content'],
    [message({ content: ['x'] }), 'invalid-value', 'input.0.content.0'],
    [message({ content: [{ type: 'input_text' }] }), 'invalid-value', 'input.0.content.0.text'],
    [
      { input: [{ type: 'function_call', call_id: 'c', name: 'f' }] },
      'missing-field',
      'input.0.arguments',
    ],
    [
      { input: [{ type: 'function_call_output', call_id: 'c' }] },
      'missing-field',
      'input.0.output',
    ],
    [{ stream: 'yes' }, 'invalid-value', 'stream'],
    [{ temperature: '1' }, 'invalid-value', 'temperature'],
    [{ max_output_tokens: 0 }, 'invalid-value', 'max_output_tokens'],
    [{ max_output_tokens: 1.5 }, 'invalid-value', 'max_output_tokens'],
    [{ tools: {} }, 'invalid-value', 'tools'],
    [{ text: 'json' }, 'invalid-value', 'text'],
    [{ instructions: ['x'] }, 'invalid-value', 'instructions'],
  ]
  for (const [more, code, param] of cases) assert.deepEqual(refusalOf(more), [code, param])
})

test('no body makes the reader fail, and no refusal repeats a value of the body', () => {
  const canary = 'CANARY-5d1e'
  const json = fc
    .jsonValue({ maxDepth: 4 })
    .map((value): JsonValue => JSON.parse(JSON.stringify(value)))
  const field = fc.constantFrom('input', 'tools', 'text', 'reasoning', 'store', 'stream', 'model')
  fc.assert(
    fc.property(field, json, (name, value) => {
      const read = readResponsesRequest({
        model: 'm',
        input: [{ type: canary, content: [{ type: canary }] }],
        [name]: value,
      })
      assert.ok(read.ok || !JSON.stringify(read.error).includes(canary))
    }),
  )
})
