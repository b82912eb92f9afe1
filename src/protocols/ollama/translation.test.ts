import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { JsonObject } from '#kernel/canonical-json.ts'
import { NO_USAGE, type AnswerEvent } from '../answer-event.ts'
import { answerEvents, cutAt } from '../answer-event.fixture.ts'
import { isList, isObject, parseJson } from '../json-body.ts'
import { ollamaAnswer } from './answer.ts'
import { ollamaWriter, type OllamaWriterOptions } from './writer.ts'

const writer = (shape: OllamaWriterOptions['shape'] = 'chat') => {
  let now = 100
  return ollamaWriter({ shape, createdSeconds: 1, elapsed: () => (now += 1.5) })
}

const streamed = (
  events: readonly AnswerEvent[],
  shape: OllamaWriterOptions['shape'] = 'chat',
): string => {
  const own = writer(shape)
  return events.map((event) => own.step([event])).join('') + own.end()
}

/** What this dialect can say of an answer: no ids of answers, no signatures, counts of tokens alone. */
function sayable(events: readonly AnswerEvent[]): unknown {
  const text = (kind: 'text' | 'reasoning'): string =>
    events.flatMap((event) => (event.kind === kind ? [event.text] : [])).join('')
  return {
    model: events.find((event) => event.kind === 'start')?.model,
    createdSeconds: events.find((event) => event.kind === 'start')?.createdSeconds ?? 1,
    reasoning: text('reasoning'),
    text: text('text'),
    calls: events.flatMap((event) =>
      event.kind === 'tool-call'
        ? [
            {
              ...event,
              arguments: events
                .flatMap((piece) =>
                  piece.kind === 'tool-arguments' && piece.index === event.index
                    ? [piece.piece]
                    : [],
                )
                .join(''),
            },
          ]
        : [],
    ),
    finish: events.flatMap((event) => (event.kind === 'finish' ? [REASON[event.reason]] : [])),
    usage: events.flatMap((event) =>
      event.kind === 'usage' ? [[event.usage.promptTokens, event.usage.completionTokens]] : [],
    ),
  }
}

const REASON = {
  stop: 'stop',
  'stop-sequence': 'stop',
  length: 'length',
  'context-full': 'length',
  pause: 'length',
  'tool-calls': 'tool-calls',
  'content-filter': 'content-filter',
}

const cuts = fc.array(fc.nat(), { maxLength: 12 })

test('a streamed answer that is written and read again says the same, at every split', () => {
  fc.assert(
    fc.property(answerEvents, cuts, (events, at) => {
      const reader = ollamaAnswer()
      const read = cutAt(streamed(events), at).flatMap((piece) => {
        const { events: found, broken } = reader.step(piece)
        assert.equal(broken, false)
        return found
      })
      const { complete, events: rest } = reader.close()
      assert.deepEqual([complete, rest], [true, []])
      assert.deepEqual(sayable(read), sayable(events))
    }),
  )
})

test('a whole answer says what the stream of the same answer says', () => {
  fc.assert(
    fc.property(answerEvents, (events) => {
      const read = ollamaAnswer().whole(Buffer.from(writer().whole(events)))
      assert.ok(read)
      assert.deepEqual(sayable(read), sayable(events))
    }),
  )
})

test('every stream is lines of the protocol: objects, one last line that is done, arguments as objects, whole nanoseconds', () => {
  fc.assert(
    fc.property(answerEvents, fc.constantFrom('chat', 'generate'), (events, shape) => {
      const text = streamed(events, shape)
      assert.ok(text.endsWith('\n'))
      const lines = text.slice(0, -1).split('\n').map(parseJson)
      for (const [index, line] of lines.entries()) {
        assert.ok(isObject(line))
        assertLine(line, shape)
        assert.equal(line['done'], index === lines.length - 1)
        assert.equal(line['done'], Object.hasOwn(line, 'done_reason'))
      }
      const last = lines.at(-1)
      assert.ok(isObject(last))
      for (const name of ['total', 'load', 'prompt_eval', 'eval']) {
        const figure = last[`${name}_duration`]
        assert.ok(Number.isSafeInteger(figure) && Number(figure) >= 0, name)
      }
      const parts = Number(last['prompt_eval_duration']) + Number(last['eval_duration'])
      assert.equal(parts, last['total_duration'])
    }),
  )
})

function assertLine(line: JsonObject, shape: 'chat' | 'generate'): void {
  assert.equal(typeof line['model'], 'string')
  const created = line['created_at']
  assert.ok(typeof created === 'string')
  assert.match(created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/)
  assert.ok(!Object.hasOwn(line, 'error'))
  const said = shape === 'chat' ? line['message'] : line
  assert.ok(isObject(said))
  assert.equal(typeof said[shape === 'chat' ? 'content' : 'response'], 'string')
  if (shape === 'chat') assert.equal(said['role'], 'assistant')
  for (const call of isList(said['tool_calls']) ? said['tool_calls'] : []) {
    assert.ok(isObject(call) && isObject(call['function']))
    assert.ok(isObject(call['function']['arguments']))
    assert.equal(typeof call['function']['name'], 'string')
  }
}

const start: AnswerEvent = { kind: 'start', id: '', model: 'm', createdSeconds: 2 }
const call = (written: string): readonly AnswerEvent[] => [
  start,
  { kind: 'tool-call', index: 0, id: 'c', name: 'look' },
  { kind: 'tool-arguments', index: 0, piece: written },
  { kind: 'finish', reason: 'length', stopSequence: null },
]

test('a tool call whose arguments broke off is told as text, never as a call', () => {
  for (const broken of ['{"a":', '[1]', '7', 'null']) {
    const [first, last] = streamed(call(broken)).split('\n')
    assert.deepEqual(parseJson(first ?? ''), {
      model: 'm',
      created_at: '1970-01-01T00:00:02.000Z',
      message: { role: 'assistant', content: `look ${broken}` },
      done: false,
    })
    assert.match(last ?? '', /"done_reason":"length"/)
    assert.doesNotMatch(writer().whole(call(broken)), /tool_calls/)
  }
})

test('numbers in the arguments of tools keep their digits on the way in and out', () => {
  const exact = '{"id":12345678901234567890,"n":1e400}'
  const text = streamed(call(exact))
  assert.ok(text.includes(`"arguments":${exact}`))
  const { events } = ollamaAnswer().step(text)
  assert.deepEqual(
    events.find(({ kind }) => kind === 'tool-arguments'),
    { kind: 'tool-arguments', index: 0, piece: exact },
  )
})

test('calls of servers that give no ids get stable ones, and an answer with calls ends for them', () => {
  const tool = (name: string): JsonObject => ({ function: { name, arguments: { a: 1 } } })
  const line = (fields: object): string => `${JSON.stringify({ model: 'm', ...fields })}\n`
  const { events } = ollamaAnswer().step(
    line({ message: { role: 'assistant', content: '', tool_calls: [tool('x')] }, done: false }) +
      line({ message: { role: 'assistant', content: '', tool_calls: [tool('y')] }, done: false }) +
      line({ message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop' }),
  )
  assert.deepEqual(
    events.flatMap((event) => (event.kind === 'tool-call' ? [[event.id, event.name]] : [])),
    [
      ['call_0', 'x'],
      ['call_1', 'y'],
    ],
  )
  assert.deepEqual(events.at(-1), { kind: 'finish', reason: 'tool-calls', stopSequence: null })
})

const content = (text: string): string =>
  `${JSON.stringify({ model: 'm', message: { role: 'assistant', content: text }, done: false })}\n`
const done = (fields: object = {}): string =>
  `${JSON.stringify({ model: 'm', message: { role: 'assistant', content: '' }, done: true, ...fields })}\n`

test('a stream cut anywhere before its last line is whole is not complete', () => {
  const text = content('a') + content('é') + done({ done_reason: 'stop', eval_count: 2 })
  for (let end = 0; end < text.length; end += 1) {
    const reader = ollamaAnswer()
    assert.equal(reader.step(text.slice(0, end)).broken, false)
    // a last line that lacks its line end alone is whole
    assert.equal(reader.close().complete, end >= text.length - 1, String(end))
  }
})

test('an error line, a line that is no answer, and a model that only loaded break the stream', () => {
  for (const bad of [
    '{"error":"out of memory"}\n',
    '{"half":\n',
    '<html>\n',
    '[]\n',
    '{"status":"pulling"}\n',
    done({ done_reason: 'load' }),
    done({ done_reason: 'unload' }),
  ]) {
    const reader = ollamaAnswer()
    const { events, broken } = reader.step(content('a') + bad + done())
    assert.equal(broken, true, bad)
    assert.deepEqual(
      events.filter(({ kind }) => kind !== 'start'),
      [{ kind: 'text', text: 'a' }],
    )
    assert.equal(reader.close().complete, false)
    assert.equal(ollamaAnswer().whole(Buffer.from(bad)), null)
  }
})

test('what follows the last line is nothing', () => {
  const reader = ollamaAnswer()
  const { events, broken } = reader.step(done() + content('late') + '{"error":"late"}\n')
  assert.equal(broken, false)
  assert.ok(!events.some(({ kind }) => kind === 'text'))
  assert.equal(reader.close().complete, true)
})

test('counts that a server does not give are unknown, never 0', () => {
  const usage = (text: string) =>
    ollamaAnswer()
      .step(text)
      .events.filter(({ kind }) => kind === 'usage')
  assert.deepEqual(usage(done()), [])
  assert.deepEqual(usage(done({ eval_count: 3 })), [
    { kind: 'usage', usage: { ...NO_USAGE, completionTokens: 3 } },
  ])
  assert.doesNotMatch(streamed([start]), /eval_count/)
})
