import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import { responsesTextParts } from './parts.ts'

const textsOf = (body: JsonObject): string[] => responsesTextParts(body).map(({ text }) => text)
const unreadable = (body: JsonObject): string[] =>
  responsesTextParts(body).flatMap(({ kind, path }) => (kind === 'unreadable' ? [path] : []))

test('whatever string stands anywhere in a body reaches the classifier, as a value or as a key', () => {
  const json = fc
    .jsonValue({ maxDepth: 4 })
    .map((value): JsonValue => JSON.parse(JSON.stringify(value)))
  const canary = 'CANARY-7f3a'
  const places: readonly ((value: JsonValue) => JsonObject)[] = [
    (value) => ({ input: [{ role: 'user', [canary]: value }] }),
    (value) => ({ input: [{ role: 'user', content: [value, { deep: [canary] }] }] }),
    (value) => ({ input: [{ type: canary, more: value }] }),
    (value) => ({ instructions: canary, tools: [value] }),
    (value) => ({ metadata: { [canary]: value } }),
    (value) => ({ [canary]: value }),
    (value) => ({ tools: [{ type: 'function', parameters: { enum: [value, canary] } }] }),
  ]
  fc.assert(
    fc.property(json, fc.constantFrom(...places), (value, place) => {
      assert.ok(textsOf(place(value)).includes(canary))
    }),
  )
})

test('names and settings of the protocol are not text', () => {
  const body: JsonObject = {
    model: 'm',
    instructions: 'Be brief.',
    input: [
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hello' }] },
      {
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text: 'Hi.', annotations: [], logprobs: [] }],
      },
    ],
    stream: true,
    stream_options: { include_obfuscation: false },
    store: false,
    temperature: 0.2,
    top_p: 1,
    max_output_tokens: 50,
    parallel_tool_calls: true,
    tool_choice: 'auto',
    truncation: 'disabled',
    service_tier: 'auto',
    include: ['reasoning.encrypted_content'],
    reasoning: { effort: 'low', summary: 'auto' },
    text: { format: { type: 'text' }, verbosity: 'low' },
  }
  assert.deepEqual(textsOf(body), ['Be brief.', 'hello', 'Hi.'])
})

test('a figure outside its range, or below the top, is text', () => {
  assert.deepEqual(textsOf({ temperature: 4970101, metadata: { top_p: 1 } }), ['4970101', '1'])
})

test('images, files, encrypted thoughts and items that are not known cannot be read', () => {
  const content = [
    { type: 'input_text', text: 'look' },
    { type: 'input_image', image_url: 'https://x.test/a.png' },
    { type: 'input_file', filename: 'a.pdf', file_data: 'JVBERi0=' },
    { type: 'something_new', text: 'x' },
    { text: 'without a type' },
  ]
  const body: JsonObject = {
    input: [
      { role: 'user', content },
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] },
      { type: 'reasoning', summary: [], encrypted_content: 'gAAA' },
      { type: 'reasoning', summary: [], encrypted_content: null },
      { type: 'function_call_output', call_id: 'c', output: [{ type: 'input_image' }] },
      { type: 'computer_call_output', call_id: 'c', output: { type: 'computer_screenshot' } },
      { type: 'compaction', encrypted_content: 'gAAA' },
      { type: 'custom_tool_call_output', call_id: 'c', output: [{ type: 'input_image' }] },
    ],
  }
  assert.deepEqual(unreadable(body), [
    'input.0.content.1',
    'input.0.content.2',
    'input.0.content.3',
    'input.0.content.4',
    'input.2',
    'input.4.output.0',
    'input.5',
    'input.5.output',
    'input.6',
    'input.7.output.0',
  ])
})

test('calls of other tools and what they gave are text, all of it', () => {
  const body: JsonObject = {
    input: [
      { type: 'custom_tool_call', call_id: 'c', name: 'sql', input: 'select ada' },
      { type: 'custom_tool_call_output', call_id: 'c', output: 'ada, 36' },
      { type: 'local_shell_call', action: { command: ['cat', 'ada.txt'], env: { WHO: 'ada' } } },
      { type: 'web_search_call', action: { type: 'search', query: 'who is ada' } },
    ],
  }
  assert.deepEqual(unreadable(body), [])
  const texts = textsOf(body)
  for (const text of ['select ada', 'ada, 36', 'ada.txt', 'WHO', 'ada', 'who is ada']) {
    assert.ok(texts.includes(text), text)
  }
})

test('a tool whose parameters are called like parts of the protocol can be read', () => {
  const properties = {
    content: { type: 'string' },
    input: { type: 'object' },
    output: { type: 'string' },
    summary: { type: 'string' },
  }
  assert.deepEqual(
    unreadable({
      input: 'x',
      tools: [{ type: 'function', name: 'write', parameters: { type: 'object', properties } }],
    }),
    [],
  )
})
