import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Destination, Quirks } from '#kernel/destination.ts'
import type { Choice } from '#kernel/verdict.ts'
import { parseForm } from '#protocols/multipart/parse-form.ts'
import { nativeReader } from '#protocols/openai-chat/native-reader.ts'
import { readChatRequest } from '#protocols/openai-chat/request.ts'
import { chatSurface } from '#protocols/openai-chat/surface.ts'
import { bodyOf, outgoingFor } from './outgoing.ts'

function choiceWith(quirks: Quirks): Choice {
  const model = { name: 'm', upstream: 'm-1' }
  const destination: Destination = {
    id: 'd',
    dialect: 'openai',
    address: { kind: 'url', baseUrl: 'https://d.test/v1' },
    zone: 'managed',
    jurisdiction: 'FR',
    clearance: 'public',
    quirks,
    state: 'enabled',
    origin: 'config',
    models: [model],
  }
  return { destination, model, zone: 'managed', costEuro: null, tokensPerSecond: null }
}

function chat(fields: object) {
  const read = readChatRequest({
    model: 'm',
    messages: [{ role: 'user', content: 'hi' }],
    ...fields,
  })
  assert.ok(read.ok)
  return chatSurface(read.value, { id: 'x', createdSeconds: 0 })
}

test('a form is sealed as a form, and anything else as JSON, each under its own type', () => {
  const terms = { path: '/x', headers: {}, dropped: [], reader: nativeReader(false) }
  const json = bodyOf({ ...terms, body: { a: 1 } }, () => 0)
  assert.deepEqual(json, { contentType: 'application/json', bytes: Buffer.from('{"a":1}') })
  const form = [{ kind: 'field', name: 'a', value: '1' }] as const
  const sealed = bodyOf({ ...terms, form }, () => 0)
  assert.deepEqual(parseForm(sealed.bytes, sealed.contentType), { ok: true, value: form })
})

test('a server gets the request in its own words, and what it cannot take is named', () => {
  const quirks = { rename: { seed: 'random_seed' }, drop: ['user'], refuse: ['logprobs'] }
  const worded = outgoingFor(
    { request: chat({ seed: 3, user: 'u' }), masking: null },
    choiceWith(quirks),
  )
  assert.ok(worded.ok)
  assert.equal(worded.value.body?.['random_seed'], 3)
  assert.equal(worded.value.body?.['seed'], undefined)
  assert.deepEqual(worded.value.dropped, ['user'])
  assert.deepEqual(
    outgoingFor({ request: chat({ logprobs: true }), masking: null }, choiceWith(quirks)),
    {
      ok: false,
      error: { code: 'unsupported-parameter', param: 'logprobs' },
    },
  )
})
