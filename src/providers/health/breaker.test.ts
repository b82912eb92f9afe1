import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  admission,
  breakerStep,
  CLOSED,
  type Admission,
  type Breaker,
  type BreakerEvent,
  type BreakerSettings,
} from './breaker.ts'

const SETTINGS: BreakerSettings = {
  windowMs: 30_000,
  bucketMs: 5_000,
  minimum: 4,
  badShare: 0.5,
  openMs: 1_000,
  openMaxMs: 8_000,
}
const bad = (as: Admission = 'normal', chance = 0): BreakerEvent => ({ kind: 'bad', as, chance })
const good = (as: Admission = 'normal'): BreakerEvent => ({ kind: 'good', as })

const after = (events: readonly BreakerEvent[], at = 0, from: Breaker = CLOSED): Breaker =>
  events.reduce((breaker, event) => breakerStep(breaker, event, at, SETTINGS), from)

const OPEN = after([bad(), bad(), bad(), bad()])

describe('a circuit breaker', () => {
  test('stays closed below the minimum, and while most outcomes are good', () => {
    assert.equal(admission(after([bad(), bad(), bad()]), 0), 'normal')
    assert.equal(admission(after([good(), good(), good(), bad(), bad()]), 0), 'normal')
  })

  test('opens when half of enough outcomes were bad, and lets nothing in until its time is over', () => {
    assert.equal(OPEN.kind, 'open')
    assert.equal(admission(OPEN, 499), null)
    assert.equal(admission(OPEN, 500), 'probe')
    assert.equal(after([good(), good(), bad(), bad()]).kind, 'open')
  })

  test('outcomes older than the window do not count', () => {
    const old = after([bad(), bad(), bad()])
    assert.equal(breakerStep(old, bad(), 36_000, SETTINGS).kind, 'closed')
  })

  test('exactly one request is the probe', () => {
    const probing = breakerStep(OPEN, { kind: 'admitted' }, 500, SETTINGS)
    assert.equal(probing.kind, 'half-open')
    assert.equal(admission(probing, 1_000_000), null)
  })

  test('a good probe closes it, a bad one opens it for twice as long, one that tells nothing lets the next one probe', () => {
    const probing = breakerStep(OPEN, { kind: 'admitted' }, 500, SETTINGS)
    assert.equal(after([good('probe')], 600, probing).kind, 'closed')
    const again = after([bad('probe')], 600, probing)
    assert.deepEqual(again, { kind: 'open', until: 600 + 1_000, trips: 2 })
    const unsaid = after([{ kind: 'nothing', as: 'probe' }], 600, probing)
    assert.equal(admission(unsaid, 600), 'probe')
  })

  test('requests that were let in before it opened change nothing any more', () => {
    const probing = breakerStep(OPEN, { kind: 'admitted' }, 500, SETTINGS)
    for (const breaker of [OPEN, probing]) {
      assert.deepEqual(
        after([good(), bad(), { kind: 'nothing', as: 'normal' }], 600, breaker),
        breaker,
      )
    }
  })

  test('after a calm while the next trouble starts from the short pause', () => {
    const probing = breakerStep(OPEN, { kind: 'admitted' }, 500, SETTINGS)
    const closed = after([good('probe')], 600, probing)
    assert.deepEqual(closed, { kind: 'closed', window: [], trips: 1 })
    const calm = after([good(), good(), good(), good()], 700, closed)
    assert.ok(calm.kind === 'closed' && calm.trips === 0)
  })

  test('whatever happens: at most one probe at a time, open ends, bounded memory, good alone never opens it', () => {
    const event = fc.oneof(
      fc.constant<BreakerEvent>({ kind: 'admitted' }),
      fc.record({ kind: fc.constant('good' as const) }),
      fc.record({
        kind: fc.constant('bad' as const),
        chance: fc.double({ min: 0, max: 0.999, noNaN: true }),
      }),
      fc.record({ kind: fc.constant('nothing' as const) }),
    )
    const steps = fc.array(fc.record({ event, waitMs: fc.integer({ min: 0, max: 12_000 }) }), {
      maxLength: 80,
    })
    fc.assert(
      fc.property(steps, (list) => {
        let breaker: Breaker = CLOSED
        let at = 0
        // requests on their way, by how they were let in
        const out: Admission[] = []
        for (const { event: what, waitMs } of list) {
          at += waitMs
          if (what.kind === 'admitted') {
            const as = admission(breaker, at)
            breaker = breakerStep(breaker, { kind: 'admitted' }, at, SETTINGS)
            if (as) out.push(as)
          } else {
            const as = out.shift()
            if (!as) continue
            const before: Breaker = breaker
            breaker = breakerStep(breaker, { ...what, as }, at, SETTINGS)
            if (what.kind === 'good' && before.kind === 'closed')
              assert.equal(breaker.kind, 'closed')
          }
          assert.ok(out.filter((as) => as === 'probe').length <= 1)
          assert.equal(breaker.kind === 'half-open', out.includes('probe'))
          if (breaker.kind === 'open') {
            assert.ok(breaker.until - at <= SETTINGS.openMaxMs)
            assert.equal(admission(breaker, breaker.until), 'probe')
          }
          if (breaker.kind === 'closed') {
            assert.ok(breaker.window.length <= SETTINGS.windowMs / SETTINGS.bucketMs + 1)
          }
        }
      }),
      { numRuns: 500 },
    )
  })
})
