import assert from 'node:assert/strict'
import { test } from 'node:test'
import { killAgainAndAgain, type KilledReport } from './support/killed.ts'

/** `bench/budgets.ts --kills N` does it more often. */
const holds = (report: KilledReport): void => {
  assert.ok(report.acknowledged > 0)
  assert.deepEqual([report.verified, report.lost, report.twice], [true, 0, 0])
  assert.ok(report.spent <= report.hard, String(report.spent))
}

// a program starts in every round: on a busy machine that is long, and says nothing
const PATIENCE = { timeout: 900_000 }

test(
  'killed again and again in the middle of requests, the budget is exact and never passed, and nothing that was acknowledged is lost',
  PATIENCE,
  async (t) => {
    const report = await killAgainAndAgain(t, 6, 0)
    holds(report)
    assert.ok(report.sent > 0 && report.refused > 0)
  },
)

test('the same with workers, who hold their slices apart', PATIENCE, async (t) => {
  holds(await killAgainAndAgain(t, 3, 2))
})
