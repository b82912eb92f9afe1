import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readRetryAfter } from './retry-after.ts'

const NOW = Date.UTC(2026, 0, 5, 12, 0, 0)

test('seconds and dates are read, at most an hour ahead', () => {
  assert.equal(readRetryAfter('7', NOW), 7)
  assert.equal(readRetryAfter(' 0 ', NOW), 0)
  assert.equal(readRetryAfter('999999999', NOW), 3600)
  assert.equal(readRetryAfter(new Date(NOW + 2_400).toUTCString(), NOW), 2)
  assert.equal(readRetryAfter(new Date(NOW - 60_000).toUTCString(), NOW), 0)
  assert.equal(readRetryAfter(new Date(NOW + 86_400_000).toUTCString(), NOW), 3600)
})

test('anything else says nothing', () => {
  const others = [
    undefined,
    '',
    '-1',
    '1.5',
    '1e3',
    'soon',
    '2026-01-05',
    'Mon, 99 Foo 2026 12:00:00 GMT',
  ]
  for (const header of others) assert.equal(readRetryAfter(header, NOW), null, String(header))
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 0, max: 4e12 }), (header, now) => {
      const seconds = readRetryAfter(header, now)
      assert.ok(seconds === null || (Number.isInteger(seconds) && seconds >= 0 && seconds <= 3600))
    }),
  )
})
