import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { BUDGET_PERIODS } from './budget.ts'
import { isTimeZone, periodAt } from './period.ts'

const at = (text: string): number => Date.parse(text)
const HOUR = 3_600_000
const ZONES = [
  'UTC',
  'Europe/Paris',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/Havana',
  'Pacific/Apia',
]

describe('periods', () => {
  test('a day of Paris begins at midnight there, and lasts 23 or 25 hours when clocks change', () => {
    const spring = periodAt('day', 'Europe/Paris', at('2026-03-29T12:00:00Z'))
    assert.equal(new Date(spring.start).toISOString(), '2026-03-28T23:00:00.000Z')
    assert.equal(spring.end - spring.start, 23 * HOUR)
    const autumn = periodAt('day', 'Europe/Paris', at('2026-10-25T12:00:00Z'))
    assert.equal(new Date(autumn.start).toISOString(), '2026-10-24T22:00:00.000Z')
    assert.equal(autumn.end - autumn.start, 25 * HOUR)
  })

  test('the last millisecond belongs to the old period and the next one to the new', () => {
    const midnight = at('2026-12-31T23:00:00Z')
    const old = periodAt('month', 'Europe/Paris', midnight - 1)
    const fresh = periodAt('month', 'Europe/Paris', midnight)
    assert.deepEqual([old.end, fresh.start], [midnight, midnight])
    assert.equal(new Date(old.start).toISOString(), '2026-11-30T23:00:00.000Z')
  })

  test('an hour that comes twice is two periods', () => {
    const first = periodAt('hour', 'Europe/Paris', at('2026-10-25T00:30:00Z'))
    const second = periodAt('hour', 'Europe/Paris', at('2026-10-25T01:30:00Z'))
    assert.deepEqual([first.end, second.start], [at('2026-10-25T01:00:00Z'), first.end])
    assert.equal(second.end - second.start, HOUR)
    const half = periodAt('hour', 'Asia/Kolkata', at('2026-06-01T10:45:00Z'))
    assert.equal(new Date(half.start).toISOString(), '2026-06-01T10:30:00.000Z')
  })

  test('a week begins on Monday', () => {
    const week = periodAt('week', 'UTC', at('2026-11-22T23:59:59.999Z'))
    assert.equal(new Date(week.start).toISOString(), '2026-11-16T00:00:00.000Z')
    assert.equal(new Date(week.end).toISOString(), '2026-11-23T00:00:00.000Z')
  })

  test('whatever the zone and the moment, periods follow each other without gap or overlap', () => {
    const moment = fc.integer({ min: at('2000-01-01T00:00:00Z'), max: at('2037-01-01T00:00:00Z') })
    const kinds = BUDGET_PERIODS.filter((kind) => kind !== 'total')
    fc.assert(
      fc.property(
        moment,
        fc.constantFrom(...kinds),
        fc.constantFrom(...ZONES),
        (now, kind, zone) => {
          const period = periodAt(kind, zone, now)
          assert.ok(period.start <= now && now < period.end)
          assert.deepEqual(periodAt(kind, zone, period.start), period)
          assert.deepEqual(periodAt(kind, zone, period.end - 1), period)
          assert.equal(periodAt(kind, zone, period.end).start, period.end)
          assert.equal(periodAt(kind, zone, period.start - 1).end, period.start)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('a zone that does not exist is known as such', () => {
    assert.equal(isTimeZone('Europe/Paris'), true)
    assert.equal(isTimeZone('Europe/Atlantis'), false)
    assert.deepEqual(periodAt('total', 'UTC', 5), { start: 0, end: Infinity })
  })
})
