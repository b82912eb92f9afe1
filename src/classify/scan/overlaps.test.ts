import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Draft } from './detector.ts'
import { resolveOverlaps } from './overlaps.ts'

const draft = (start: number, end: number, more: Partial<Draft> = {}): Draft => ({
  type: 'PERSON',
  rule: 'person',
  start,
  end,
  confidence: 0.7,
  because: [],
  ...more,
})

test('a million findings in one text are no more than a list', () => {
  const many = Array.from({ length: 1_000_000 }, (_, at) => draft(at * 7, at * 7 + 6))
  assert.equal(resolveOverlaps(many).length, many.length)
})

test('the surer of two that overlap stays, then the longer, in order of place', () => {
  const kept = resolveOverlaps([
    draft(20, 30),
    draft(0, 10, { confidence: 0.9 }),
    draft(5, 15),
    draft(21, 25),
  ])
  assert.deepEqual(
    kept.map(({ start }) => start),
    [0, 20],
  )
})
