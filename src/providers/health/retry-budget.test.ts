import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DEFAULT_RETRY_BUDGET, fullBudget, refilled, spent } from './retry-budget.ts'

test('an outage is not amplified: repetitions stay under a tenth of the requests, plus what time and a full bucket give', () => {
  const requests = fc.array(fc.record({ waitMs: fc.nat(2_000), wants: fc.nat(3) }), {
    maxLength: 400,
  })
  fc.assert(
    fc.property(requests, (list) => {
      let budget = fullBudget(0, DEFAULT_RETRY_BUDGET)
      let at = 0
      let repeated = 0
      for (const { waitMs, wants } of list) {
        at += waitMs
        budget = refilled(budget, 1, at, DEFAULT_RETRY_BUDGET)
        for (let want = 0; want < wants; want += 1) {
          const left = spent(budget)
          if (!left) continue
          budget = left
          repeated += 1
        }
        assert.ok(budget.tokens >= 0 && budget.tokens <= DEFAULT_RETRY_BUDGET.capacity)
      }
      const allowed =
        DEFAULT_RETRY_BUDGET.capacity +
        list.length * DEFAULT_RETRY_BUDGET.perRequest +
        (at / 1000) * DEFAULT_RETRY_BUDGET.perSecond
      assert.ok(repeated <= allowed + 1e-6)
    }),
  )
})

test('a quiet gateway may repeat again after a while, and a clock that goes back gives nothing', () => {
  let budget = { tokens: 0, at: 10_000 }
  assert.equal(spent(budget), null)
  budget = refilled(budget, 0, 5_000, DEFAULT_RETRY_BUDGET)
  assert.equal(spent(budget), null)
  assert.ok(spent(refilled(budget, 0, 15_000, DEFAULT_RETRY_BUDGET)))
})
