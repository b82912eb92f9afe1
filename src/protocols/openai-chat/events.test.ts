import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AnswerEvent } from '../answer-event.ts'
import { NO_USAGE } from '../answer-event.ts'
import { readUsage } from './answer.ts'
import { chatAnswer } from './events.ts'
import { nativeReader } from './native-reader.ts'

const frame = (chunk: object): string => `data: ${JSON.stringify(chunk)}\n\n`
const delta = (delta: object, finish: string | null = null): string =>
  frame({ id: 'c', model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })

const read = (text: string): readonly AnswerEvent[] => chatAnswer().step(text).events
const calls = (text: string): unknown =>
  read(text).flatMap((event) => {
    if (event.kind === 'tool-call') return [[event.index, event.id, event.name]]
    return event.kind === 'tool-arguments' ? [[event.index, event.piece]] : []
  })
const call = (id: string | null, name: string | null, args: string, index?: number): string =>
  delta({
    tool_calls: [
      {
        ...(index === undefined ? {} : { index }),
        ...(id === null ? {} : { id }),
        function: { ...(name === null ? {} : { name }), arguments: args },
      },
    ],
  })

test('calls are told apart by their numbers, by their ids where all have one number, or none', () => {
  const expected = [
    [0, 'a', 'look'],
    [0, '{"at":1}'],
    [1, 'b', 'look'],
    [1, '{"at":2}'],
  ]
  for (const [first, second] of [
    [0, 1],
    [0, 0],
    [undefined, undefined],
  ] as const) {
    const text = call('a', 'look', '{"at":1}', first) + call('b', 'look', '{"at":2}', second)
    assert.deepEqual(calls(text), expected, String([first, second]))
  }
})

test('a call goes on in pieces, whether or not they repeat its id or its number', () => {
  for (const [id, index] of [
    [null, 0],
    [null, undefined],
    ['a', 0],
    ['a', undefined],
    // a new id without a name is the same call: some servers make one up for each piece
    ['x', 0],
  ] as const) {
    const text = call('a', 'look', '{"at"', index) + call(id, null, ':1}', index)
    assert.deepEqual(calls(text), [
      [0, 'a', 'look'],
      [0, '{"at"'],
      [0, ':1}'],
    ])
  }
})

test('content that is a list of parts is read, thoughts as thoughts', () => {
  const content = [
    { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }], closed: true },
    { type: 'text', text: 'Yes.' },
    { type: 'reference', reference_ids: [1] },
  ]
  const said = [
    { kind: 'reasoning', text: 'Hm.' },
    { kind: 'text', text: 'Yes.' },
  ]
  assert.deepEqual(read(delta({ content })).slice(1), said)
  const whole = { choices: [{ message: { content }, finish_reason: 'stop' }] }
  assert.deepEqual(
    chatAnswer()
      .whole(Buffer.from(JSON.stringify(whole)))
      ?.slice(1, 3),
    said,
  )
})

test('an answer is named by its first chunk with a name', () => {
  const empty = frame({ id: '', model: '', choices: [], prompt_filter_results: [] })
  assert.deepEqual(read(empty + delta({ content: 'a' }))[0], {
    kind: 'start',
    id: 'c',
    model: 'm',
    createdSeconds: null,
  })
})

test('an answer that says it broke is broken, however it says so, and a null says nothing', () => {
  const broken = [
    frame({ error: { message: 'x' } }),
    frame({ error: 'x', error_type: 'overloaded' }),
    frame({ object: 'error', message: 'x', code: 500 }),
    `event: error\n${frame({ message: 'x' })}`,
    delta({ content: '' }, 'error'),
    frame({ choices: [{ index: 0, delta: {}, finish_reason: null, error: { code: 502 } }] }),
  ]
  for (const last of broken) {
    const text = delta({ content: 'a' }) + last + 'data: [DONE]\n\n'
    assert.equal(chatAnswer().step(text).broken, true, last)
    const native = nativeReader(false)
    assert.equal(native.step(text).broken, true, last)
    assert.equal(native.close(), null, last)
  }
  const fine = frame({ id: 'c', model: 'm', error: null, choices: [] }) + delta({}, 'stop')
  assert.equal(chatAnswer().step(fine).broken, false)
  assert.equal(nativeReader(false).step(fine).broken, false)
  const whole = Buffer.from('{"choices":[{"message":{"content":"a"},"finish_reason":"error"}]}')
  assert.equal(chatAnswer().whole(whole), null)
  assert.equal(nativeReader(false).whole(whole), null)
})

test('all that was written is counted, thoughts included, whichever way they are told', () => {
  const usage = (counts: object): unknown => readUsage({ usage: counts } as never) // JSON of a destination
  const details = { completion_tokens_details: { reasoning_tokens: 8 } }
  const base = { prompt_tokens: 10, ...details }
  const counted = { ...NO_USAGE, promptTokens: 10, completionTokens: 12, reasoningTokens: 8 }
  assert.deepEqual(usage({ ...base, completion_tokens: 12, total_tokens: 22 }), counted)
  assert.deepEqual(usage({ ...base, completion_tokens: 4, total_tokens: 22 }), counted)
  assert.deepEqual(usage({ ...base, completion_tokens: 12 }), counted)
})

test('cached tokens are found where each server puts them', () => {
  for (const counts of [
    { prompt_tokens_details: { cached_tokens: 3 } },
    { cached_tokens: 3 },
    { prompt_cache_hit_tokens: 3, prompt_cache_miss_tokens: 4 },
  ]) {
    assert.equal(readUsage({ usage: { prompt_tokens: 7, ...counts } }).cachedTokens, 3)
  }
})
