import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { beside, wrapped } from './wrap.ts'

test('wrapping keeps every word in its order, and no line of several words is wider than asked', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z≠]{1,12}$/)),
      fc.integer({ min: 1, max: 40 }),
      (words, width) => {
        const lines = wrapped(words.join(' '), width)
        assert.equal(lines.join(' '), words.join(' '))
        for (const line of lines) assert.ok(line.length <= width || !line.includes(' '))
      },
    ),
  )
})

test('what stands beside a head hangs under its first line', () => {
  assert.deepEqual(beside('head  ', 'one two three four five six', 26), [
    'head  one two three four',
    '      five six',
  ])
})
