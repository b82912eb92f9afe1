import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HARD, killAgainAndAgain } from './support/killed.ts'

test('killed twenty times in the middle of requests, the budget is exact and never passed', async (t) => {
  const { spent, sent, refused } = await killAgainAndAgain(t, 20, 0)
  assert.ok(spent > HARD / 2 && spent <= HARD, String(spent))
  assert.ok(sent > 0 && refused > 0)
})

test('the same with workers, who hold their slices apart', async (t) => {
  const { spent, sent } = await killAgainAndAgain(t, 5, 2)
  assert.ok(spent > 0 && spent <= HARD, String(spent))
  assert.ok(sent > 0)
})
