import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { CounterTally, HistogramTally } from './tally.ts'

describe('a tally', () => {
  test('adds up under each combination of label values', () => {
    const tally = new CounterTally()
    tally.add(1, 'a', 'x')
    tally.add(2, 'a', 'y')
    tally.add(3, 'a', 'x')
    deepEqual(tally.rows(), [
      { labels: ['a', 'x'], value: 4 },
      { labels: ['a', 'y'], value: 2 },
    ])
  })

  test('puts every value in the first bucket whose bound is not below it, and loses none', () => {
    const bounds = [1, 2, 5]
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 10, noNaN: true })), (values) => {
        const tally = new HistogramTally(bounds)
        for (const value of values) tally.observe(value)
        const counts = tally.rows()[0]?.counts ?? [0, 0, 0, 0]
        const expected = [0, 0, 0, 0]
        for (const value of values) {
          const at = bounds.findIndex((bound) => value <= bound)
          const bucket = at === -1 ? 3 : at
          expected[bucket] = (expected[bucket] ?? 0) + 1
        }
        deepEqual(counts, expected)
      }),
    )
  })

  test('stays bounded when a label is not: what comes late is counted under `other`', () => {
    const tally = new CounterTally()
    for (let at = 0; at < 5000; at += 1) tally.add(1, `value-${at}`)
    const rows = tally.rows()
    equal(rows.length, 2001)
    equal(
      rows.reduce((sum, { value }) => sum + value, 0),
      5000,
    )
    equal(rows.find(({ labels }) => labels[0] === 'other')?.value, 3000)
  })
})
