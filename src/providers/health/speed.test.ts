import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { NO_DURATIONS, quantile, withDuration } from './durations.ts'
import { expectedWait, withFirstByte, withTokens, type Speed } from './speed.ts'

const sample = fc.double({ min: 0, max: 100_000, noNaN: true })

describe('measured speed', () => {
  test('the mean stays between the smallest and the largest sample', () => {
    const samples = fc.array(fc.tuple(sample, fc.nat(60_000)), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(samples, (list) => {
        let speed: Speed | null = null
        let at = 0
        for (const [ms, waited] of list) {
          at += waited
          speed = withFirstByte(speed, ms, at)
        }
        const all = list.map(([ms]) => ms)
        assert.ok(speed && speed.firstByteMs >= Math.min(...all) - 1e-6)
        assert.ok(speed.firstByteMs <= Math.max(...all) + 1e-6)
      }),
    )
  })

  test('the quicker of two places comes first, until it has so many more requests that it would not be', () => {
    const quick = withFirstByte(null, 100, 0)
    const slow = withFirstByte(null, 350, 0)
    assert.ok(expectedWait(quick, 0, 0) < expectedWait(slow, 0, 0))
    assert.ok(expectedWait(quick, 2, 0) < expectedWait(slow, 0, 0))
    assert.ok(expectedWait(quick, 3, 0) > expectedWait(slow, 0, 0))
  })

  test('a place never measured is tried before one that was, and one that was slow long ago is tried again', () => {
    const slow = withFirstByte(null, 60_000, 0)
    assert.ok(expectedWait(null, 0, 0) < expectedWait(slow, 0, 0))
    assert.ok(
      expectedWait(slow, 0, 120_000) < expectedWait(withFirstByte(null, 10, 120_000), 0, 120_000),
    )
  })

  test('the more requests are there, the longer one would wait', () => {
    fc.assert(
      fc.property(fc.option(sample), fc.nat(1000), fc.nat(100_000), (ms, outstanding, at) => {
        const speed = ms === null ? null : withFirstByte(null, ms, 0)
        assert.ok(expectedWait(speed, outstanding, at) < expectedWait(speed, outstanding + 1, at))
      }),
    )
  })

  test('tokens per second are kept beside it', () => {
    const first = withTokens(withFirstByte(null, 10, 0), 50)
    assert.equal(first?.tokensPerSecond, 50)
    assert.equal(withTokens(first, 100)?.tokensPerSecond, 60)
    assert.equal(withTokens(null, 50), null)
  })
})

describe('the histogram of durations', () => {
  test('says nothing of a tail it has not seen', () => {
    let few = NO_DURATIONS
    for (let count = 0; count < 19; count += 1) few = withDuration(few, 100)
    assert.equal(quantile(few, 0.95), null)
    assert.notEqual(quantile(withDuration(few, 100), 0.95), null)
  })

  test('a quantile is never under the true one and at most a fifth above it', () => {
    const durations = fc.array(fc.integer({ min: 1, max: 3_600_000 }), {
      minLength: 20,
      maxLength: 300,
    })
    fc.assert(
      fc.property(durations, fc.double({ min: 0.5, max: 0.99, noNaN: true }), (list, share) => {
        const known = quantile(list.reduce(withDuration, NO_DURATIONS), share)
        const exact = list.toSorted((a, b) => a - b)[Math.ceil(list.length * share) - 1] ?? 0
        assert.ok(known !== null && known >= exact * 0.9999 && known <= exact * 1.2)
      }),
    )
  })

  test('the past fades', () => {
    let durations = NO_DURATIONS
    for (let count = 0; count < 400; count += 1) durations = withDuration(durations, 10_000)
    for (let count = 0; count < 5_000; count += 1) durations = withDuration(durations, 10)
    assert.ok((quantile(durations, 0.95) ?? Infinity) < 20)
    assert.ok(durations.total <= 512)
  })
})
