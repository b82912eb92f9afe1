import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { FollowedClock, openClock } from './shared-clock.ts'

/** A clock that follows an authority with a time of its own, asked over a slow line. */
function setUp() {
  const time = { now: 1000, authority: 1_800_000_000_000 }
  const clock = new FollowedClock(() => time.now)
  return {
    clock,
    pass(ms: number): void {
      time.now += ms
      time.authority += ms
    },
    set: (by: number): void => void (time.authority += by),
    /** The answer takes so long, and was made at this share of it. */
    ask(tookMs: number, share: number): void {
      const askedAt = time.now
      this.pass(tookMs * share)
      const told = Math.floor(time.authority)
      this.pass(tookMs * (1 - share))
      clock.told(told, askedAt, time.now)
    },
    error: (): number => clock.read() - time.authority,
  }
}

describe('a clock that follows another', () => {
  test('is never further from it than its quickest answer took, and does not go back by little', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            pass: fc.integer({ min: 0, max: 5000 }),
            took: fc.double({ min: 0, max: 800, noNaN: true }),
            share: fc.double({ min: 0, max: 1, noNaN: true }),
          }),
          { minLength: 1, maxLength: 30 },
        ),
        (asks) => {
          const { clock, ...house } = setUp()
          let quickest = Infinity
          let last = -Infinity
          for (const { pass, took, share } of asks) {
            house.pass(pass)
            house.ask(took, share)
            quickest = Math.min(quickest, took)
            const error = house.error()
            // one that was ahead stands still until its time has come
            const isWaiting = clock.read() === last && error > 0
            assert.ok(isWaiting || Math.abs(error) <= quickest + 2, String(error))
            assert.ok(clock.read() >= last)
            last = clock.read()
          }
        },
      ),
    )
  })

  test('goes where the other one is set, forward and back', () => {
    const house = setUp()
    house.ask(10, 0.5)
    for (const by of [3_600_000, -7_200_000]) {
      house.set(by)
      house.ask(10, 0.5)
      assert.ok(Math.abs(house.error()) <= 12, String(house.error()))
    }
  })

  test('is the clock of the machine where nothing is shared', async () => {
    const { clock } = await openClock({ time: null })
    assert.equal(clock, Date.now)
  })
})
