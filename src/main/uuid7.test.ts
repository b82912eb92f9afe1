import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { uuid7 } from './uuid7.ts'

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

test('ids are of version 7, never the same, and sort as they were made, even when the clock stands or jumps back', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 6000, minLength: 1 }),
      (steps) => {
        let now = 1_800_000_000_000
        const newId = uuid7(
          () => now,
          (length) => randomBytes(length),
        )
        let before = ''
        for (const step of steps) {
          now += step
          const id = newId()
          assert.match(id, FORM)
          assert.ok(id > before)
          before = id
        }
      },
    ),
    { numRuns: 20 },
  )
})

test('more ids in one millisecond than the counter holds keep their order', () => {
  const newId = uuid7(
    () => 1_800_000_000_000,
    (length) => randomBytes(length),
  )
  const ids = Array.from({ length: 10_000 }, newId)
  assert.deepEqual(ids, ids.toSorted())
  assert.equal(new Set(ids).size, ids.length)
})
