import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { mostInAny, type Admitted } from './most-in-any.fixture.ts'
import { QuotaWindow, SLICES } from './quota-window.ts'

const WINDOW_MS = 1_000

const steps = fc.array(
  fc.record({
    waitMs: fc.integer({ min: -300, max: 700 }),
    units: fc.integer({ min: 1, max: 6 }),
    keepShare: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { minLength: 1, maxLength: 120 },
)

describe('a sliding window', () => {
  test('never lets in more than the limit in any stretch as long as itself, also when the clock is set back', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 20 }), (schedule, limit) => {
        const window = new QuotaWindow(WINDOW_MS)
        const seen: Admitted[] = []
        let [clock, real] = [10_000, 10_000]
        for (const { waitMs, units, keepShare } of schedule) {
          clock += waitMs
          real += Math.max(0, waitMs)
          if (window.total(clock) + units > limit) continue
          const slice = window.take(units, clock)
          const kept = Math.floor(units * keepShare)
          window.giveBack(units - kept, slice)
          seen.push({ at: real, units: kept })
        }
        assert.ok(mostInAny(seen, WINDOW_MS) <= limit)
      }),
      { numRuns: 500 },
    )
  })

  test('gives everything back one slice after its length at the latest', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10 ** 7 }),
        fc.integer({ min: 1, max: 50 }),
        (at, units) => {
          const window = new QuotaWindow(WINDOW_MS)
          window.take(units, at)
          assert.equal(window.total(at + WINDOW_MS - 1), units)
          assert.equal(window.total(at + WINDOW_MS + WINDOW_MS / SLICES), 0)
        },
      ),
    )
  })

  test('says when it will have room, and has it then and not a slice before', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 6, max: 20 }), (schedule, limit) => {
        const window = new QuotaWindow(WINDOW_MS)
        let clock = 0
        for (const { waitMs, units } of schedule) {
          clock += Math.abs(waitMs) / 10
          if (window.total(clock) + units <= limit) {
            window.take(units, clock)
            continue
          }
          const wait = window.untilAtMost(limit - units, clock)
          assert.ok(wait !== null && wait > 0)
          const saved = QuotaWindow.from(WINDOW_MS, window.state())
          assert.ok(saved.total(clock + wait - 1) + units > limit)
          assert.ok(saved.total(clock + wait) + units <= limit)
        }
      }),
    )
  })

  test('is the same after it was written down, and on another clock no earlier', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: -5_000, max: 5_000 }), (schedule, byMs) => {
        const window = new QuotaWindow(WINDOW_MS)
        let clock = 20_000
        for (const { waitMs, units } of schedule) {
          clock += Math.abs(waitMs)
          window.take(units, clock)
        }
        const again = QuotaWindow.from(WINDOW_MS, window.state())
        const moved = QuotaWindow.from(WINDOW_MS, window.shifted(byMs))
        for (let later = 0; later < 2_000; later += 90) {
          const total = window.total(clock + later)
          assert.equal(again.total(clock + later), total)
          assert.ok(moved.total(clock + byMs + later) >= total)
        }
        assert.equal(moved.total(clock + byMs + WINDOW_MS + (2 * WINDOW_MS) / SLICES), 0)
      }),
    )
  })

  test('of what is open counts it until it ends', () => {
    const open = new QuotaWindow(0)
    assert.equal(open.total(0), 0)
    const slice = open.take(2, 1)
    assert.equal(open.total(10 ** 9), 2)
    open.giveBack(1, slice)
    assert.equal(open.total(10 ** 9), 1)
  })
})
