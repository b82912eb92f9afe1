import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Facts } from '#kernel/verdict.ts'
import { FILE_POLICY, nextState, type PolicyOrder } from './change-policy.ts'
import { policyOf } from './document.ts'
import { isInShare, policyFor, type StagedPolicy } from './in-force.ts'
import type { PolicyState } from './ports.ts'

const old = policyOf({ floor: 'public', rules: [] })
const next = policyOf({ floor: 'internal', rules: [] })
const staged = (share: number, by: StagedPolicy['by'] = 'key'): StagedPolicy => ({
  policy: next,
  share,
  by,
})
const factsOf = (key: string, team?: string): Facts => ({
  tenant: 'default',
  label: { class: 'public', categories: [], undetermined: false },
  requestedModel: 'auto',
  inputTokensEstimate: 1,
  caller: { key, ...(team === undefined ? {} : { team }) },
})
const keys = Array.from({ length: 20_000 }, (_, i) => `key-${i}`)

test('a share of ten percent is a tenth of the keys, each always the same, and it only grows', () => {
  const tenth = keys.filter((id) => isInShare(staged(10), id))
  // five standard deviations of a fair draw of 20,000 are 212
  assert.ok(Math.abs(tenth.length - 2_000) < 212, String(tenth.length))
  const half = new Set(keys.filter((id) => isInShare(staged(50), id)))
  assert.ok(tenth.every((id) => half.has(id)))
  assert.ok(keys.every((id) => isInShare(staged(100), id)))
  assert.ok(!keys.some((id) => isInShare(staged(0), id)))
})

test('another version goes to other keys first', () => {
  const other = { ...staged(10), policy: policyOf({ floor: 'restricted', rules: [] }) }
  const both = keys.filter((id) => isInShare(staged(10), id) && isInShare(other, id))
  assert.ok(both.length < 400, String(both.length))
})

test('by team, all keys of a team meet the same policy; a key without a team counts for itself', () => {
  const policies = { policy: old, staged: staged(50, 'team'), shadow: null }
  const versions = keys.slice(0, 100).map((key) => policyFor(policies, factsOf(key, 'hr')).version)
  assert.equal(new Set(versions).size, 1)
  const alone = keys.slice(0, 100).map((key) => policyFor(policies, factsOf(key)).version)
  assert.equal(new Set(alone).size, 2)
})

test('put, stage, grow, take back, roll back and withdraw lead where they say', () => {
  let state: PolicyState = { ...FILE_POLICY }
  let number = 0
  const is = (expected: Partial<PolicyState>): void => {
    assert.deepEqual({ ...state, ...expected }, state)
  }
  const run = (order: PolicyOrder): void => {
    number += 1
    const done = nextState(state, order, number)
    assert.ok(done.ok, order.kind)
    state = done.value.state
  }
  run({ kind: 'put' })
  is({ ...FILE_POLICY, inForce: 1 })
  run({ kind: 'stage', share: 10, by: 'team' })
  is({ inForce: 1, staged: 2, share: 10, shareBy: 'team', shadow: null })
  run({ kind: 'shadow' })
  run({ kind: 'share', share: 60 })
  is({ inForce: 1, staged: 2, share: 60, shareBy: 'team', shadow: 3 })
  run({ kind: 'share', share: 100 })
  is({ inForce: 2, staged: null, share: 0 })
  run({ kind: 'stage', share: 5, by: 'key' })
  run({ kind: 'share', share: 0 })
  is({ inForce: 2, staged: null })
  run({ kind: 'rollback' })
  is({ inForce: 8 })
  run({ kind: 'withdraw' })
  run({ kind: 'shadow-off' })
  is({ ...FILE_POLICY, shareBy: 'key' })
})

test('an order for what is not there is refused', () => {
  for (const order of [
    { kind: 'share', share: 50 },
    { kind: 'withdraw' },
    { kind: 'shadow-off' },
  ] as const)
    assert.equal(nextState(FILE_POLICY, order, 1).ok, false, order.kind)
})
