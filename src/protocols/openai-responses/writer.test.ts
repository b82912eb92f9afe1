import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { AnswerEvent } from '../answer-event.ts'
import { answerEvents } from '../answer-event.fixture.ts'
import { checkGrammar, readFrames } from './event-grammar.fixture.ts'
import { echoOf } from './response-object.ts'
import { responsesWriter, type ResponsesWriter } from './writer.ts'

const newWriter = (asSummary = false, signature = false): ResponsesWriter =>
  responsesWriter({
    id: '00ff',
    createdSeconds: 1,
    model: 'asked-for',
    echo: echoOf({ model: 'm', input: 'x' }),
    asSummary,
    signature,
  })

const streamOf = (writer: ResponsesWriter, events: readonly AnswerEvent[]): string =>
  events.map((event) => writer.step([event])).join('') + writer.end()

/** Everything that models may say, in any order, with calls in pieces that interleave. */
const wildEvents: fc.Arbitrary<readonly AnswerEvent[]> = fc
  .record({
    said: fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('text' as const), text: fc.string({ minLength: 1 }) }),
        fc.record({ kind: fc.constant('refusal' as const), text: fc.string({ minLength: 1 }) }),
        fc.record({ kind: fc.constant('reasoning' as const), text: fc.string({ minLength: 1 }) }),
        fc.record({
          kind: fc.constant('reasoning-signature' as const),
          signature: fc.string({ minLength: 1 }),
        }),
        fc.record({
          kind: fc.constant('tool-arguments' as const),
          index: fc.nat({ max: 3 }),
          piece: fc.constantFrom('{', '}', '{}', '"a":1', ''),
        }),
        fc.record({
          kind: fc.constant('tool-call' as const),
          index: fc.nat({ max: 3 }),
          id: fc.constant('call_x'),
          name: fc.constant('look'),
        }),
      ),
      { maxLength: 20 },
    ),
    reason: fc.constantFrom('stop' as const, 'length' as const, 'content-filter' as const),
  })
  .map(({ said, reason }) => {
    // a destination's reader opens every call once
    const seen = new Set<number>()
    const events = said.filter((event) => {
      if (event.kind !== 'tool-call') return true
      const isNew = !seen.has(event.index)
      seen.add(event.index)
      return isNew
    })
    return [...events, { kind: 'finish', reason, stopSequence: null }]
  })

test('every stream keeps the grammar: numbers, order, each item and part opened and closed once, whole objects', () => {
  fc.assert(
    fc.property(
      fc.oneof(answerEvents, wildEvents),
      fc.boolean(),
      fc.boolean(),
      (events, asSummary, signature) => {
        checkGrammar(streamOf(newWriter(asSummary, signature), events))
      },
    ),
    { numRuns: 500 },
  )
})

test('a stream says what the whole answer says, however its pieces are grouped', () => {
  fc.assert(
    fc.property(answerEvents, fc.nat(), (events, cut) => {
      const at = cut % (events.length + 1)
      const writer = newWriter()
      const text = writer.step(events.slice(0, at)) + writer.step(events.slice(at)) + writer.end()
      assert.deepEqual(checkGrammar(text), JSON.parse(newWriter().whole(events)))
    }),
  )
})

test('what a model said, thought and called is what stands in the output, and its tokens are counted', () => {
  fc.assert(
    fc.property(answerEvents, (events) => {
      const response = JSON.parse(newWriter().whole(events))
      const texts = (kind: string, part: string): string =>
        response.output
          .filter((item: { type: string }) => item.type === kind)
          .flatMap((item: { content: { type: string; text: string }[] }) => item.content)
          .filter((one: { type: string }) => one.type === part)
          .map((one: { text: string }) => one.text)
          .join('')
      const given = (kind: 'text' | 'reasoning'): string =>
        events.flatMap((event) => (event.kind === kind ? [event.text] : [])).join('')
      assert.equal(texts('message', 'output_text'), given('text'))
      assert.equal(texts('reasoning', 'reasoning_text'), given('reasoning'))
      const calls = response.output.filter(
        (item: { type: string }) => item.type === 'function_call',
      )
      assert.deepEqual(
        calls.map((call: { call_id: string; name: string }) => [call.call_id, call.name]),
        events.flatMap((event) => (event.kind === 'tool-call' ? [[event.id, event.name]] : [])),
      )
      for (const call of calls) JSON.parse(call.arguments)
      const usage = events.flatMap((event) => (event.kind === 'usage' ? [event.usage] : []))[0]
      assert.equal(response.usage.input_tokens, usage?.promptTokens)
      assert.equal(response.usage.output_tokens, usage?.completionTokens)
      assert.equal(response.usage.input_tokens_details.cached_tokens, usage?.cachedTokens ?? 0)
      assert.equal(
        response.usage.output_tokens_details.reasoning_tokens,
        usage?.reasoningTokens ?? 0,
      )
    }),
  )
})

test('a stream that breaks after any piece ends in one failed event that shows what there was', () => {
  fc.assert(
    fc.property(answerEvents, fc.nat(), (events, cut) => {
      const writer = newWriter()
      const before = writer.step(events.slice(0, cut % events.length))
      const text = before + writer.failed({ code: 'stream-interrupted', message: 'It broke.' })
      const last = checkGrammar(text)
      assert.deepEqual(last['error'], { code: 'stream-interrupted', message: 'It broke.' })
      assert.ok(!text.includes('response.completed'))
    }),
  )
})

const statusOf = (reason: Extract<AnswerEvent, { kind: 'finish' }>['reason']): unknown => {
  const events: AnswerEvent[] = [
    { kind: 'text', text: 'Half' },
    { kind: 'finish', reason, stopSequence: null },
  ]
  const { status, incomplete_details, output } = JSON.parse(newWriter().whole(events))
  return [status, incomplete_details, output[0].status]
}

test('an answer that was cut says so and why, in the response and in its last item', () => {
  const cut = ['incomplete', { reason: 'max_output_tokens' }, 'incomplete']
  assert.deepEqual(statusOf('stop'), ['completed', null, 'completed'])
  assert.deepEqual(statusOf('stop-sequence'), ['completed', null, 'completed'])
  assert.deepEqual(statusOf('length'), cut)
  assert.deepEqual(statusOf('context-full'), cut)
  assert.deepEqual(statusOf('pause'), cut)
  assert.deepEqual(statusOf('content-filter'), [
    'incomplete',
    { reason: 'content_filter' },
    'incomplete',
  ])
})

test('a plain answer is the sequence that clients wait for', () => {
  const events: AnswerEvent[] = [
    { kind: 'start', id: 'x', model: 'up', createdSeconds: 9 },
    { kind: 'text', text: 'Bon' },
    { kind: 'text', text: 'jour' },
    { kind: 'finish', reason: 'stop', stopSequence: null },
  ]
  const frames = readFrames(streamOf(newWriter(), events))
  assert.deepEqual(
    frames.map(({ type }) => type),
    [
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ],
  )
})

test('calls whose pieces interleave keep their own arguments; a call without any is an empty object', () => {
  const events: AnswerEvent[] = [
    { kind: 'tool-call', index: 0, id: 'a', name: 'look' },
    { kind: 'tool-arguments', index: 0, piece: '{"x"' },
    { kind: 'tool-call', index: 1, id: 'b', name: 'look' },
    { kind: 'tool-arguments', index: 1, piece: '{"y":2}' },
    { kind: 'tool-arguments', index: 0, piece: ':1}' },
    { kind: 'tool-call', index: 2, id: 'c', name: 'look' },
    { kind: 'finish', reason: 'tool-calls', stopSequence: null },
  ]
  const last = checkGrammar(streamOf(newWriter(), events))
  const output = last['output'] as { call_id: string; arguments: string }[] // held by the grammar
  assert.deepEqual(
    output.map((call) => [call.call_id, call.arguments]),
    [
      ['a', '{"x":1}'],
      ['b', '{"y":2}'],
      ['c', '{}'],
    ],
  )
})

test('thoughts are a summary only for who asked for one, and signed only for who asked', () => {
  const events: AnswerEvent[] = [
    { kind: 'reasoning', text: 'Hm.' },
    { kind: 'reasoning-signature', signature: 'c2ln' },
    { kind: 'text', text: 'Yes.' },
    { kind: 'finish', reason: 'stop', stopSequence: null },
  ]
  const thoughts = (writer: ResponsesWriter): Record<string, unknown> => {
    const { id: _, status: __, type: ___, ...rest } = JSON.parse(writer.whole(events)).output[0]
    return rest
  }
  const part = { type: 'reasoning_text', text: 'Hm.' }
  assert.deepEqual(thoughts(newWriter()), { summary: [], content: [part] })
  assert.deepEqual(thoughts(newWriter(false, true)), {
    summary: [],
    content: [part],
    encrypted_content: 'c2ln',
  })
  assert.deepEqual(thoughts(newWriter(true)), { summary: [{ type: 'summary_text', text: 'Hm.' }] })
})
