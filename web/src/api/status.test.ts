import assert from 'node:assert/strict'
import { test } from 'node:test'
import { statusIntervalMs } from './status.ts'
import type { Engine } from './status.ts'

const engine = (state: Engine['state']): Engine => ({ state, model: null, progress: null })

test('the engine is watched closely until there is nothing left to wait for', () => {
  assert.equal(statusIntervalMs(undefined), 2_000)
  for (const state of ['absent', 'pulling', 'starting', 'failed'] as const) {
    assert.equal(statusIntervalMs(engine(state)), 2_000)
  }
  assert.equal(statusIntervalMs(engine('ready')), 15_000)
  assert.equal(statusIntervalMs(engine('disabled')), 15_000)
})
