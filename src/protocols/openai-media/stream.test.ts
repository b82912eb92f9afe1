import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { NO_USAGE } from '../answer-event.ts'
import { MEDIA_STREAM_START, mediaStreamEnd, mediaStreamStep } from './stream.ts'

const frame = (fields: object): string => `data: ${JSON.stringify(fields)}\n\n`
const delta = (text: string): string => frame({ type: 'transcript.text.delta', delta: text })
const done = frame({
  type: 'transcript.text.done',
  text: 'Bonjour',
  usage: { type: 'tokens', input_tokens: 14, output_tokens: 2, total_tokens: 16 },
})
const picture = (kind: string): string =>
  `event: image_edit.${kind}\n${frame({ type: `image_edit.${kind}`, b64_json: 'AAAA' })}`
const chunk = (content: string, finish: string | null): string =>
  frame({ object: 'transcription.chunk', choices: [{ delta: { content }, finish_reason: finish }] })
const MARK = 'data: [DONE]\n\n'

function pass(text: string, cuts: readonly number[] = []) {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b)
  let state = MEDIA_STREAM_START
  let out = ''
  for (const [i, end] of [...places, text.length].entries()) {
    const [next, frames] = mediaStreamStep(state, text.slice(i === 0 ? 0 : places[i - 1], end))
    state = next
    out += frames
  }
  return { state, out, end: mediaStreamEnd(state) }
}

test('every split of a stream gives the same frames, usage and end', () => {
  const text = delta('Bon') + delta('jour 🌊') + done + picture('partial_image') + MARK
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 20 }), (cuts) => {
      assert.deepEqual(pass(text, cuts), pass(text))
    }),
  )
})

test('frames pass as they came, with the names of their events, and the tokens are counted', () => {
  const spoken = pass(delta('Bon') + done)
  assert.equal(spoken.out, delta('Bon') + done)
  assert.equal(spoken.end, '')
  assert.deepEqual(spoken.state.usage, { ...NO_USAGE, promptTokens: 14, completionTokens: 2 })
  const drawn = picture('partial_image') + picture('completed')
  assert.deepEqual([pass(drawn).out, pass(drawn).end], [drawn, ''])
})

test('the end mark of a destination comes at the true end, and only where it sent one', () => {
  const text = chunk('Bon', null) + chunk('jour', 'stop') + frame({ choices: [], usage: {} })
  assert.deepEqual([pass(text).out, pass(text).end], [text, ''])
  assert.deepEqual([pass(text + MARK).out, pass(text + MARK).end], [text, MARK])
})

test('a stream that ends before its last event is not complete', () => {
  for (const text of [
    '',
    delta('Bon'),
    picture('partial_image'),
    picture('completed') + picture('partial_image'),
    chunk('Bon', null),
    done.slice(0, -1),
  ])
    assert.equal(pass(text).end, null, text)
})

test('an error event, or one that is no JSON, breaks the stream and is not passed on', () => {
  for (const bad of [
    frame({ error: { message: 'secret' } }),
    frame({ type: 'error', message: 'secret' }),
    'event: error\ndata: {}\n\n',
    'data: {"half":\n\n',
    'data: "text"\n\n',
  ]) {
    const { state, out, end } = pass(delta('a') + bad + done + MARK)
    assert.deepEqual([state.broken, out, end], [true, delta('a'), null], bad)
  }
})
