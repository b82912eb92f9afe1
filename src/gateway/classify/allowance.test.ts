import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAllowance, unitsOf } from './allowance.ts'

test('a key that has spent its units waits until enough have come back, and others do not', () => {
  let now = 1_000_000
  const allow = createAllowance({ clock: () => now, burst: 3, perSecond: 2 })
  for (let i = 0; i < 3; i++) assert.ok(allow('a', 1).ok)
  const refused = allow('a', 2)
  assert.ok(!refused.ok)
  assert.deepEqual(refused.error, { code: 'too-many-attempts', retryAfterSeconds: 1 })
  assert.ok(allow('b', 1).ok)
  now += 1000
  assert.ok(allow('a', 2).ok)
  assert.ok(!allow('a', 1).ok)
})

test('a question larger than everything a key may spend is let through when nothing was spent', () => {
  const allow = createAllowance({ clock: () => 0, burst: 3 })
  assert.ok(allow('a', 100).ok)
  assert.ok(!allow('a', 1).ok)
})

test('a clock that goes back gives nothing, and goes on from there', () => {
  let now = 10_000
  const allow = createAllowance({ clock: () => now, burst: 1, perSecond: 1 })
  assert.ok(allow('a', 1).ok)
  now = 0
  assert.ok(!allow('a', 1).ok)
  now = 1000
  assert.ok(allow('a', 1).ok)
})

test('keys beyond those remembered push out the one quiet for longest', () => {
  const allow = createAllowance({ clock: () => 0, burst: 1, maxKeys: 2 })
  for (const key of ['a', 'b', 'c']) assert.ok(allow(key, 1).ok)
  assert.ok(!allow('b', 1).ok)
  assert.ok(allow('a', 1).ok)
})

test('size counts', () => {
  assert.equal(unitsOf(10), 1)
  assert.equal(unitsOf(65_536), 2)
})
