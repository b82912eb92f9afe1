import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readLive } from './decisions.ts'

const row = {
  id: 'd1',
  at: 1,
  surface: 'openai-chat',
  key: 'k',
  model: 'auto',
  class: 'public',
  categories: [],
  undetermined: false,
  findings: { FR_NIR: 1 },
  destination: null,
  served: null,
  zone: null,
  refusal: 'no-eligible-destination',
  outcome: null,
}

test('a live decision is read as a row of the list', () => {
  const live = readLive('decision', JSON.stringify(row))
  assert.equal(live?.kind, 'decision')
  assert.deepEqual(live?.kind === 'decision' ? live.decision : null, row)
})

test('a live outcome names its decision and keeps uncounted figures uncounted', () => {
  const outcome = {
    status: 'answered',
    code: null,
    promptTokens: null,
    completionTokens: 4,
    firstByteMs: 1,
    totalMs: 2,
  }
  assert.deepEqual(readLive('outcome', JSON.stringify({ decision: 'd1', ...outcome })), {
    kind: 'outcome',
    decision: 'd1',
    outcome,
  })
})

test('events of other names, broken JSON and rows of another shape are skipped', () => {
  assert.equal(readLive('message', JSON.stringify(row)), null)
  assert.equal(readLive('decision', '{'), null)
  assert.equal(readLive('decision', JSON.stringify({ ...row, class: 'secret' })), null)
})
