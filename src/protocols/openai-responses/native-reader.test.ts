import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { JsonObject } from '#kernel/canonical-json.ts'
import { NO_USAGE } from '../answer-event.ts'
import { readFrames } from './event-grammar.fixture.ts'
import { framesOf, NATIVE_EVENTS, NATIVE_STREAM, nativeResponse } from './native-answer.fixture.ts'
import { nativeReader } from './native-reader.ts'

const newReader = () => nativeReader(() => nativeResponse({ id: 'resp_own', output: [] }))
const FAILURE = { code: 'stream-interrupted', message: 'It broke.' }
const USAGE = {
  promptTokens: 9,
  completionTokens: 6,
  cachedTokens: 4,
  cacheWriteTokens: null,
  reasoningTokens: 2,
}

function pass(pieces: readonly string[]) {
  const reader = newReader()
  let out = ''
  let isBroken = false
  for (const piece of pieces) {
    const step = reader.step(piece)
    out += step.out
    isBroken ||= step.broken
  }
  return { reader, out, isBroken, last: reader.close() }
}

/** The one event of a frame. */
function eventOf(frame: string | undefined): JsonObject {
  const [event] = readFrames(frame ?? '')
  assert.ok(event)
  return JSON.parse(JSON.stringify(event))
}

test('every split of a stream gives the same bytes, and they are those of the destination', () => {
  for (let at = 0; at <= NATIVE_STREAM.length; at += 1) {
    const { out, last } = pass([NATIVE_STREAM.slice(0, at), NATIVE_STREAM.slice(at)])
    assert.equal(out + (last ?? ''), NATIVE_STREAM)
  }
  fc.assert(
    fc.property(fc.array(fc.nat(NATIVE_STREAM.length), { maxLength: 30 }), (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), NATIVE_STREAM.length]
      const pieces = places.slice(1).map((end, i) => NATIVE_STREAM.slice(places[i], end))
      const { reader, out, last } = pass(pieces)
      assert.equal(out + (last ?? ''), NATIVE_STREAM)
      assert.deepEqual(reader.usage(), USAGE)
    }),
  )
})

test('a stream cut anywhere before its last event is not complete, and its end is told with what was seen', () => {
  for (let end = 0; end < NATIVE_STREAM.length - 1; end += 1) {
    const { reader, out, last } = pass([NATIVE_STREAM.slice(0, end)])
    assert.equal(last, null, String(end))
    assert.ok(!out.includes('response.completed'))
    const seen = out === '' ? 0 : readFrames(out).length
    const told = eventOf(reader.failed?.(FAILURE))
    assert.equal(told['sequence_number'], seen)
    const response = told['response']
    assert.ok(typeof response === 'object' && response && 'id' in response)
    assert.equal(response.id, seen === 0 ? 'resp_own' : 'resp_up')
    const { status, error, output } = JSON.parse(JSON.stringify(response))
    assert.deepEqual([status, error], ['failed', FAILURE])
    assert.equal(output.length, out.includes('response.output_item.done') ? 1 : 0)
  }
})

test('incomplete is an end like completed', () => {
  const response = nativeResponse({ status: 'incomplete' })
  const events = [...NATIVE_EVENTS.slice(0, -1), { type: 'response.incomplete', response }]
  const { last, isBroken } = pass(framesOf(events))
  assert.equal(isBroken, false)
  assert.equal(last, framesOf(events).at(-1))
})

test('a failure that the destination tells itself is no good end, and is passed on in its own words', () => {
  const error = { code: 'server_error', message: 'Try later.' }
  const response = nativeResponse({ status: 'failed', error, output: [] })
  const frames = framesOf([...NATIVE_EVENTS.slice(0, 4), { type: 'response.failed', response }])
  const { reader, out, last, isBroken } = pass(frames)
  assert.deepEqual([isBroken, last], [true, null])
  assert.equal(out, frames.slice(0, -1).join(''))
  assert.equal(reader.failed?.(FAILURE), frames.at(-1))
  assert.deepEqual(reader.usage(), USAGE)
})

test('what is no event of this protocol breaks the stream and is not passed on', () => {
  const start = framesOf(NATIVE_EVENTS.slice(0, 2)).join('')
  const wrong = [
    'data: {"half":\n\n',
    'data: [1]\n\n',
    'data: {"no":"type"}\n\n',
    'data: {"error":{"message":"overloaded"}}\n\n',
    'event: error\ndata: {"type":"error","code":"x","message":"overloaded"}\n\n',
    'event: response.completed\ndata: {"type":"response.created"}\n\n',
    'event: response.completed\ndata: {"type":"response.completed"}\n\n',
  ]
  for (const frame of wrong) {
    const { out, isBroken, last } = pass([start + frame + NATIVE_STREAM])
    assert.deepEqual([out, isBroken, last], [start, true, null], frame)
  }
})

test('an end mark of chat says nothing: neither an end nor a fault', () => {
  const mark = 'data: [DONE]\n\n'
  assert.equal(pass([NATIVE_STREAM + mark]).last, framesOf(NATIVE_EVENTS).at(-1))
  assert.equal(pass([framesOf(NATIVE_EVENTS.slice(0, -1)).join('') + mark]).last, null)
})

test('nothing follows the end, and frames without an event name get theirs', () => {
  const bare = NATIVE_STREAM.replaceAll(/event: .*\n/g, '')
  const { out, last } = pass([`${bare}${bare}`])
  assert.equal(out + (last ?? ''), NATIVE_STREAM)
})

test('a whole answer passes as it came; one that is still being made, or no answer, does not', () => {
  const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))
  const reader = newReader()
  const good = bytes(nativeResponse())
  assert.deepEqual(reader.whole(good), { body: good, type: 'application/json' })
  assert.deepEqual(reader.usage(), USAGE)
  const silent = newReader()
  assert.ok(silent.whole(bytes(nativeResponse({ usage: null }))))
  assert.deepEqual(silent.usage(), NO_USAGE)
  for (const status of ['queued', 'in_progress']) {
    assert.equal(newReader().whole(bytes(nativeResponse({ status }))), null)
  }
  assert.equal(newReader().whole(bytes({ choices: [] })), null)
  assert.equal(newReader().whole(Buffer.from('<html>')), null)
})
