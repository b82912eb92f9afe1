import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { NO_USAGE } from '../answer-event.ts'
import { CHAT_STREAM_START, chatStreamIsComplete, chatStreamStep } from './stream.ts'

const chunk = (fields: object): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', ...fields })}\n\n`
const delta = (content: string, finish: string | null = null): string =>
  chunk({ choices: [{ index: 0, delta: { content }, finish_reason: finish }] })
const usage = chunk({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } })
const DONE = 'data: [DONE]\n\n'

function pass(text: string, includeUsage = false, cuts: readonly number[] = []) {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b)
  let state = CHAT_STREAM_START
  let out = ''
  for (const [i, end] of [...places, text.length].entries()) {
    const [next, frames] = chatStreamStep(
      state,
      text.slice(i === 0 ? 0 : places[i - 1], end),
      includeUsage,
    )
    state = next
    out += frames
  }
  return { state, out }
}

test('every split of a chat stream gives the same frames, usage and end', () => {
  const text = delta('Bon') + delta('jour 🌊') + delta('', 'stop') + usage + DONE
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 20 }), fc.boolean(), (cuts, includeUsage) => {
      assert.deepEqual(pass(text, includeUsage, cuts), pass(text, includeUsage))
    }),
  )
})

test('the usage is read always and shown only to who asked', () => {
  const text = delta('a', 'stop') + usage + DONE
  assert.equal(pass(text).out, delta('a', 'stop'))
  assert.equal(pass(text, true).out, delta('a', 'stop') + usage)
  assert.deepEqual(pass(text).state.usage, { ...NO_USAGE, promptTokens: 3, completionTokens: 2 })
})

test('a stream cut anywhere before its finish is not complete', () => {
  const whole = delta('a') + delta('b') + delta('', 'stop')
  for (let end = 0; end < whole.length - 1; end += 1) {
    assert.equal(chatStreamIsComplete(pass(whole.slice(0, end)).state), false, String(end))
  }
  assert.equal(chatStreamIsComplete(pass(whole).state), true)
})

test('an error frame, or a frame that is no JSON, breaks the stream and is not passed on', () => {
  for (const bad of [
    'data: {"error":{"message":"secret"}}\n\n',
    'data: {"half":\n\n',
    'event: error\ndata: {}\n\n',
  ]) {
    const { state, out } = pass(delta('a') + bad + delta('', 'stop') + DONE)
    assert.equal(state.broken, true)
    assert.equal(chatStreamIsComplete(state), false)
    assert.equal(out, delta('a'))
  }
})

test('chunks without choices, as Azure sends, never reach a client that did not ask for usage', () => {
  assert.equal(pass(chunk({ choices: [], prompt_filter_results: [] }) + delta('a')).out, delta('a'))
})

test('two choices must both finish', () => {
  const one = chunk({
    choices: [
      { index: 0, delta: {}, finish_reason: 'stop' },
      { index: 1, delta: {}, finish_reason: null },
    ],
  })
  assert.equal(chatStreamIsComplete(pass(one).state), false)
  const two = chunk({ choices: [{ index: 1, delta: {}, finish_reason: 'stop' }] })
  assert.equal(chatStreamIsComplete(pass(one + two).state), true)
})
