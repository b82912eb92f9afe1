import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cutAt } from './answer-event.fixture.ts'
import { NDJSON_START, ndjsonRest, ndjsonStep } from './ndjson.ts'

function read(text: string, cuts: readonly number[] = [], limit?: number) {
  let state = NDJSON_START
  const lines: string[] = []
  for (const piece of cutAt(text, cuts)) {
    const [next, found] = ndjsonStep(state, piece, limit)
    state = next
    lines.push(...found)
  }
  return { lines, rest: ndjsonRest(state), overlong: state.overlong }
}

const line = fc.json().map((json) => json.replaceAll(/[\r\n]/g, ''))
const cuts = fc.array(fc.nat(), { maxLength: 20 })

test('every split and both line ends give the same lines', () => {
  fc.assert(
    fc.property(fc.array(line), fc.constantFrom('\n', '\r\n'), cuts, (lines, end, at) => {
      const text = lines.map((one) => one + end).join('')
      assert.deepEqual(read(text, at), { lines, rest: null, overlong: false })
    }),
  )
})

test('blank lines say nothing, and a last line without its end is the rest', () => {
  assert.deepEqual(read('\n{"a":1}\n\r\n{"b":2}'), {
    lines: ['{"a":1}'],
    rest: '{"b":2}',
    overlong: false,
  })
})

test('a line over the limit is given up at every split, and nothing after it is read', () => {
  const text = `ok\n${'x'.repeat(11)}\nlater\n`
  fc.assert(
    fc.property(cuts, (at) => {
      assert.deepEqual(read(text, at, 10), { lines: ['ok'], rest: null, overlong: true })
    }),
  )
  assert.deepEqual(read('x'.repeat(10) + '\n', [], 10).lines, ['x'.repeat(10)])
})

test('a line that never ends is not held', () => {
  let state = NDJSON_START
  for (let piece = 0; piece < 100; piece += 1) [state] = ndjsonStep(state, 'x'.repeat(100), 1000)
  assert.deepEqual(state, { line: '', overlong: true })
})
