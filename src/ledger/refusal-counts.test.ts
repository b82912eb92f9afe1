import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ok } from '#kernel/result.ts'
import type { LedgerEvent } from './event.ts'
import { readEvent } from './read-event.ts'
import { createRefusalCounts } from './refusal-counts.ts'

test('a flood of refusals is a few records that count every one of them', () => {
  const events: LedgerEvent[] = []
  let now = 1000
  const counts = createRefusalCounts({
    clock: () => now,
    ledger: {
      append(event) {
        events.push(event)
        return ok({ id: '', leaf: '', durable: Promise.resolve(ok(undefined)) })
      },
    },
    tenant: 'default',
  })
  for (let i = 0; i < 10_000; i += 1) {
    counts.add('invalid-key', null, null)
    counts.add('too-many-requests', 'openai-chat', `key-${i}`)
  }
  now = 61_000
  counts.flush()
  assert.ok(events.length <= 33)
  const counted = events.map((event) => (event.type === 'refusal' ? event.count : 0))
  assert.equal(
    counted.reduce((sum, count) => sum + count, 0),
    20_000,
  )
  assert.deepEqual(events[0], {
    type: 'refusal',
    v: 1,
    code: 'invalid-key',
    surface: null,
    key: null,
    count: 10_000,
    from: 1000,
    until: 61_000,
  })
  for (const event of events) assert.deepEqual(readEvent(JSON.stringify(event)), event)
  events.length = 0
  counts.flush()
  assert.equal(events.length, 0)
})
