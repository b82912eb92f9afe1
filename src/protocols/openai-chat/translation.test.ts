import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { JsonObject } from '#kernel/canonical-json.ts'
import { NO_USAGE, type AnswerEvent } from '../answer-event.ts'
import { answerEvents, cutAt, joined } from '../answer-event.fixture.ts'
import { openAiDialect } from './dialect.ts'
import { chatAnswer } from './events.ts'
import { readChatRequest } from './request.ts'
import { chatSurface } from './surface.ts'
import { chatToConversation } from './to-conversation.ts'
import { chatWriter } from './writer.ts'

const options = { includeUsage: true, createdSeconds: 1, id: 'chatcmpl-own' }

/** What this dialect can say of an answer: no signatures, no stop sequence, no cache writes. */
const sayable = (events: readonly AnswerEvent[]): readonly AnswerEvent[] =>
  joined(events.filter(({ kind }) => kind !== 'reasoning-signature')).map((event): AnswerEvent => {
    if (event.kind === 'start')
      return {
        ...event,
        id: event.id.startsWith('chatcmpl-') ? event.id : options.id,
        createdSeconds: event.createdSeconds ?? 1,
      }
    if (event.kind === 'finish')
      return {
        ...event,
        stopSequence: null,
        reason:
          event.reason === 'stop-sequence'
            ? 'stop'
            : event.reason === 'context-full' || event.reason === 'pause'
              ? 'length'
              : event.reason,
      }
    return event.kind === 'usage'
      ? { kind: 'usage', usage: { ...event.usage, cacheWriteTokens: null } }
      : event
  })

test('a streamed answer that is written and read again says the same, at every split', () => {
  fc.assert(
    fc.property(answerEvents, fc.array(fc.nat(), { maxLength: 12 }), (events, cuts) => {
      const writer = chatWriter(options)
      const text = events.map((event) => writer.step([event])).join('') + writer.end()
      const reader = chatAnswer()
      const read = cutAt(text, cuts).flatMap((piece) => {
        const { events: found, broken } = reader.step(piece)
        assert.equal(broken, false)
        return found
      })
      assert.deepEqual(joined(read), sayable(events))
      assert.equal(reader.close().complete, true)
    }),
  )
})

test('a whole answer says what the stream of the same answer says', () => {
  fc.assert(
    fc.property(answerEvents, (events) => {
      const read = chatAnswer().whole(Buffer.from(chatWriter(options).whole(events)))
      assert.ok(read)
      const texts = (all: readonly AnswerEvent[]): unknown => ({
        text: all.flatMap((e) => (e.kind === 'text' ? [e.text] : [])).join(''),
        calls: all.flatMap((e) => (e.kind === 'tool-call' ? [[e.index, e.id, e.name]] : [])),
        finish: all.find((e) => e.kind === 'finish'),
        usage: all.find((e) => e.kind === 'usage'),
      })
      assert.deepEqual(texts(read), texts(sayable(events)))
    }),
  )
})

test('a chat body that goes through the neutral form and back asks for the same', () => {
  const body: JsonObject = {
    model: 'm',
    messages: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'look', arguments: '{"a":1}' } },
          { id: 'c2', type: 'function', function: { name: 'look', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'a cat' },
      { role: 'tool', tool_call_id: 'c2', content: 'a dog' },
      { role: 'user', content: 'And now?' },
    ],
    tools: [
      {
        type: 'function',
        function: {
          name: 'look',
          description: 'Looks.',
          parameters: { type: 'object', properties: { a: { type: 'number' } } },
          strict: true,
        },
      },
    ],
    tool_choice: { type: 'function', function: { name: 'look' } },
    parallel_tool_calls: false,
    max_tokens: 50,
    temperature: 0.5,
    top_p: 0.9,
    seed: 7,
    presence_penalty: 0.1,
    frequency_penalty: 0.2,
    stop: ['END'],
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'x', schema: { type: 'object' }, strict: true },
    },
    reasoning_effort: 'low',
    user: 'u1',
  }
  const conversation = chatToConversation(body)
  assert.ok(conversation.ok)
  assert.deepEqual(conversation.value.unmapped, [])
  const asked = openAiDialect.request(conversation.value, 'm', false)
  assert.ok(asked.ok)
  assert.deepEqual(asked.value.body, body)
  assert.deepEqual(asked.value.dropped, [])
})

test('what the neutral form has no place for is named, several choices are refused', () => {
  const messages = [{ role: 'user', content: 'x' }]
  const conversation = chatToConversation({
    model: 'm',
    messages,
    logit_bias: { '1': 2 },
    logprobs: true,
    safe_prompt: true,
  })
  assert.ok(conversation.ok)
  assert.deepEqual(conversation.value.unmapped, ['logit_bias', 'logprobs', 'safe_prompt'])
  const read = readChatRequest({ model: 'm', messages, n: 2 })
  assert.ok(read.ok)
  const asked = chatSurface(read.value, { id: 'x', createdSeconds: 0 })
  assert.deepEqual(asked.forDestination('anthropic', { name: 'm', upstream: 'u' }), {
    ok: false,
    error: { code: 'unsupported-parameter', param: 'n' },
  })
})

test('an answer that never said its usage has none', () => {
  const answer = chatAnswer().whole(
    Buffer.from(
      '{"id":"a","model":"m","choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}',
    ),
  )
  assert.ok(answer)
  assert.ok(!answer.some(({ kind }) => kind === 'usage'))
  assert.equal(NO_USAGE.promptTokens, null)
})
