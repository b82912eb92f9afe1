import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '#kernel/canonical-json.ts'
import { PLAIN, type Conversation } from '../conversation.ts'
import { geminiDialect } from './dialect.ts'
import { readGeminiError } from './error-body.ts'
import { readGeminiRequest } from './request.ts'
import { isGeminiPath, readTarget } from './target.ts'
import { geminiToConversation } from './to-conversation.ts'

const GENERATE = { model: 'm', method: 'generateContent', alt: 'json' } as const
const hello = { contents: [{ parts: [{ text: 'hello' }] }] }

const conversationOf = (body: JsonObject): Conversation => {
  const read = geminiToConversation(body)
  assert.ok(read.ok, JSON.stringify(read))
  return read.value
}

test('model and method are read from the path, whatever the name of the model holds', () => {
  const target = (path: string, query = {}): unknown => {
    const read = readTarget(path, query)
    return read.ok ? read.value : read.error
  }
  assert.deepEqual(target('gemma3:4b:generateContent'), { ...GENERATE, model: 'gemma3:4b' })
  assert.deepEqual(target('cloud/a/b:streamGenerateContent', { alt: 'sse', key: 'k' }), {
    model: 'cloud/a/b',
    method: 'streamGenerateContent',
    alt: 'sse',
  })
  assert.deepEqual(target('m:embedContent'), {
    code: 'unsupported-parameter',
    param: 'embedContent',
  })
  assert.deepEqual(target('m:sing'), { code: 'not-found' })
  assert.deepEqual(target('generateContent'), { code: 'not-found' })
  assert.deepEqual(target(':generateContent'), { code: 'not-found' })
  assert.deepEqual(target('m:generateContent', { alt: 'proto' }), {
    code: 'invalid-value',
    param: 'alt',
    detail: { expected: 'sse or json' },
  })
  assert.deepEqual(target('m:generateContent', { secret: '1' }), {
    code: 'unsupported-parameter',
    param: 'query',
  })
})

test('calls under /v1 are told from the models of other protocols', () => {
  for (const path of ['/v1beta/files', '/v1beta/models', '/v1/models/a/b:streamGenerateContent']) {
    assert.ok(isGeminiPath(path), path)
  }
  for (const path of [
    '/v1/models',
    '/v1/models/gemma3:latest',
    '/v1/chat/completions',
    '/v1betamax',
  ]) {
    assert.ok(!isGeminiPath(path), path)
  }
})

test('a body that is not of the API is refused with the place of the fault', () => {
  const cases: readonly (readonly [JsonObject, string])[] = [
    [{}, 'contents'],
    [{ contents: [] }, 'contents'],
    [{ contents: ['x'] }, 'contents.0'],
    [{ contents: [{ role: 'robot', parts: [{ text: 'x' }] }] }, 'contents.0.role'],
    [{ contents: [{ role: 'user' }] }, 'contents.0.parts'],
    [{ contents: [{ parts: ['x'] }] }, 'contents.0.parts.0'],
    [{ contents: [{ parts: [{ text: 7 }] }] }, 'contents.0.parts.0.text'],
    [
      { contents: [{ parts: [{ functionCall: { name: 'f', args: '{}' } }] }] },
      'contents.0.parts.0.functionCall.args',
    ],
    [
      { contents: [{ parts: [{ function_response: { name: 'f', response: 'x' } }] }] },
      'contents.0.parts.0.functionResponse.response',
    ],
    [
      { contents: [{ parts: [{ inline_data: { mime_type: 'image/png' } }] }] },
      'contents.0.parts.0.inlineData.data',
    ],
    [{ ...hello, system_instruction: 'x' }, 'systemInstruction'],
    [{ ...hello, generationConfig: [] }, 'generationConfig'],
    [{ ...hello, tools: ['x'] }, 'tools.0'],
  ]
  for (const [body, param] of cases) {
    const read = readGeminiRequest(GENERATE, body)
    assert.equal(read.ok, false, param)
    assert.equal(!read.ok && read.error.param, param)
  }
  assert.ok(readGeminiRequest(GENERATE, hello).ok)
})

test('both spellings of every name, and one thing where a list is meant, say the same', () => {
  const camel = conversationOf({
    systemInstruction: { parts: [{ text: 'Be brief.' }] },
    contents: [{ role: 'user', parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }] }],
    tools: [{ functionDeclarations: [{ name: 'f', parameters: { type: 'OBJECT' } }] }],
    toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } },
    generationConfig: {
      maxOutputTokens: 5,
      stopSequences: ['a'],
      responseMimeType: 'application/json',
    },
    safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
  })
  const snake = conversationOf({
    system_instruction: { parts: { text: 'Be brief.' } },
    contents: { parts: { inline_data: { mime_type: 'image/png', data: 'AAAA' } } },
    tools: { function_declarations: { name: 'f', parameters: { type: 'OBJECT' } } },
    tool_config: { function_calling_config: { mode: 'ANY', allowed_function_names: 'f' } },
    generation_config: {
      max_output_tokens: 5,
      stop_sequences: 'a',
      response_mime_type: 'application/json',
    },
    safety_settings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
  })
  assert.deepEqual(snake, camel)
  assert.deepEqual(camel.unmapped, ['safetySettings'])
})

test('what would make the answer another thing is refused by name', () => {
  const cases: readonly (readonly [JsonObject, string])[] = [
    [{ cachedContent: 'cachedContents/x' }, 'cachedContent'],
    [{ generationConfig: { candidateCount: 2 } }, 'generationConfig.candidateCount'],
    [
      { generation_config: { response_modalities: ['IMAGE'] } },
      'generationConfig.responseModalities',
    ],
    [{ generationConfig: { speechConfig: {} } }, 'generationConfig.speechConfig'],
    [
      { generationConfig: { responseMimeType: 'text/x.enum' } },
      'generationConfig.responseMimeType',
    ],
    [{ tools: [{ google_search: {} }] }, 'tools.googleSearch'],
    [{ tools: [{ secretTool: {} }] }, 'tools'],
  ]
  for (const [more, param] of cases) {
    assert.deepEqual(geminiToConversation({ ...hello, ...more }), {
      ok: false,
      error: { code: 'unsupported-parameter', param },
    })
  }
})

test('calls and results without ids find each other by name, in their order', () => {
  const { turns } = conversationOf({
    contents: [
      { role: 'user', parts: [{ text: 'go' }] },
      {
        role: 'model',
        parts: [
          { functionCall: { name: 'a', args: { n: 1 } }, thoughtSignature: 'c2ln' },
          { functionCall: { name: 'b' } },
          { functionCall: { name: 'a', args: { n: 2 } } },
        ],
      },
      {
        role: 'function',
        parts: [
          { functionResponse: { name: 'b', response: { output: { x: 1 } } } },
          { functionResponse: { name: 'a', response: { n: 1 } } },
          { functionResponse: { name: 'a', response: { error: 'lost' } } },
        ],
      },
    ],
  })
  const calls = turns[1]?.parts.map((part) => part.kind === 'tool-call' && [part.id, part.name])
  assert.deepEqual(calls, [
    ['call_1', 'a'],
    ['call_2', 'b'],
    ['call_3', 'a'],
  ])
  assert.deepEqual(turns[2]?.parts, [
    {
      kind: 'tool-result',
      callId: 'call_2',
      parts: [{ kind: 'text', text: '{"x":1}' }],
      isError: false,
    },
    {
      kind: 'tool-result',
      callId: 'call_1',
      parts: [{ kind: 'text', text: '{"n":1}' }],
      isError: false,
    },
    {
      kind: 'tool-result',
      callId: 'call_3',
      parts: [{ kind: 'text', text: 'lost' }],
      isError: true,
    },
  ])
})

test('a schema of the API becomes JSON Schema; names of properties stay as they are', () => {
  const { tools } = conversationOf({
    ...hello,
    tools: [
      {
        functionDeclarations: [
          {
            name: 'f',
            parameters: {
              type: 'OBJECT',
              properties: {
                any_of: { type: 'STRING', nullable: true, enum: ['A'] },
                type: { type: 'ARRAY', items: { type: 'INTEGER' }, minItems: '2' },
                one: { any_of: [{ type: 'NUMBER' }, { type: 'BOOLEAN' }] },
              },
              propertyOrdering: ['type'],
              required: ['any_of'],
            },
          },
        ],
      },
    ],
  })
  assert.deepEqual(tools[0]?.schema, {
    type: 'object',
    properties: {
      any_of: { type: ['string', 'null'], enum: ['A', null] },
      type: { type: 'array', items: { type: 'integer' }, minItems: 2 },
      one: { anyOf: [{ type: 'number' }, { type: 'boolean' }] },
    },
    required: ['any_of'],
  })
})

test('several allowed functions leave only those; thoughts come back as one with their signature', () => {
  const asked = conversationOf({
    contents: [
      { role: 'user', parts: [{ text: 'go' }] },
      {
        role: 'model',
        parts: [
          { text: 'I ', thought: true },
          { text: 'think', thought: true },
          { text: '', thought: true, thoughtSignature: 'c2ln' },
          { text: 'Yes.' },
        ],
      },
    ],
    tools: [{ functionDeclarations: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] }],
    toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['a', 'c'] } },
  })
  assert.deepEqual(asked.toolChoice, { kind: 'required' })
  assert.deepEqual(
    asked.tools.map(({ name }) => name),
    ['a', 'c'],
  )
  assert.deepEqual(asked.turns[1]?.parts, [
    { kind: 'reasoning', text: 'I think', signature: 'c2ln' },
    { kind: 'text', text: 'Yes.' },
  ])
})

test('a destination gets results by name, its own kind of thinking, and no call without a signature where it checks them', () => {
  const conversation: Conversation = {
    ...PLAIN,
    turns: [
      { role: 'user', parts: [{ kind: 'text', text: 'go' }] },
      {
        role: 'assistant',
        parts: [
          { kind: 'reasoning', text: 'hm', signature: 's' },
          { kind: 'tool-call', id: 'c1', name: 'look', arguments: '' },
        ],
      },
      {
        role: 'user',
        parts: [
          {
            kind: 'tool-result',
            callId: 'c1',
            isError: false,
            parts: [
              { kind: 'text', text: 'seen' },
              { kind: 'image', mediaType: null, data: null, url: 'https://a.test/cat.JPG?x=1' },
            ],
          },
        ],
      },
    ],
    parallelToolCalls: false,
    user: 'u',
    reasoning: { effort: 'low', budgetTokens: null },
  }
  const asked = geminiDialect.request(conversation, 'gemini-3-flash', false)
  assert.ok(asked.ok)
  assert.deepEqual(asked.value.body, {
    contents: [
      { role: 'user', parts: [{ text: 'go' }] },
      {
        role: 'model',
        parts: [
          {
            functionCall: { id: 'c1', name: 'look', args: {} },
            thoughtSignature: 'skip_thought_signature_validator',
          },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: 'c1', name: 'look', response: { output: 'seen' } } },
          { fileData: { mimeType: 'image/jpeg', fileUri: 'https://a.test/cat.JPG?x=1' } },
        ],
      },
    ],
    generationConfig: { thinkingConfig: { includeThoughts: true, thinkingLevel: 'LOW' } },
  })
  assert.deepEqual(asked.value.dropped, ['reasoning', 'parallel_tool_calls', 'user'])
  const older = geminiDialect.request(conversation, 'tunedModels/a b', false)
  assert.ok(older.ok)
  assert.equal(older.value.path, '/tunedModels/a%20b:generateContent')
  assert.doesNotMatch(JSON.stringify(older.value.body), /thoughtSignature|thinkingLevel/)
})

test('arguments that are no object, or that would lose digits, are refused by name', () => {
  const asked = (text: string): unknown => {
    const parts = [{ kind: 'tool-call', id: 'c', name: 'f', arguments: text }] as const
    const request = geminiDialect.request(
      { ...PLAIN, turns: [{ role: 'assistant', parts }] },
      'm',
      false,
    )
    return request.ok ? null : request.error
  }
  const detail = { expected: 'a JSON object' }
  assert.deepEqual(asked('[1]'), { code: 'invalid-value', param: 'tool_calls.arguments', detail })
  assert.deepEqual(asked('{"a":'), { code: 'invalid-value', param: 'tool_calls.arguments', detail })
  assert.deepEqual(asked('{"id":12345678901234567890}'), { code: 'unsafe-number' })
})

test('an error of the API is read with its place; a bad key is told without its words', () => {
  const read = (error: object): unknown => readGeminiError(Buffer.from(JSON.stringify({ error })))
  assert.deepEqual(
    read({
      code: 400,
      message: 'Invalid value',
      status: 'INVALID_ARGUMENT',
      details: [{ fieldViolations: [{ field: 'contents[0]' }] }],
    }),
    {
      message: 'Invalid value',
      type: 'invalid_request_error',
      param: 'contents[0]',
      code: 'INVALID_ARGUMENT',
    },
  )
  const bad = read({
    code: 400,
    message: 'API key not valid. Please pass a valid API key.',
    status: 'INVALID_ARGUMENT',
    details: [{ reason: 'API_KEY_INVALID' }],
  })
  assert.doesNotMatch(JSON.stringify(bad), /not valid/)
  assert.equal(readGeminiError(Buffer.from('<html>')), null)
  assert.equal(readGeminiError(Buffer.from('{"error":"x"}')), null)
})
