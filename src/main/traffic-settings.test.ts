import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { configOn } from '#config/load-for-test.ts'
import { DEFAULT_TRYING } from '#pipeline/retry-plan.ts'
import { DEFAULT_MODEL_BREAKER } from '#providers/health/health-book.ts'
import { DEFAULT_PLACE_LIMITS } from '#providers/health/places.ts'
import { DEFAULT_RETRY_BUDGET } from '#providers/health/retry-budget.ts'
import { DEFAULT_TIMEOUTS } from '#providers/net.ts'
import { breakerFor, budgetFor, configuredLimits, limitsFor } from './traffic-settings.ts'

const row = (more: string): string =>
  `destinations: [{id: a, url: "https://h.example", models: [{name: m}], ${more}}]`

describe('what the file says of traffic', () => {
  test('is what the program does by itself where a section is there and empty', () => {
    const said = configOn({
      yaml: `${row('limits: {}, breaker: {}, timeouts: {}')}\nretries: {}\n`,
    })
    const silent = configOn({})
    deepEqual(configuredLimits(said, 'a'), DEFAULT_PLACE_LIMITS)
    deepEqual(breakerFor(said, 'a'), DEFAULT_MODEL_BREAKER)
    const { firstByteMs, ...timeouts } = said.timeouts.get('a') ?? {}
    deepEqual({ ...timeouts, headersMs: firstByteMs }, DEFAULT_TIMEOUTS)
    for (const config of [said, silent]) {
      deepEqual(budgetFor(config), DEFAULT_RETRY_BUDGET)
      deepEqual({ attempts: config.retries.attempts, hedge: config.hedge }, DEFAULT_TRYING)
      deepEqual(configuredLimits(config, 'elsewhere'), DEFAULT_PLACE_LIMITS)
    }
  })

  test('holds for the destination that it is said of', () => {
    const config = configOn({
      yaml: row(
        'limits: {concurrent: 4, queue: 2, queue_ms: 300}, breaker: {requests: 8, failed_percent: 25, open_ms: 120000}, timeouts: {total_ms: 9000}',
      ),
    })
    deepEqual(configuredLimits(config, 'a'), { concurrent: 4, queue: 2, queueMs: 300 })
    deepEqual(configuredLimits(config, 'b'), DEFAULT_PLACE_LIMITS)
    const { minimum, badShare, openMs, openMaxMs } = breakerFor(config, 'a')
    deepEqual([minimum, badShare, openMs, openMaxMs], [8, 0.25, 120_000, 120_000])
    equal(config.timeouts.get('a')?.totalMs, 9_000)
  })

  test('is of all workers together: each has its share, never more than the whole, and at least one place', () => {
    const shares = (concurrent: number, queue: number, workers: number) => {
      const config = configOn({ yaml: row(`limits: {concurrent: ${concurrent}, queue: ${queue}}`) })
      const { concurrent: places, queue: waiting } = limitsFor(config, 'a', workers)
      return [places, waiting]
    }
    deepEqual(shares(64, 10, 1), [64, 10])
    deepEqual(shares(64, 10, 4), [16, 2])
    deepEqual(shares(7, 3, 2), [3, 1])
    deepEqual(shares(1, 1, 4), [1, 1])
    deepEqual(shares(4, 0, 4), [1, 0])
  })

  test('a budget of nothing repeats nothing, however quiet the gateway is', () => {
    deepEqual(budgetFor(configOn({ yaml: 'retries: {budget_percent: 0}' })), {
      perRequest: 0,
      perSecond: 0,
      capacity: 0,
    })
    equal(budgetFor(configOn({ yaml: 'retries: {budget_percent: 25}' })).perRequest, 0.25)
  })

  test('hedging is off until the section is there; a fixed time stands alone unless a share is named', () => {
    const hedge = (text: string) => configOn({ yaml: text }).hedge
    equal(hedge(''), null)
    deepEqual(hedge('hedge: {}'), { share: 0.95, afterMs: null })
    deepEqual(hedge('hedge: {after_ms: 800}'), { share: null, afterMs: 800 })
    deepEqual(hedge('hedge: {percentile: 90}'), { share: 0.9, afterMs: null })
    deepEqual(hedge('hedge: {percentile: 90, after_ms: 800}'), { share: 0.9, afterMs: 800 })
  })
})
