import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sseStep, SSE_START, type SseEvent } from './sse.ts'

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

test('every split of a stream gives the same events, whatever the line ends', () => {
  const line = fc.constantFrom(
    'data: {"a":1}',
    'data:{"b":"é"}',
    ': comment',
    'event: message',
    'id: 4',
    'data',
    '',
  )
  const ending = fc.constantFrom('\n', '\r\n', '\r')
  fc.assert(
    fc.property(
      fc.array(fc.tuple(line, ending), { maxLength: 12 }),
      fc.array(fc.nat(), { maxLength: 8 }),
      (lines, cuts) => {
        const text = lines.map(([content, end]) => content + end).join('')
        const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort(
          (a, b) => a - b,
        )
        const pieces = [...places, text.length].map((end, i) =>
          text.slice(i === 0 ? 0 : places[i - 1], end),
        )
        assert.deepEqual(readInPieces(pieces), readInPieces([text]))
      },
    ),
  )
})

test('several data lines are one event, comments are none', () => {
  assert.deepEqual(readInPieces([': hello\nevent: x\ndata: a\ndata: b\n\n']), [
    { event: 'x', data: 'a\nb' },
  ])
})

test('an event that no blank line ends is never given', () => {
  assert.deepEqual(readInPieces(['data: half']), [])
})

test('a carriage return and a line feed in two pieces are one line end', () => {
  assert.deepEqual(readInPieces(['data: a\r', '\n\r', '\ndata: b\r\n\r\n']), [
    { event: null, data: 'a' },
    { event: null, data: 'b' },
  ])
})
