import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import { geminiTextParts } from './parts.ts'

const textsOf = (body: JsonObject): string[] => geminiTextParts(body).map(({ text }) => text)
const kindsOf = (part: JsonObject): string[] =>
  geminiTextParts({ contents: [{ parts: [part] }] }).map(({ kind }) => kind)

test('whatever string stands anywhere in a body reaches the classifier, as a value or as a key', () => {
  const json = fc
    .jsonValue({ maxDepth: 4 })
    .map((value): JsonValue => JSON.parse(JSON.stringify(value)))
  const canary = 'CANARY-7f3a'
  const places: readonly ((value: JsonValue) => JsonObject)[] = [
    (value) => ({ contents: [{ parts: [value, { text: canary }] }] }),
    (value) => ({
      contents: [{ parts: [{ functionCall: { name: 'f', args: { [canary]: value } } }] }],
    }),
    (value) => ({
      contents: { parts: { function_response: { name: canary, response: { value } } } },
    }),
    (value) => ({ systemInstruction: { parts: [{ text: canary }] }, tools: value }),
    (value) => ({
      tools: [{ functionDeclarations: [{ description: canary, parameters: value }] }],
    }),
    (value) => ({ generationConfig: { stopSequences: [canary], responseSchema: value } }),
    (value) => ({ [canary]: value }),
    (value) => ({ labels: { team: canary }, value }),
    (value) => ({ contents: [{ role: canary, parts: [value] }] }),
    (value) => ({ 'generateContentRequest.model': canary, value }),
    (value) => ({ generateContentRequest: { model: canary, value } }),
  ]
  fc.assert(
    fc.property(json, fc.constantFrom(...places), (value, place) => {
      assert.ok(textsOf(place(value)).includes(canary))
    }),
  )
})

test('names and settings of the protocol are not text, in both spellings', () => {
  assert.deepEqual(
    textsOf({
      contents: [{ role: 'user', parts: [{ text: 'hello' }] }],
      generationConfig: {
        temperature: 0.2,
        maxOutputTokens: 5,
        responseMimeType: 'application/json',
        thinkingConfig: { thinkingBudget: -1, includeThoughts: true },
      },
      safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
      toolConfig: { functionCallingConfig: { mode: 'ANY' } },
    }),
    ['hello'],
  )
  assert.deepEqual(
    textsOf({
      contents: [{ parts: [{ text: 'hello' }] }],
      generation_config: {
        top_p: 0.2,
        max_output_tokens: 5,
        thinking_config: { thinking_budget: 9 },
      },
    }),
    ['hello'],
  )
})

test('a number outside the range of its setting, or elsewhere, is text', () => {
  assert.deepEqual(textsOf({ generationConfig: { seed: 4970101234567890 } }), ['4970101234567890'])
  assert.ok(
    textsOf({
      contents: [{ parts: [{ functionCall: { name: 'f', args: { topP: 0.5 } } }] }],
    }).includes('0.5'),
  )
})

test('arguments and results are read as JSON text too, as other protocols carry them', () => {
  const args = { iban: 'FR76', n: 1 }
  const part = { functionCall: { name: 'pay', args } }
  assert.ok(textsOf({ contents: [{ parts: [part] }] }).includes(JSON.stringify(args)))
})

test('bytes, files, stored content and unknown kinds of parts cannot be read', () => {
  const unreadable: readonly JsonObject[] = [
    { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
    { inline_data: { mime_type: 'application/pdf', data: 'AAAA' } },
    { fileData: { fileUri: 'https://a.test/x' } },
    { text: 'x', file_data: { file_uri: 'https://a.test/x' } },
    { hologram: { data: 'x' } },
    { text: 'x', videoMetadata: { fps: 1 } },
    {
      functionResponse: {
        name: 'f',
        response: {},
        parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }],
      },
    },
  ]
  for (const part of unreadable) {
    assert.ok(kindsOf(part).includes('unreadable'), JSON.stringify(part))
  }
  const stored = geminiTextParts({ cached_content: 'cachedContents/1' })
  assert.ok(stored.some(({ kind }) => kind === 'unreadable'))
  const data = { functionCall: { name: 'f', args: { parts: [{ sku: 'x' }] } } }
  assert.ok(!kindsOf(data).includes('unreadable'))
  assert.ok(!kindsOf({ text: 'x', thoughtSignature: 'c2ln' }).includes('unreadable'))
})

test('a text file is read as its text, and only where both sides must decode the same', () => {
  const file = (data: string, mimeType = 'text/plain', more = {}): JsonObject => ({
    contents: [{ parts: [{ inlineData: { mimeType, data, ...more } }] }],
  })
  const plain = Buffer.from('Mon IBAN secret.').toString('base64')
  assert.ok(textsOf(file(plain)).includes('Mon IBAN secret.'))
  const isRead = (body: JsonObject): boolean =>
    geminiTextParts(body).every(({ kind }) => kind !== 'unreadable')
  assert.ok(isRead(file(plain)))
  assert.ok(!isRead(file(`${plain.slice(0, 8)}\n${plain.slice(8)}`)))
  assert.ok(!isRead(file(Buffer.from([0xff, 0xfe, 0x41]).toString('base64'))))
  assert.ok(!isRead(file(plain, 'text/html')))
  assert.ok(!isRead(file(plain, 'text/plain', { mime_type: 'application/pdf' })))
  const both = { inlineData: { mimeType: 'text/plain', data: plain } }
  const hidden = { ...both, inline_data: { mimeType: 'image/png', data: 'AAAA' } }
  assert.ok(!isRead({ contents: [{ parts: [hidden] }] }))
})
