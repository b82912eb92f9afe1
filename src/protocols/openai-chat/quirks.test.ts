import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wordedFor } from './quirks.ts'

const messages = [{ role: 'user', name: 'ann', content: 'hi' }]

test('a server that calls a field otherwise gets it under its own name', () => {
  const worded = wordedFor({ model: 'm', messages, seed: 7 }, { rename: { seed: 'random_seed' } })
  assert.deepEqual(worded, {
    ok: true,
    value: { body: { model: 'm', messages, random_seed: 7 }, dropped: [] },
  })
})

test('what a server would refuse or silently ignore is refused by name, before anything is sent', () => {
  const quirks = { refuse: ['logprobs'], oneChoice: true }
  assert.deepEqual(wordedFor({ messages, logprobs: true }, quirks), {
    ok: false,
    error: { code: 'unsupported-parameter', param: 'logprobs' },
  })
  assert.deepEqual(wordedFor({ messages, n: 2 }, quirks), {
    ok: false,
    error: { code: 'unsupported-parameter', param: 'n' },
  })
  assert.equal(wordedFor({ messages, logprobs: false, n: 1 }, quirks).ok, true)
})

test('what is left out is named', () => {
  const worded = wordedFor({ messages, user: 'u' }, { drop: ['user'], dropFromMessages: ['name'] })
  assert.deepEqual(worded, {
    ok: true,
    value: { body: { messages: [{ role: 'user', content: 'hi' }] }, dropped: ['user', 'messages'] },
  })
})

test('a server that tells usage unasked is not asked, and nothing counts as lost', () => {
  const body = { messages, stream: true, stream_options: { include_usage: true } }
  assert.deepEqual(wordedFor(body, { usageUnasked: true }), {
    ok: true,
    value: { body: { messages, stream: true }, dropped: [] },
  })
})
