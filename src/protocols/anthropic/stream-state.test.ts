import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonObject } from '#kernel/canonical-json.ts'
import { cutAt } from '../answer-event.fixture.ts'
import { messagesAnswer } from './events.ts'
import { frame } from './frame.ts'
import { nativeReader } from './native-reader.ts'

const start = frame({
  type: 'message_start',
  message: {
    id: 'msg_1',
    model: 'm',
    content: [],
    usage: {
      input_tokens: 5,
      cache_read_input_tokens: 7,
      cache_creation_input_tokens: 2,
      output_tokens: 1,
    },
  },
})
const open = (index: number, block: JsonObject): string =>
  frame({ type: 'content_block_start', index, content_block: block })
const delta = (index: number, piece: JsonObject): string =>
  frame({ type: 'content_block_delta', index, delta: piece })
const close = (index: number): string => frame({ type: 'content_block_stop', index })
const text = (index: number): string =>
  open(index, { type: 'text', text: '' }) + delta(index, { type: 'text_delta', text: 'Hi' })
const tool = (index: number): string =>
  open(index, { type: 'tool_use', id: 'toolu_1', name: 'pay', input: {} }) +
  delta(index, { type: 'input_json_delta', partial_json: '{"a":1}' })
const stop = (reason: string | null = 'end_turn'): string =>
  frame({
    type: 'message_delta',
    delta: { stop_reason: reason, stop_sequence: null },
    usage: { output_tokens: 9 },
  })
const end = frame({ type: 'message_stop' })

describe('the grammar of a Messages stream', () => {
  const illegal: Readonly<Record<string, string>> = {
    'content before the start': text(0),
    'a second start': start + start,
    'two blocks open at once': start + text(0) + text(1),
    'a gap in the indices': start + text(1),
    'an index used again': start + text(0) + close(0) + text(0),
    'a delta without a block': start + delta(0, { type: 'text_delta', text: 'x' }),
    'a delta of another block': start + text(0) + delta(1, { type: 'text_delta', text: 'x' }),
    'text in a tool call': start + tool(0) + delta(0, { type: 'text_delta', text: 'x' }),
    'arguments in a text':
      start + text(0) + delta(0, { type: 'input_json_delta', partial_json: '' }),
    'a stop of a block that never began': start + close(0),
    'an end inside a block': start + text(0) + stop(),
    'an end without a reason': start + text(0) + close(0) + end,
    'an end with a null reason': start + stop(null) + end,
    'content after the reason': start + stop() + text(0),
    'an event under another name': start + `event: ping\ndata: {"type":"message_stop"}\n\n`,
    'data that is no JSON': `${start}event: ping\ndata: nope\n\n`,
    'data without a type': `${start}data: {"choices":[]}\n\n`,
    'an error': start + frame({ type: 'error', error: { type: 'overloaded_error', message: 'x' } }),
  }
  for (const [name, stream] of Object.entries(illegal)) {
    test(`${name} breaks it, for every reader`, () => {
      assert.equal(messagesAnswer().step(stream).broken, true)
      const reader = nativeReader()
      const { out, broken } = reader.step(stream + end)
      assert.equal(broken, true)
      assert.doesNotMatch(out, /message_stop/)
      assert.equal(reader.close(), null)
    })
  }

  test('two stops of one block are one stop, and one call', () => {
    const stream = start + tool(0) + close(0) + close(0) + stop('tool_use') + end
    const { events, broken } = messagesAnswer().step(stream)
    assert.equal(broken, false)
    assert.equal(events.filter(({ kind }) => kind === 'tool-call').length, 1)
    const reader = nativeReader()
    const { out } = reader.step(stream)
    assert.equal(out.match(/event: content_block_stop/g)?.length, 1)
    assert.equal(reader.close(), end)
  })

  test('pings, unknown events and unknown fields pass between two sides of this dialect, byte for byte', () => {
    const stream =
      start +
      frame({ type: 'ping' }) +
      open(0, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }) +
      delta(0, { type: 'input_json_delta', partial_json: '{"q":1}' }) +
      close(0) +
      open(1, { type: 'later_block', more: { a: [null] } }) +
      delta(1, { type: 'later_delta', x: 1 }) +
      close(1) +
      frame({ type: 'later_event', y: 2 }) +
      stop() +
      end
    for (let cut = 0; cut <= stream.length; cut += 1) {
      const reader = nativeReader()
      const out = cutAt(stream, [cut]).map((piece) => reader.step(piece).out)
      assert.equal(out.join('') + (reader.close() ?? ''), stream)
    }
    const { events, broken } = messagesAnswer().step(stream)
    assert.equal(broken, false)
    assert.ok(!events.some(({ kind }) => kind === 'tool-call' || kind === 'tool-arguments'))
  })

  test('frames without a name, with CRLF and comments, reach SDKs with their name', () => {
    const bare = (start + text(0) + close(0) + stop()).replaceAll(/event: .*\n/g, ': hello\n')
    const reader = nativeReader()
    assert.equal(
      reader.step(bare.replaceAll('\n', '\r\n') + end).out,
      start + text(0) + close(0) + stop(),
    )
  })

  test('cached tokens count as part of the prompt, and the last counts are the ones', () => {
    const reader = nativeReader()
    reader.step(start + stop() + end)
    const usage = {
      promptTokens: 14,
      completionTokens: 9,
      cachedTokens: 7,
      cacheWriteTokens: 2,
      reasoningTokens: null,
    }
    assert.deepEqual(reader.usage(), usage)
    const { events } = messagesAnswer().step(start + stop() + end)
    assert.deepEqual(events.at(-1), { kind: 'usage', usage })
  })

  test('a call without any piece of arguments has an object; input given at once is kept', () => {
    const argumentsOf = (input: JsonObject): unknown => {
      const block = { type: 'tool_use', id: 't', name: 'f', input }
      const stream = start + open(0, block) + close(0) + stop('tool_use') + end
      return messagesAnswer()
        .step(stream)
        .events.flatMap((event) => (event.kind === 'tool-arguments' ? [event.piece] : []))
    }
    assert.deepEqual(argumentsOf({}), ['{}'])
    assert.deepEqual(argumentsOf({ a: 1 }), ['{"a":1}'])
  })

  test('a reason nobody knows yet is no clean stop', () => {
    const { events } = messagesAnswer().step(start + stop('later_reason') + end)
    assert.deepEqual(
      events.find(({ kind }) => kind === 'finish'),
      { kind: 'finish', reason: 'pause', stopSequence: null },
    )
  })
})
