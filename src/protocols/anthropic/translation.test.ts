import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { JsonObject } from '#kernel/canonical-json.ts'
import { NO_USAGE, type AnswerEvent } from '../answer-event.ts'
import { answerEvents, cutAt, joined } from '../answer-event.fixture.ts'
import { PLAIN } from '../conversation.ts'
import { anthropicDialect, DEFAULT_MAX_TOKENS } from './dialect.ts'
import { messagesAnswer } from './events.ts'
import { checkedStream } from './stream-grammar.fixture.ts'
import { messagesToConversation } from './to-conversation.ts'
import { messagesWriter } from './writer.ts'

/** The counts are cumulative: the last word on usage is the one that counts. */
function withLastUsage(events: readonly AnswerEvent[]): readonly AnswerEvent[] {
  const usage = events.findLast(({ kind }) => kind === 'usage')
  const rest = joined(events.filter(({ kind }) => kind !== 'usage'))
  return usage ? [...rest, usage] : rest
}

/** What this dialect can say of an answer: no time, and a prompt that is at least its cached parts. */
const sayable = (events: readonly AnswerEvent[]): readonly AnswerEvent[] =>
  withLastUsage(events).map((event): AnswerEvent => {
    if (event.kind === 'start') {
      return { ...event, id: event.id.startsWith('msg_') ? event.id : 'msg_own' }
    }
    if (event.kind !== 'usage') return event
    const { usage } = event
    const cached = (usage.cachedTokens ?? 0) + (usage.cacheWriteTokens ?? 0)
    return {
      ...event,
      usage: { ...usage, promptTokens: Math.max(usage.promptTokens ?? 0, cached) },
    }
  })

const written = (events: readonly AnswerEvent[]): string => {
  const writer = messagesWriter('msg_own')
  return events.map((event) => writer.step([event])).join('') + writer.end()
}

test('a streamed answer that is written and read again says the same, at every split, and every event is legal', () => {
  fc.assert(
    fc.property(answerEvents, fc.array(fc.nat(), { maxLength: 12 }), (events, cuts) => {
      const text = written(events)
      checkedStream(text)
      const reader = messagesAnswer()
      const read = cutAt(text, cuts).flatMap((piece) => {
        const { events: found, broken } = reader.step(piece)
        assert.equal(broken, false)
        return found
      })
      assert.deepEqual(withLastUsage(read), sayable(events))
      assert.equal(reader.close().complete, true)
    }),
  )
})

test('a stream cut anywhere before its end is not complete', () => {
  fc.assert(
    fc.property(answerEvents, fc.nat(), (events, cut) => {
      const text = written(events)
      const reader = messagesAnswer()
      // the very last character is the blank line that completes the last frame
      reader.step(text.slice(0, cut % text.length))
      assert.equal(reader.close().complete, false)
    }),
  )
})

test('a whole answer says what the stream of the same answer says', () => {
  fc.assert(
    fc.property(answerEvents, (events) => {
      const read = messagesAnswer().whole(Buffer.from(messagesWriter('msg_own').whole(events)))
      assert.ok(read)
      const withParsed = (all: readonly AnswerEvent[]): readonly unknown[] =>
        all.map((event) =>
          event.kind === 'tool-arguments' ? [event.index, JSON.parse(event.piece)] : event,
        )
      assert.deepEqual(withParsed(withLastUsage(read)), withParsed(sayable(events)))
    }),
  )
})

/** Pieces of several calls, shuffled against each other as some servers send parallel calls. */
const interleaved = fc
  .array(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 2, maxLength: 4 })
  .chain((keys) => {
    const inputs = keys.map((key) => JSON.stringify({ [key]: key }))
    const order = inputs.flatMap((input, index) =>
      Array.from({ length: input.length }, () => index),
    )
    return fc.record({
      inputs: fc.constant(inputs),
      order: fc.shuffledSubarray(order, { minLength: order.length }),
    })
  })

test('parallel calls whose arguments come interleaved keep their own arguments, each in one block', () => {
  fc.assert(
    fc.property(interleaved, ({ inputs, order }) => {
      const at = inputs.map(() => 0)
      const events: AnswerEvent[] = [{ kind: 'start', id: '', model: 'm', createdSeconds: null }]
      const begun = new Set<number>()
      for (const index of order) {
        if (!begun.has(index)) events.push({ kind: 'tool-call', index, id: `c${index}`, name: 'f' })
        begun.add(index)
        const piece = inputs[index]?.[at[index] ?? 0] ?? ''
        at[index] = (at[index] ?? 0) + 1
        events.push({ kind: 'tool-arguments', index, piece })
      }
      events.push({ kind: 'finish', reason: 'tool-calls', stopSequence: null })
      const text = written(events)
      checkedStream(text)
      const read = messagesAnswer().step(text).events
      const calls = read.flatMap((event) => (event.kind === 'tool-call' ? [event] : []))
      assert.equal(calls.length, inputs.length)
      for (const { index, id } of calls) {
        const pieces = read.flatMap((event) =>
          event.kind === 'tool-arguments' && event.index === index ? [event.piece] : [],
        )
        assert.equal(pieces.join(''), inputs[Number(id.slice(1))])
      }
    }),
  )
})

test('a Messages body that goes through the neutral form and back asks for the same', () => {
  const body: JsonObject = {
    model: 'm',
    max_tokens: 5000,
    system: [
      { type: 'text', text: 'Be brief.' },
      { type: 'text', text: 'Be kind.' },
    ],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
          { type: 'image', source: { type: 'url', url: 'https://images.test/a.png' } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Two looks.', signature: 'c2ln' },
          { type: 'text', text: 'Looking.' },
          {
            type: 'tool_use',
            id: 'toolu_1',
            name: 'look',
            input: { a: 1, b: { c: [true, null] } },
          },
          { type: 'tool_use', id: 'toolu_2', name: 'look', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'toolu_1',
            content: [{ type: 'text', text: 'a cat' }],
          },
          {
            type: 'tool_result',
            tool_use_id: 'toolu_2',
            content: [{ type: 'text', text: 'no light' }],
            is_error: true,
          },
          { type: 'text', text: 'And now?' },
        ],
      },
    ],
    stream: true,
    tools: [
      {
        name: 'look',
        description: 'Looks.',
        input_schema: { type: 'object', properties: { a: { type: 'number' } } },
        strict: true,
      },
    ],
    tool_choice: { type: 'tool', name: 'look', disable_parallel_tool_use: true },
    temperature: 0.5,
    top_k: 40,
    stop_sequences: ['END'],
    thinking: { type: 'enabled', budget_tokens: 2000 },
    output_config: {
      effort: 'low',
      format: { type: 'json_schema', schema: { type: 'object', additionalProperties: false } },
    },
    metadata: { user_id: 'u1' },
  }
  const conversation = messagesToConversation(body)
  assert.ok(conversation.ok)
  assert.deepEqual(conversation.value.unmapped, [])
  const asked = anthropicDialect.request(conversation.value, 'm', true)
  assert.ok(asked.ok)
  assert.deepEqual(asked.value.body, body)
  assert.deepEqual(asked.value.dropped, [])
  assert.deepEqual(asked.value.headers, { 'anthropic-version': '2023-06-01' })
})

test('what has no neutral form is named, what only the vendor can do is refused', () => {
  const base = { model: 'm', max_tokens: 5, messages: [{ role: 'user', content: 'x' }] }
  const conversation = messagesToConversation({
    ...base,
    service_tier: 'auto',
    system: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }],
    metadata: { user_id: 'u', team: 't' },
    thinking: { type: 'adaptive' },
    messages: [
      {
        role: 'user',
        content: [
          {
            type: 'document',
            source: { type: 'base64', media_type: 'application/pdf', data: 'AA' },
          },
          {
            type: 'document',
            title: 'T',
            source: { type: 'text', data: 'D', media_type: 'text/plain' },
          },
        ],
      },
    ],
  })
  assert.ok(conversation.ok)
  assert.deepEqual(conversation.value.unmapped, [
    'service_tier',
    'thinking',
    'metadata.team',
    'cache_control',
  ])
  assert.deepEqual(conversation.value.turns[0]?.parts, [
    { kind: 'other', what: 'document' },
    { kind: 'text', text: 'T' },
    { kind: 'text', text: 'D' },
  ])
  const refusedBy = (more: JsonObject): string | undefined => {
    const read = messagesToConversation({ ...base, ...more })
    return read.ok ? undefined : `${read.error.code} ${read.error.param}`
  }
  assert.equal(refusedBy({ max_tokens: 0 }), 'unsupported-parameter max_tokens')
  assert.equal(refusedBy({ container: 'c' }), 'unsupported-parameter container')
  assert.equal(refusedBy({ inference_geo: 'eu' }), 'unsupported-parameter inference_geo')
  assert.equal(
    refusedBy({ tools: [{ type: 'web_search_20250305', name: 'web_search' }] }),
    'unsupported-parameter tools.0.type',
  )
})

test('a destination gets a limit, merged roles and its own ids; hints it has no place for are reported', () => {
  const asked = anthropicDialect.request(
    {
      ...PLAIN,
      turns: [
        { role: 'user', parts: [{ kind: 'text', text: 'a' }] },
        { role: 'user', parts: [{ kind: 'text', text: 'b' }] },
        {
          role: 'assistant',
          parts: [
            { kind: 'reasoning', text: 'unsigned', signature: null },
            { kind: 'text', text: '' },
            { kind: 'tool-call', id: 'call:1/é', name: 'f', arguments: 'not json' },
          ],
        },
        {
          role: 'user',
          parts: [
            { kind: 'text', text: 'c' },
            { kind: 'tool-result', callId: 'call:1/é', parts: [], isError: false },
          ],
        },
      ],
      temperature: 1.7,
      topP: 0.5,
      seed: 1,
      presencePenalty: 0,
      frequencyPenalty: 0.5,
      toolChoice: { kind: 'required' },
    },
    'up',
    false,
  )
  assert.ok(asked.ok)
  const id = `toolu_${Buffer.from('call:1/é').toString('hex')}`
  assert.deepEqual(asked.value.body, {
    model: 'up',
    max_tokens: DEFAULT_MAX_TOKENS,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id, name: 'f', input: { INVALID_JSON: 'not json' } }],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: id, content: [] },
          { type: 'text', text: 'c' },
        ],
      },
    ],
    temperature: 1,
  })
  assert.deepEqual(asked.value.dropped, [
    'reasoning',
    'max_tokens.default-4096',
    'tool_choice',
    'temperature',
    'top_p',
    'seed',
    'frequency_penalty',
  ])
})

test('free JSON, blank stop sequences and an empty conversation are refused by name', () => {
  const turns = [{ role: 'user', parts: [{ kind: 'text', text: 'x' }] }] as const
  const paramOf = (more: Partial<typeof PLAIN>, said: typeof turns | [] = turns): unknown => {
    const asked = anthropicDialect.request({ ...PLAIN, ...more, turns: said }, 'm', false)
    return asked.ok ? null : asked.error.param
  }
  assert.equal(paramOf({ output: { kind: 'json' } }), 'response_format')
  assert.equal(paramOf({ stop: ['\n'] }), 'stop')
  assert.equal(paramOf({}, []), 'messages')
  assert.equal(paramOf({}), null)
})

test('reasons are told, never invented: quirks of other servers end as what they mean', () => {
  const stopOf = (events: readonly AnswerEvent[]): unknown =>
    (JSON.parse(messagesWriter('msg_1').whole(events)) as { stop_reason: unknown }).stop_reason
  const call = { kind: 'tool-call', index: 0, id: 'a', name: 'f' } as const
  const finish = (reason: 'stop' | 'tool-calls' | 'length'): AnswerEvent => ({
    kind: 'finish',
    reason,
    stopSequence: null,
  })
  assert.equal(stopOf([call, finish('stop')]), 'tool_use')
  assert.equal(stopOf([finish('tool-calls')]), 'end_turn')
  assert.equal(stopOf([call, finish('length')]), 'max_tokens')
  assert.equal(stopOf([{ kind: 'refusal', text: 'No.' }, finish('stop')]), 'refusal')
  assert.equal(stopOf([]), null)
})

test('an answer that never said its usage has none', () => {
  const answer = messagesAnswer().whole(
    Buffer.from(
      '{"type":"message","id":"msg_1","model":"m","content":[{"type":"text","text":"x"}],"stop_reason":"end_turn"}',
    ),
  )
  assert.ok(answer)
  assert.ok(!answer.some(({ kind }) => kind === 'usage'))
  assert.equal(NO_USAGE.promptTokens, null)
})
