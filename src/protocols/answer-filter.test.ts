import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTurn, type AnswerFilter } from './answer-filter.ts'
import { openAiDialect } from './openai-chat/dialect.ts'
import { chatWriter } from './openai-chat/writer.ts'
import { translated } from './translate.ts'

const options = { includeUsage: false, createdSeconds: 1, id: 'chatcmpl-own' }

/** Writes texts in capitals and holds the last letter back until the end. */
function capitals(): AnswerFilter {
  let held = ''
  return {
    step: (events) => ({
      stopped: null,
      events: events.map((event) => {
        if (event.kind !== 'text') return event
        const text = (held + event.text).toUpperCase()
        held = text.slice(-1)
        return { kind: 'text', text: text.slice(0, -1) }
      }),
    }),
    end: () => ({ events: held === '' ? [] : [{ kind: 'text', text: held }], stopped: null }),
  }
}

/** Stops at a word. */
const stopsAt = (word: string): AnswerFilter => ({
  step: (events) => ({
    events,
    stopped: events.some((event) => event.kind === 'text' && event.text.includes(word))
      ? { code: 'no-eligible-destination' }
      : null,
  }),
  end: () => ({ events: [], stopped: null }),
})

const said = (text: string): string =>
  chatWriter(options).whole([
    { kind: 'start', id: 'chatcmpl-1', model: 'm', createdSeconds: 1 },
    { kind: 'text', text },
    { kind: 'finish', reason: 'stop', stopSequence: null },
  ])

const answered = (text: string, filter: AnswerFilter) => {
  const reader = translated(openAiDialect, chatWriter(options), filter)
  const whole = reader.whole(Buffer.from(said(text)))
  return { text: whole && Buffer.from(whole.body).toString(), stopped: reader.stopped?.() }
}

test('an answer reaches the caller as its filter leaves it, what was held back included', () => {
  const { text, stopped } = answered('hello', capitals())
  assert.match(text ?? '', /"content":"HELLO"/)
  assert.equal(stopped, null)
})

test('an answer that a filter stops is not shown, and says why', () => {
  assert.deepEqual(answered('a secret', stopsAt('secret')), {
    text: null,
    stopped: { code: 'no-eligible-destination' },
  })
})

test('the second filter sees what the first lets through, held back or not', () => {
  assert.match(answered('hello', inTurn(capitals(), capitals())).text ?? '', /"content":"HELLO"/)
  assert.equal(answered('secret', inTurn(capitals(), stopsAt('SECRE'))).text, null)
  assert.equal(answered('t', inTurn(capitals(), stopsAt('T'))).text, null)
})

test('a stream that a filter stops breaks, and its end is not written', () => {
  const reader = translated(openAiDialect, chatWriter(options), stopsAt('secret'))
  const chunk = (delta: object, finish: string | null): string =>
    `data: ${JSON.stringify({ id: 'chatcmpl-1', model: 'm', created: 1, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
  assert.equal(reader.step(chunk({ content: 'fine ' }, null)).broken, false)
  assert.equal(reader.step(chunk({ content: 'secret' }, null)).broken, true)
  reader.step(`${chunk({}, 'stop')}data: [DONE]\n\n`)
  assert.equal(reader.close(), null)
  assert.equal(reader.stopped?.()?.code, 'no-eligible-destination')
})
