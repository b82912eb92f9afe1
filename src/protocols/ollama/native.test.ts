import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { NO_USAGE } from '../answer-event.ts'
import { cutAt } from '../answer-event.fixture.ts'
import { ollamaNativeReader } from './native.ts'

const more = (content: string): string =>
  `{"model":"m","message":{"role":"assistant","content":${JSON.stringify(content)},"own":1.50},"done":false}\n`
const DONE = '{"model":"m","done":true,"done_reason":"stop","prompt_eval_count":3,"eval_count":2}\n'

function pass(text: string, cuts: readonly number[] = []) {
  const reader = ollamaNativeReader()
  let out = ''
  for (const piece of cutAt(text, cuts)) {
    const step = reader.step(piece)
    out += step.out
    if (step.broken) return { out, closing: 'broken', usage: reader.usage() }
  }
  return { out, closing: reader.close(), usage: reader.usage() }
}

test('lines pass as they are at every split, and the last one only when the stream has ended', () => {
  const usage = { ...NO_USAGE, promptTokens: 3, completionTokens: 2 }
  const body = more('Bon') + more('jour 🌊')
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 12 }), fc.boolean(), (cuts, ended) => {
      const text = body + (ended ? DONE : DONE.trimEnd())
      assert.deepEqual(pass(text, cuts), { out: body, closing: DONE, usage })
    }),
  )
})

test('a stream cut before its last line is whole never ends well', () => {
  const text = more('a') + DONE
  for (let end = 0; end < text.length - 1; end += 1) {
    assert.equal(pass(text.slice(0, end)).closing, null, String(end))
  }
})

test('an error line, or a line that is no answer, breaks the stream and is not passed on', () => {
  for (const bad of ['{"error":"secret"}\n', '<html>\n', '7\n', '{"status":"x"}\n']) {
    const { out, closing } = pass(more('a') + bad + DONE)
    assert.deepEqual([out, closing], [more('a'), 'broken'], bad)
  }
})

test('a line that never ends breaks the stream', () => {
  const reader = ollamaNativeReader()
  const piece = 'x'.repeat(1024 * 1024)
  let steps = 0
  while (!reader.step(piece).broken) steps += 1
  assert.equal(steps, 16)
  assert.equal(reader.close(), null)
})

test('a whole answer passes byte for byte; a half one, an error or a first line does not', () => {
  const reader = ollamaNativeReader()
  const bytes = Buffer.from(DONE)
  assert.equal(reader.whole(bytes)?.body, bytes)
  assert.equal(reader.usage().completionTokens, 2)
  for (const other of ['', '{"error":"x"}', more('a'), DONE.slice(0, 20), '{"done":1}'])
    assert.equal(ollamaNativeReader().whole(Buffer.from(other)), null, other)
})
