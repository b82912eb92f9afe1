import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { JsonObject } from '#kernel/canonical-json.ts'
import type { AnswerEvent, Usage } from '../answer-event.ts'
import { answerEvents, cutAt } from '../answer-event.fixture.ts'
import { geminiDialect } from './dialect.ts'
import { geminiAnswer } from './events.ts'
import { GEMINI_STREAM_START, geminiStreamIsComplete, geminiStreamStep } from './stream.ts'
import { geminiToConversation } from './to-conversation.ts'
import { geminiWriter } from './writer.ts'

const options = { id: 'own-id', includeThoughts: true }

/** What an answer says, whatever its pieces: thoughts, text, calls, end and usage. */
function said(events: readonly AnswerEvent[]): unknown {
  const text = (kind: 'text' | 'reasoning'): string =>
    events.flatMap((event) => (event.kind === kind ? [event.text] : [])).join('')
  const calls = events.flatMap((event) => {
    if (event.kind !== 'tool-call') return []
    const pieces = events.flatMap((other) =>
      other.kind === 'tool-arguments' && other.index === event.index ? [other.piece] : [],
    )
    return [[event.index, event.id, event.name, pieces.join('')]]
  })
  return {
    start: events.find(({ kind }) => kind === 'start'),
    reasoning: text('reasoning'),
    text: text('text'),
    calls,
    finish: events.find(({ kind }) => kind === 'finish'),
    usage: events.findLast(({ kind }) => kind === 'usage'),
  }
}

const REASONS = { 'stop-sequence': 'stop', 'context-full': 'length', pause: 'length' } as const

/** What this dialect can say of an answer: no time, no cache writes, thoughts beside the candidates. */
const sayable = (events: readonly AnswerEvent[]): readonly AnswerEvent[] =>
  events.map((event): AnswerEvent => {
    if (event.kind === 'start')
      return { ...event, id: event.id || options.id, createdSeconds: null }
    if (event.kind === 'usage') return { kind: 'usage', usage: sayableUsage(event.usage) }
    if (event.kind !== 'finish') return event
    const { reason } = event
    const told =
      reason === 'stop-sequence' || reason === 'context-full' || reason === 'pause'
        ? REASONS[reason]
        : reason
    return { kind: 'finish', stopSequence: null, reason: told }
  })

const sayableUsage = (usage: Usage): Usage => ({
  ...usage,
  cacheWriteTokens: null,
  completionTokens: Math.max(usage.completionTokens ?? 0, usage.reasoningTokens ?? 0),
})

const streamOf = (events: readonly AnswerEvent[]): string => {
  const writer = geminiWriter(options)
  return events.map((event) => writer.step([event])).join('') + writer.end()
}

test('a streamed answer that is written and read again says the same, at every split', () => {
  fc.assert(
    fc.property(answerEvents, fc.array(fc.nat(), { maxLength: 12 }), (events, cuts) => {
      const reader = geminiAnswer()
      const read = cutAt(streamOf(events), cuts).flatMap((piece) => {
        const { events: found, broken } = reader.step(piece)
        assert.equal(broken, false)
        return found
      })
      const { events: last, complete } = reader.close()
      assert.equal(complete, true)
      assert.deepEqual(said([...read, ...last]), said(sayable(events)))
    }),
  )
})

test('a whole answer says what the stream of the same answer says', () => {
  fc.assert(
    fc.property(answerEvents, (events) => {
      const read = geminiAnswer().whole(Buffer.from(geminiWriter(options).whole(events)))
      assert.ok(read)
      assert.deepEqual(said(read), said(sayable(events)))
    }),
  )
})

test('a stream that passes through is the same stream, at every split, and ends only where it ends', () => {
  fc.assert(
    fc.property(
      answerEvents,
      fc.array(fc.nat(), { maxLength: 12 }),
      fc.nat(),
      (events, cuts, at) => {
        const text = streamOf(events)
        const pass = (pieces: readonly string[]): readonly [string, boolean] => {
          let state = GEMINI_STREAM_START
          let out = ''
          for (const piece of pieces) {
            const [next, some] = geminiStreamStep(state, piece)
            state = next
            out += some
          }
          return [out, geminiStreamIsComplete(state)]
        }
        assert.deepEqual(pass(cutAt(text, cuts)), [text, true])
        const lastFrame = text.lastIndexOf('data: ')
        const [out, complete] = pass([text.slice(0, at % (lastFrame + 1))])
        assert.equal(complete, false)
        assert.doesNotMatch(out, /finishReason/)
      },
    ),
  )
})

test('after an error frame nothing passes any more, whatever follows it', () => {
  const error = 'data: {"error":{"code":503,"message":"x","status":"UNAVAILABLE"}}\r\n\r\n'
  const last = 'data: {"candidates":[{"finishReason":"STOP"}]}\r\n\r\n'
  const [state, out] = geminiStreamStep(GEMINI_STREAM_START, error + last)
  assert.equal(out, '')
  assert.equal(state.broken, true)
  assert.equal(geminiStreamIsComplete(state), false)
  assert.equal(geminiStreamStep(state, last)[1], '')
  const read = geminiAnswer().step(error + last)
  assert.deepEqual(read, { events: [], broken: true })
})

test('a stream that is cut anywhere before its last frame is not complete', () => {
  fc.assert(
    fc.property(answerEvents, fc.nat(), (events, at) => {
      const text = streamOf(events)
      const reader = geminiAnswer()
      reader.step(text.slice(0, at % (text.lastIndexOf('data: ') + 1)))
      assert.deepEqual(reader.close(), { events: [], complete: false })
    }),
  )
})

test('a finish reason in every chunk, as older models send it, does not end the answer early', () => {
  const reader = geminiAnswer()
  const chunk = (text: string): string =>
    `data: ${JSON.stringify({ candidates: [{ content: { parts: [{ text }] }, finishReason: 'STOP' }] })}\r\n\r\n`
  const { events } = reader.step(chunk('Half ') + chunk('and half.'))
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ['start', 'text', 'text'],
  )
  assert.equal(reader.close().complete, true)
})

test('arguments that are no JSON object are told as what they are, and never sent as a call', () => {
  for (const piece of ['{"a":', '[1]', '"text"', 'null']) {
    const writer = geminiWriter(options)
    const text =
      writer.step([
        { kind: 'tool-call', index: 0, id: 'c1', name: 'look' },
        { kind: 'tool-arguments', index: 0, piece },
        { kind: 'finish', reason: 'tool-calls', stopSequence: null },
      ]) + writer.end()
    assert.match(text, /"finishReason":"MALFORMED_FUNCTION_CALL"/)
    assert.doesNotMatch(text, /functionCall"/)
  }
})

test('arguments pass digit by digit, and their line ends do not break the frame', () => {
  const writer = geminiWriter(options)
  writer.step([
    { kind: 'tool-call', index: 0, id: 'c1', name: 'look' },
    {
      kind: 'tool-arguments',
      index: 0,
      piece: '{\n  "id": 12345678901234567890,\r\n  "a": "b\\n"\n}',
    },
  ])
  const frame = writer.end()
  assert.match(frame, /"args":\{ {3}"id": 12345678901234567890, {3}"a": "b\\n" \}/)
  assert.equal(frame.trimEnd().includes('\n'), false)
})

test('a signature is not told on, a picture is not left out in silence', () => {
  const whole = (...parts: object[]): readonly AnswerEvent[] | null =>
    geminiAnswer().whole(
      Buffer.from(JSON.stringify({ candidates: [{ content: { parts }, finishReason: 'STOP' }] })),
    )
  const signed = whole(
    { text: 'hm', thought: true, thoughtSignature: 'c2ln' },
    { functionCall: { name: 'f' }, thoughtSignature: 'c2ln' },
  )
  assert.deepEqual(
    signed?.map(({ kind }) => kind),
    ['start', 'reasoning', 'tool-call', 'tool-arguments', 'finish'],
  )
  const picture = { inlineData: { mimeType: 'image/png', data: 'AAAA' } }
  assert.equal(whole({ text: 'Here:' }, picture), null)
  const reader = geminiAnswer()
  const chunk = { candidates: [{ content: { parts: [picture] } }] }
  assert.equal(reader.step(`data: ${JSON.stringify(chunk)}\r\n\r\n`).broken, true)
})

test('thoughts are shown only to those who ask for them, as Google does', () => {
  const events: AnswerEvent[] = [
    { kind: 'reasoning', text: 'hmm' },
    { kind: 'text', text: 'yes' },
  ]
  assert.doesNotMatch(geminiWriter({ id: 'x', includeThoughts: false }).whole(events), /hmm/)
  assert.match(geminiWriter({ id: 'x', includeThoughts: true }).whole(events), /"thought":true/)
})

test('reasons of the API keep their meaning, and failures are no answers', () => {
  const finish = (finishReason: string): unknown =>
    geminiAnswer()
      .whole(Buffer.from(JSON.stringify({ candidates: [{ finishReason }] })))
      ?.find(({ kind }) => kind === 'finish')
  const reason = (name: string): object => ({ kind: 'finish', reason: name, stopSequence: null })
  assert.deepEqual(finish('STOP'), reason('stop'))
  assert.deepEqual(finish('MAX_TOKENS'), reason('length'))
  for (const filtered of ['SAFETY', 'RECITATION', 'PROHIBITED_CONTENT', 'SPII', 'OTHER', 'NEW']) {
    assert.deepEqual(finish(filtered), reason('content-filter'), filtered)
  }
  assert.equal(finish('MALFORMED_FUNCTION_CALL'), undefined)
  const blocked = geminiAnswer().whole(
    Buffer.from(
      '{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":3}}',
    ),
  )
  assert.deepEqual(blocked?.at(-1), reason('content-filter'))
})

test('usage counts thoughts once and the prompt of tools too', () => {
  const usage = (usageMetadata: object): unknown =>
    geminiAnswer()
      .whole(Buffer.from(JSON.stringify({ candidates: [{ finishReason: 'STOP' }], usageMetadata })))
      ?.find(({ kind }) => kind === 'usage')
  assert.deepEqual(
    usage({
      promptTokenCount: 10,
      candidatesTokenCount: 4,
      thoughtsTokenCount: 6,
      cachedContentTokenCount: 8,
      toolUsePromptTokenCount: 2,
      totalTokenCount: 22,
    }),
    {
      kind: 'usage',
      usage: {
        promptTokens: 12,
        completionTokens: 10,
        cachedTokens: 8,
        cacheWriteTokens: null,
        reasoningTokens: 6,
      },
    },
  )
})

test('a body that goes through the neutral form and back asks for the same', () => {
  const body: JsonObject = {
    systemInstruction: { parts: [{ text: 'Be brief.' }] },
    contents: [
      {
        role: 'user',
        parts: [{ text: 'What is this?' }, { inlineData: { mimeType: 'image/png', data: 'AAAA' } }],
      },
      {
        role: 'model',
        parts: [
          { functionCall: { id: 'c1', name: 'look', args: { a: 1 } } },
          { functionCall: { id: 'c2', name: 'look', args: {} } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: 'c1', name: 'look', response: { output: 'a cat' } } },
          { functionResponse: { id: 'c2', name: 'look', response: { error: 'no dog' } } },
          { text: 'And now?' },
        ],
      },
    ],
    tools: [
      {
        functionDeclarations: [
          {
            name: 'look',
            description: 'Looks.',
            parametersJsonSchema: { type: 'object', properties: { a: { type: 'number' } } },
          },
        ],
      },
    ],
    toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['look'] } },
    generationConfig: {
      maxOutputTokens: 50,
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      seed: 7,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      stopSequences: ['END'],
      responseMimeType: 'application/json',
      responseJsonSchema: { type: 'object' },
      thinkingConfig: { includeThoughts: true, thinkingBudget: 512 },
    },
  }
  const conversation = geminiToConversation(body)
  assert.ok(conversation.ok)
  assert.deepEqual(conversation.value.unmapped, [])
  const asked = geminiDialect.request(conversation.value, 'gemini-2.5-flash', true)
  assert.ok(asked.ok)
  assert.deepEqual(asked.value.body, body)
  assert.deepEqual(asked.value.dropped, [])
  assert.equal(asked.value.path, '/models/gemini-2.5-flash:streamGenerateContent?alt=sse')
})
