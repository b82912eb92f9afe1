import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reconnectDelayMs } from './reconnect.ts'

test('a broken live connection is tried again soon, then less and less often, never less than every 15 s', () => {
  assert.deepEqual(
    [1, 2, 3, 4, 5, 50].map(reconnectDelayMs),
    [1_000, 2_000, 4_000, 8_000, 15_000, 15_000],
  )
})
