import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEvent } from './read-event.ts'
import { EVENT_TYPES } from './event.ts'
import { SAMPLES, sampleDecision, sampleOutcome } from './samples.ts'

test('an event reads back as it was written', () => {
  const decision = sampleDecision({
    categories: ['health'],
    findings: { FR_NIR: 1 },
    zones: ['device'],
  })
  assert.deepEqual(readEvent(JSON.stringify(decision)), decision)
  const outcome = sampleOutcome('id', {
    status: 'failed',
    code: 'destination-failed',
    firstByteMs: null,
  })
  assert.deepEqual(readEvent(JSON.stringify(outcome)), outcome)
  assert.deepEqual(Object.keys(SAMPLES), [...EVENT_TYPES])
  for (const event of Object.values(SAMPLES)) {
    assert.deepEqual(readEvent(JSON.stringify(event)), event)
  }
})

test('what is erased, damaged or unknown is null, never an exception', () => {
  const unknown = JSON.stringify({ ...sampleDecision(), v: 99 })
  for (const payload of [null, '', '{', '[]', 'null', '{"type":"other","v":1}', unknown]) {
    assert.equal(readEvent(payload), null)
  }
})
