import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '#kernel/canonical-json.ts'
import { PLAIN } from '../conversation.ts'
import { responsesToConversation } from './to-conversation.ts'

const tool: JsonObject = {
  type: 'function',
  name: 'look',
  description: 'Looks.',
  parameters: { type: 'object', properties: { a: { type: 'number' } } },
  strict: true,
}

const refusalOf = (more: JsonObject): unknown => {
  const read = responsesToConversation({ model: 'm', input: 'x', ...more })
  return read.ok ? null : [read.error.code, read.error.param]
}

const unmappedOf = (more: JsonObject): readonly string[] => {
  const read = responsesToConversation({ model: 'm', input: 'x', ...more })
  assert.ok(read.ok)
  return read.value.unmapped
}

test('everything that a body says stands in the neutral form', () => {
  const read = responsesToConversation({
    model: 'm',
    instructions: 'Be brief.',
    input: [
      { role: 'developer', content: 'In French.' },
      {
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_text', text: 'What is this?' },
          { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'auto' },
        ],
      },
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm.' }] },
      { type: 'function_call', call_id: 'c1', name: 'look', arguments: '{"a":1}' },
      { type: 'function_call', call_id: 'c2', name: 'look', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c1', output: 'a cat' },
      {
        type: 'function_call_output',
        call_id: 'c2',
        output: [{ type: 'input_text', text: 'a dog' }],
      },
      {
        role: 'assistant',
        content: [
          { type: 'output_text', text: 'Both.' },
          { type: 'refusal', refusal: 'No more.' },
        ],
      },
      { role: 'user', content: 'And now?' },
    ],
    tools: [tool],
    tool_choice: { type: 'function', name: 'look' },
    parallel_tool_calls: false,
    max_output_tokens: 50,
    temperature: 0.5,
    top_p: 0.9,
    text: { format: { type: 'json_schema', name: 'x', schema: { type: 'object' }, strict: true } },
    reasoning: { effort: 'low' },
    safety_identifier: 'u1',
  })
  assert.deepEqual(read, {
    ok: true,
    value: {
      ...PLAIN,
      system: [
        { kind: 'text', text: 'Be brief.' },
        { kind: 'text', text: 'In French.' },
      ],
      turns: [
        {
          role: 'user',
          parts: [
            { kind: 'text', text: 'What is this?' },
            { kind: 'image', mediaType: 'image/png', data: 'AAAA', url: null },
          ],
        },
        {
          role: 'assistant',
          parts: [
            { kind: 'reasoning', text: 'Hm.', signature: null },
            { kind: 'tool-call', id: 'c1', name: 'look', arguments: '{"a":1}' },
            { kind: 'tool-call', id: 'c2', name: 'look', arguments: '{}' },
          ],
        },
        {
          role: 'user',
          parts: [
            {
              kind: 'tool-result',
              callId: 'c1',
              parts: [{ kind: 'text', text: 'a cat' }],
              isError: false,
            },
            {
              kind: 'tool-result',
              callId: 'c2',
              parts: [{ kind: 'text', text: 'a dog' }],
              isError: false,
            },
          ],
        },
        {
          role: 'assistant',
          parts: [
            { kind: 'text', text: 'Both.' },
            { kind: 'refusal', text: 'No more.' },
          ],
        },
        { role: 'user', parts: [{ kind: 'text', text: 'And now?' }] },
      ],
      tools: [
        {
          name: 'look',
          description: 'Looks.',
          schema: { type: 'object', properties: { a: { type: 'number' } } },
          strict: true,
        },
      ],
      toolChoice: { kind: 'one', name: 'look' },
      parallelToolCalls: false,
      maxTokens: 50,
      temperature: 0.5,
      topP: 0.9,
      output: { kind: 'schema', name: 'x', schema: { type: 'object' }, strict: true },
      reasoning: { effort: 'low', budgetTokens: null },
      user: 'u1',
      unmapped: [],
    },
  })
})

test('tools and items that the provider would run are refused by their name, others by their place', () => {
  const cases: readonly [JsonObject, string][] = [
    [{ tools: [tool, { type: 'web_search' }] }, 'tools.1.web_search'],
    [{ tools: [{ type: 'web_search_preview_2025_03_11' }] }, 'tools.0.web_search_preview'],
    [{ tools: [{ type: 'file_search' }] }, 'tools.0.file_search'],
    [{ tools: [{ type: 'code_interpreter' }] }, 'tools.0.code_interpreter'],
    [{ tools: [{ type: 'computer_use_preview' }] }, 'tools.0.computer_use_preview'],
    [{ tools: [{ type: 'mcp' }] }, 'tools.0.mcp'],
    [{ tools: [{ type: 'custom', name: 'x' }] }, 'tools.0.custom'],
    [{ tools: [{ type: "a caller's own words" }] }, 'tools.0.type'],
    [{ tool_choice: { type: 'file_search' } }, 'tool_choice.file_search'],
    [{ input: [{ type: 'web_search_call' }] }, 'input.0.web_search_call'],
    [{ input: [{ type: "a caller's own words" }] }, 'input.0.type'],
    [
      { input: [{ role: 'user', content: [{ type: 'input_file', file_data: 'x' }] }] },
      'input.0.content.0.input_file',
    ],
    [
      { input: [{ role: 'user', content: [{ type: 'input_audio' }] }] },
      'input.0.content.0.input_audio',
    ],
  ]
  for (const [more, param] of cases) {
    assert.deepEqual(refusalOf(more), ['unsupported-parameter', param])
  }
})

test('allowed tools are the tools that are sent', () => {
  const other = { ...tool, name: 'add' }
  const read = responsesToConversation({
    model: 'm',
    input: 'x',
    tools: [tool, other],
    tool_choice: {
      type: 'allowed_tools',
      mode: 'required',
      tools: [{ type: 'function', name: 'add' }],
    },
  })
  assert.ok(read.ok)
  assert.deepEqual(
    read.value.tools.map(({ name }) => name),
    ['add'],
  )
  assert.deepEqual(read.value.toolChoice, { kind: 'required' })
})

test('a hint that is not passed on is named, and what asks for nothing is not', () => {
  assert.deepEqual(
    unmappedOf({
      truncation: 'auto',
      service_tier: 'flex',
      top_logprobs: 3,
      prompt_cache_key: 'k',
      include: ['message.output_text.logprobs'],
      text: { verbosity: 'low' },
      reasoning: { effort: 'xhigh' },
      something_new: 1,
    }),
    [
      'truncation',
      'service_tier',
      'top_logprobs',
      'prompt_cache_key',
      'something_new',
      'text.verbosity',
      'reasoning.effort',
      'include',
    ],
  )
  assert.deepEqual(
    unmappedOf({
      truncation: 'disabled',
      service_tier: 'auto',
      top_logprobs: 0,
      include: ['reasoning.encrypted_content'],
      text: { format: { type: 'text' } },
      reasoning: { effort: 'high', summary: 'auto' },
      metadata: { a: 'b' },
      user: null,
      max_tool_calls: null,
    }),
    [],
  )
})
