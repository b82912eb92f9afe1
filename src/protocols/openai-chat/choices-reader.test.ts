import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { AnswerEvent } from '../answer-event.ts'
import { cutAt } from '../answer-event.fixture.ts'
import type { AnswerFilter } from '../answer-filter.ts'
import { readChatRequest } from './request.ts'
import { chatSurface } from './surface.ts'

const TEXTS = ['un mot', 'deux mots', 'trois']

/** Writes in capitals, one letter late, and counts what it saw. */
function late(seen: { texts: number }): AnswerFilter {
  let held = ''
  return {
    step: (events) => ({
      events: events.flatMap((event): AnswerEvent[] => {
        if (event.kind === 'finish') {
          const rest = held
          held = ''
          return [{ kind: 'text', text: rest.toUpperCase() }, event]
        }
        if (event.kind !== 'text') return [event]
        seen.texts += 1
        const all = held + event.text
        held = all.slice(-1)
        return all.length < 2 ? [] : [{ kind: 'text', text: all.slice(0, -1).toUpperCase() }]
      }),
      stopped: null,
    }),
    end: () => ({ events: [], stopped: null }),
    another: () => late(seen),
  }
}

function outgoing(stream: boolean, filter: AnswerFilter, n: number | string = 3) {
  const messages = [{ role: 'user', content: 'x' }]
  const body = { model: 'm', stream, messages, n, logprobs: true, top_logprobs: 2 }
  const read = readChatRequest({ ...body, stream_options: { include_usage: true } })
  assert.ok(read.ok)
  const surface = chatSurface(read.value, { id: 'x', createdSeconds: 7 })
  return surface.forDestination('openai', { name: 'm', upstream: 'u' }, [], filter)
}

const USAGE = { prompt_tokens: 4, completion_tokens: 9, total_tokens: 13 }

test('each of several whole answers goes through a filter of its own, without log probabilities', () => {
  const seen = { texts: 0 }
  const asked = outgoing(false, late(seen))
  assert.ok(asked.ok && asked.value.body)
  assert.equal(asked.value.body['n'], 3)
  assert.equal(asked.value.body['logprobs'], undefined)
  assert.ok(
    asked.value.dropped.includes('logprobs') && asked.value.dropped.includes('top_logprobs'),
  )
  const choices = TEXTS.map((content, index) => ({
    index,
    message: { role: 'assistant', content },
    logprobs: { content: [{ token: content, logprob: -1 }] },
    finish_reason: 'stop',
  }))
  const whole = asked.value.reader.whole(
    Buffer.from(JSON.stringify({ id: 'a', choices, usage: USAGE })),
  )
  assert.ok(whole)
  const text = Buffer.from(whole.body).toString()
  const told: unknown = JSON.parse(text)
  assert.deepEqual(
    (told as { choices: { index: number; message: { content: string } }[] }).choices.map(
      ({ index, message }) => [index, message.content],
    ),
    TEXTS.map((one, index) => [index, one.toUpperCase()]),
  )
  assert.doesNotMatch(text, /"token"/)
  assert.equal(seen.texts, 3)
  assert.equal(asked.value.reader.usage().completionTokens, 9)
})

test('several streams come interleaved, each whole and filtered, whatever the split', () => {
  const frame = (choices: readonly object[], more: object = {}): string =>
    `data: ${JSON.stringify({ id: 'chatcmpl-1', created: 5, model: 'u', choices, ...more })}\n\n`
  const pieces = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.string({ maxLength: 4 })), {
    maxLength: 20,
  })
  fc.assert(
    fc.property(pieces, fc.array(fc.nat(2000), { maxLength: 6 }), (said, cuts) => {
      const stream =
        said
          .map(([index, content]) => frame([{ index, delta: { content }, finish_reason: null }]))
          .join('') +
        [0, 1, 2].map((index) => frame([{ index, delta: {}, finish_reason: 'stop' }])).join('') +
        frame([], { usage: USAGE }) +
        'data: [DONE]\n\n'
      const asked = outgoing(true, late({ texts: 0 }))
      assert.ok(asked.ok)
      const { reader } = asked.value
      let out = ''
      for (const piece of cutAt(stream, cuts)) {
        const step = reader.step(piece)
        assert.equal(step.broken, false)
        out += step.out
      }
      out += reader.close() ?? 'broken'
      assert.ok(out.endsWith('data: [DONE]\n\n'))
      const texts = ['', '', '']
      const finished = new Set<number>()
      for (const [, data = ''] of out.matchAll(/data: (\{.*)\n/g)) {
        const chunk = JSON.parse(data) as {
          choices: { index: number; delta: { content?: string }; finish_reason: string | null }[]
        }
        for (const { index, delta, finish_reason: reason } of chunk.choices) {
          texts[index] += delta.content ?? ''
          if (reason) finished.add(index)
        }
      }
      const wanted = [0, 1, 2].map((index) =>
        said
          .filter(([of]) => of === index)
          .map(([, content]) => content)
          .join('')
          .toUpperCase(),
      )
      assert.deepEqual(texts, wanted)
      assert.equal(finished.size, 3)
      assert.equal(reader.usage().promptTokens, 4)
    }),
    { numRuns: 200 },
  )
})

test('an answer that stops stops all, one that does not end breaks, and one too many is no answer', () => {
  const stops: AnswerFilter = {
    step: (events) => ({ events, stopped: null }),
    end: () => ({ events: [], stopped: null }),
    another: () => ({
      step: () => ({ events: [], stopped: { code: 'answer-withheld' } }),
      end: () => ({ events: [], stopped: null }),
    }),
  }
  const choice = (index: number, reason: string | null) =>
    `data: ${JSON.stringify({ choices: [{ index, delta: { content: 'a' }, finish_reason: reason }] })}\n\n`
  const one = outgoing(true, stops, 2)
  assert.ok(one.ok)
  assert.equal(one.value.reader.step(choice(0, 'stop')).broken, false)
  assert.equal(one.value.reader.step(choice(1, 'stop')).broken, true)
  assert.equal(one.value.reader.stopped?.()?.code, 'answer-withheld')
  const half = outgoing(true, late({ texts: 0 }), 2)
  assert.ok(half.ok)
  half.value.reader.step(choice(0, 'stop') + choice(1, null))
  assert.equal(half.value.reader.close(), null)
  const many = outgoing(true, late({ texts: 0 }), 2)
  assert.ok(many.ok)
  assert.equal(many.value.reader.step(choice(2, 'stop')).broken, true)
})

test('what takes one answer alone, or too many, is refused by name', () => {
  const { another: _, ...alone } = late({ texts: 0 })
  for (const asked of [outgoing(false, alone), outgoing(false, late({ texts: 0 }), 129)])
    assert.deepEqual(asked, { ok: false, error: { code: 'unsupported-parameter', param: 'n' } })
})
