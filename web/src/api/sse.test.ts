import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { SSE_START, sseEvents, sseStep } from './sse.ts'
import type { SseEvent } from './sse.ts'

function readInPieces(pieces: readonly string[]): readonly SseEvent[] {
  let state = SSE_START
  const events: SseEvent[] = []
  for (const piece of pieces) {
    const [next, found] = sseStep(state, piece)
    state = next
    events.push(...found)
  }
  return events
}

const STREAM =
  ': hello\r\n\r\nevent: decision\r\ndata: {"a":1}\r\n\r\ndata: x\ndata:y\n\nid: 7\rdata\r\revent: lost\n'
const EVENTS = [
  { event: 'decision', data: '{"a":1}' },
  { event: 'message', data: 'x\ny' },
  { event: 'message', data: '' },
]

test('a stream gives its events whichever line ends it uses', () => {
  assert.deepEqual(readInPieces([STREAM]), EVENTS)
})

test('where the network cuts the stream changes nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(STREAM.length), { maxLength: 12 }), (cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), STREAM.length]
      const pieces = at.slice(1).map((end, index) => STREAM.slice(at[index], end))
      assert.deepEqual(readInPieces(pieces), EVENTS)
    }),
  )
})

test('a character split between two packets is put together again', async () => {
  const bytes = new TextEncoder().encode('data: écluse 🚤\n\n')
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
      controller.close()
    },
  })
  const events: SseEvent[] = []
  for await (const event of sseEvents(new Response(body))) events.push(event)
  assert.deepEqual(events, [{ event: 'message', data: 'écluse 🚤' }])
})

test('leaving the loop closes the connection', async () => {
  let closed = false
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('data: 1\n\ndata: 2\n\n')),
    cancel: () => {
      closed = true
    },
  })
  for await (const event of sseEvents(new Response(body))) {
    assert.equal(event.data, '1')
    break
  }
  assert.equal(closed, true)
})
