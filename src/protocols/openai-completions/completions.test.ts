import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import { answerEvents, cutAt } from '../answer-event.fixture.ts'
import { CHAT_STREAM_START, chatStreamIsComplete, chatStreamStep } from '../openai-chat/stream.ts'
import { needsNative } from './native.ts'
import { completionsTextParts } from './parts.ts'
import { readCompletionsRequest, type CompletionsRequest } from './request.ts'
import { completionsToConversation } from './to-conversation.ts'
import { completionsWriter } from './writer.ts'

const read = (more: JsonObject): CompletionsRequest => {
  const request = readCompletionsRequest({ model: 'm', prompt: 'Once', ...more })
  assert.ok(request.ok)
  return request.value
}

const refusalOf = (more: JsonObject): unknown => {
  const request = readCompletionsRequest({ model: 'm', prompt: 'Once', ...more })
  const made = request.ok ? completionsToConversation(request.value) : request
  return made.ok ? null : [made.error.code, made.error.param]
}

test('one prompt is taken, alone or in a list; several prompts and tokens are refused by name', () => {
  assert.equal(read({ prompt: ['Once'] }).prompt, 'Once')
  const refused = ['unsupported-parameter', 'prompt']
  assert.deepEqual(refusalOf({ prompt: ['a', 'b'] }), refused)
  assert.deepEqual(refusalOf({ prompt: [1, 2, 3] }), refused)
  assert.deepEqual(refusalOf({ prompt: [[1, 2]] }), refused)
  assert.deepEqual(refusalOf({ prompt: [] }), ['invalid-value', 'prompt'])
  assert.deepEqual(refusalOf({ prompt: 7 }), ['invalid-value', 'prompt'])
  assert.deepEqual(refusalOf({ prompt: null }), ['missing-field', 'prompt'])
  assert.deepEqual(refusalOf({ stream: 'yes' }), ['invalid-value', 'stream'])
  assert.deepEqual(refusalOf({ stream_options: true }), ['invalid-value', 'stream_options'])
})

test('what only a true completion can honour goes natively, defaults do not count', () => {
  const idle = { suffix: '', echo: false, best_of: 1, n: 1, logprobs: null, logit_bias: {} }
  assert.equal(needsNative(read({ ...idle, max_tokens: 5, stop: ['x'], seed: 1 })), false)
  for (const more of [
    { suffix: '}' },
    { echo: true },
    { best_of: 2 },
    { n: 2 },
    { logprobs: 0 },
    { logit_bias: { '5': 1 } },
    { min_p: 0.1 },
    { prompt: '<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>' },
    { prompt: '<PRE> a <SUF>b <MID>' },
    { prompt: '[SUFFIX]b[PREFIX]a' },
  ]) {
    assert.equal(needsNative(read(more)), true, JSON.stringify(more))
  }
})

test('other dialects refuse what would change the answer, and report what would not', () => {
  assert.deepEqual(refusalOf({ suffix: '}' }), ['unsupported-parameter', 'suffix'])
  assert.deepEqual(refusalOf({ echo: true }), ['unsupported-parameter', 'echo'])
  assert.deepEqual(refusalOf({ best_of: 2 }), ['unsupported-parameter', 'best_of'])
  assert.deepEqual(refusalOf({ n: 2 }), ['unsupported-parameter', 'n'])
  const made = completionsToConversation(
    read({ logprobs: 2, min_p: 0.1, max_tokens: 5, stop: 'END', seed: 7, user: 'u' }),
  )
  assert.ok(made.ok)
  const { turns, unmapped, maxTokens, stop, seed, user } = made.value
  assert.deepEqual(turns, [{ role: 'user', parts: [{ kind: 'text', text: 'Once' }] }])
  assert.deepEqual(unmapped, ['logprobs', 'min_p'])
  assert.deepEqual([maxTokens, stop, seed, user], [5, ['END'], 7, 'u'])
})

test('whatever string stands anywhere in a body reaches the classifier, settings do not', () => {
  const canary = 'CANARY-7f3a'
  const json = fc
    .jsonValue({ maxDepth: 4 })
    .map((value): JsonValue => JSON.parse(JSON.stringify(value)))
  fc.assert(
    fc.property(json, fc.constantFrom('prompt', 'suffix', 'user', 'other'), (value, name) => {
      for (const body of [{ [name]: [value, canary] }, { [name]: { [canary]: value } }]) {
        assert.ok(completionsTextParts(body).some(({ text }) => text === canary))
      }
    }),
  )
  const body = { model: 'm', prompt: 'Once', n: 1, best_of: 1, echo: false, logprobs: 5, seed: 3 }
  assert.deepEqual(
    completionsTextParts(body).map(({ text }) => text),
    ['Once'],
  )
})

interface Frame {
  readonly object: string
  readonly choices: readonly { text: string; finish_reason: string | null }[]
}

test('a streamed answer says what the whole answer says, ends once, and shows usage to who asked', () => {
  fc.assert(
    fc.property(answerEvents, fc.boolean(), (events, includeUsage) => {
      const options = { includeUsage, createdSeconds: 1, id: 'cmpl-1', model: 'm' }
      const writer = completionsWriter(options)
      const text = events.map((event) => writer.step([event])).join('') + writer.end()
      const frames = text.split('\n\n').slice(0, -1)
      assert.equal(frames.pop(), 'data: [DONE]')
      const read: Frame[] = frames.map((frame) => JSON.parse(frame.slice('data: '.length)))
      const choices = read.flatMap((frame) => frame.choices)
      const whole = JSON.parse(completionsWriter(options).whole(events))
      assert.ok(read.every(({ object }) => object === 'text_completion'))
      assert.equal(choices.map((one) => one.text).join(''), whole.choices[0].text)
      assert.deepEqual(
        choices.flatMap((one) => one.finish_reason ?? []),
        [whole.choices[0].finish_reason],
      )
      assert.equal(read.filter((frame) => 'usage' in frame).length, includeUsage ? read.length : 0)
      assert.equal(read.filter((frame) => frame.choices.length === 0).length, includeUsage ? 1 : 0)
    }),
  )
})

test('frames of text completions pass at every split, and end only with their finish', () => {
  const chunk = (text: string, finish: string | null): string =>
    `data: ${JSON.stringify({ id: 'c', object: 'text_completion', choices: [{ index: 0, text, finish_reason: finish, logprobs: null }] })}\n\n`
  const stream = chunk('Bon', null) + chunk('jour 🌊', 'stop')
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 12 }), (cuts) => {
      let state = CHAT_STREAM_START
      let out = ''
      for (const piece of cutAt(stream, cuts)) {
        const [next, frames] = chatStreamStep(state, piece, false)
        state = next
        out += frames
        assert.equal(chatStreamIsComplete(state), out === stream)
      }
      assert.equal(out, stream)
    }),
  )
})
