import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import { messagesTextParts } from './parts.ts'

const kinds = (body: JsonObject, kind: string): readonly string[] =>
  messagesTextParts(body).flatMap((part) => (part.kind === kind ? [part.path] : []))

const user = (...content: JsonObject[]): JsonObject => ({
  model: 'm',
  messages: [{ role: 'user', content }],
})

describe('what of a Messages body is classified', () => {
  test('every string and every unknown key of any body is in some part', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        // JSON.parse gives what a body can hold; the prefix keeps the keys unknown
        const odd = oddKeys(JSON.parse(JSON.stringify(value)) as JsonValue)
        const texts = new Set(messagesTextParts({ model: 'm', odd }).map(({ text }) => text))
        for (const text of stringsOf(odd)) assert.ok(texts.has(text), text)
      }),
    )
  })

  test('a plain request is its texts, and settings are no text', () => {
    const parts = messagesTextParts({
      model: 'secret-name',
      max_tokens: 100,
      temperature: 0.5,
      top_k: 5,
      stream: true,
      thinking: { type: 'enabled', budget_tokens: 2048 },
      system: 'Be brief.',
      messages: [
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: [{ type: 'text', text: 'Yes?' }] },
      ],
    })
    assert.deepEqual(
      parts.map(({ path, text }) => [path, text]),
      [
        ['system', 'Be brief.'],
        ['messages.0.content', 'Hello'],
        ['messages.1.content.0.text', 'Yes?'],
      ],
    )
  })

  test('a figure out of the range of its setting is text, and so is the same name elsewhere', () => {
    assert.deepEqual(kinds({ model: 'm', max_tokens: 185_057_800_608_491 }, 'number'), [
      'max_tokens',
    ])
    assert.deepEqual(
      kinds(user({ type: 'tool_use', id: 'a', name: 'b', input: { max_tokens: 5 } }), 'number'),
      ['messages.0.content.0.input.max_tokens'],
    )
  })

  test('images, files, encrypted and unknown blocks are unreadable wherever they stand', () => {
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA' } }
    const pdf = { type: 'document', source: { type: 'file', file_id: 'f' } }
    const at = 'messages.0.content.0'
    const cases: readonly (readonly [JsonObject, string])[] = [
      [image, at],
      [pdf, at],
      [{ type: 'redacted_thinking', data: 'x' }, at],
      [{ type: 'web_search_tool_result', tool_use_id: 'x', content: [] }, at],
      [{ type: 'later', text: 'x' }, at],
      [{ type: 'tool_result', tool_use_id: 'x', content: [image] }, `${at}.content.0`],
      [
        { type: 'document', source: { type: 'content', content: [image] } },
        `${at}.source.content.0`,
      ],
    ]
    for (const [block, path] of cases) assert.deepEqual(kinds(user(block), 'unreadable'), [path])
    assert.deepEqual(kinds({ model: 'm', system: [image] }, 'unreadable'), ['system.0'])
  })

  test('text, tools, thoughts and documents of text are readable, whatever a tool calls its arguments', () => {
    const body = user(
      { type: 'text', text: 'x' },
      { type: 'thinking', thinking: 'x', signature: 'y' },
      { type: 'tool_use', id: 'a', name: 'write', input: { content: [{ type: 'odd', v: 'x' }] } },
      { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'x' }] },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'x' } },
      { type: 'search_result', title: 't', source: 's', content: [{ type: 'text', text: 'x' }] },
    )
    assert.deepEqual(kinds(body, 'unreadable'), [])
  })
})

function stringsOf(value: JsonValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Array.isArray(value)
    ? value.flatMap(stringsOf)
    : Object.entries(value).flatMap(([key, child]) => [key, ...stringsOf(child)])
}

function oddKeys(value: JsonValue | undefined): JsonValue {
  if (typeof value !== 'object' || value === null) return value ?? null
  if (Array.isArray(value)) return value.map(oddKeys)
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [`x-${key}`, oddKeys(child)]),
  )
}
