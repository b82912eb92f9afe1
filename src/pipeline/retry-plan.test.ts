import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  DEFAULT_TRYING,
  MAX_WAIT_MS,
  nextTry,
  planStep,
  startPlan,
  type Again,
  type NextTry,
  type Tried,
} from './retry-plan.ts'

/** Follows the plan; `happens` says what comes of each ask. */
function follow(
  choices: number,
  happens: (ask: Extract<NextTry, { kind: 'ask' }>, at: number) => Tried,
  chance = 0,
  attempts = DEFAULT_TRYING.attempts,
): Extract<NextTry, { kind: 'ask' }>[] {
  const asks: Extract<NextTry, { kind: 'ask' }>[] = []
  let plan = startPlan(choices, attempts)
  for (let at = 0; at < 100; at += 1) {
    const next = nextTry(plan, chance)
    if (next.kind === 'give-up') return asks
    asks.push(next)
    plan = planStep(plan, happens(next, at))
  }
  assert.fail('the plan does not end')
}

const failing =
  (again: Again, afterMs: number | null = null) =>
  ({ choice }: { choice: number }): Tried => ({ kind: 'failed', choice, again, afterMs })

describe('the plan of retries', () => {
  test('each choice once at once, then the first again after a wait', () => {
    const asks = follow(2, failing('here'), 0.5)
    assert.deepEqual(
      asks.map(({ choice, how }) => [choice, how]),
      [
        [0, 'now'],
        [1, 'now'],
        [0, 'repeat'],
      ],
    )
    assert.ok((asks[2]?.waitMs ?? 0) > 0)
  })

  test('a refusal of the request itself ends it', () => {
    assert.equal(follow(3, failing('nowhere')).length, 1)
  })

  test('what cannot be cured by waiting is not asked twice', () => {
    assert.deepEqual(
      follow(2, failing('elsewhere')).map(({ choice }) => choice),
      [0, 1],
    )
  })

  test('a wait that the destination asks for is kept to, and one that is too long is left to the caller', () => {
    const [, second] = follow(1, failing('here', 3_000))
    assert.ok(second && second.waitMs >= 3_000)
    assert.equal(follow(1, failing('here', MAX_WAIT_MS + 1)).length, 1)
  })

  test('a full place is queued for only when no other has taken the request', () => {
    const asks = follow(2, ({ choice, how }) =>
      choice === 0 && how === 'now'
        ? { kind: 'busy', choice }
        : { kind: 'failed', choice, again: 'elsewhere', afterMs: null },
    )
    assert.deepEqual(
      asks.map(({ choice, how }) => [choice, how]),
      [
        [0, 'now'],
        [1, 'now'],
        [0, 'queue'],
      ],
    )
  })

  test('whatever fails: it ends, sends at most so many times, waits at most so long, and waits for repeats alone', () => {
    const outcome = fc.oneof(
      fc.record({
        kind: fc.constant('failed' as const),
        again: fc.constantFrom<Again>('here', 'elsewhere', 'nowhere'),
        afterMs: fc.option(fc.nat(20_000)),
      }),
      fc.constant({ kind: 'busy' as const }),
      fc.constant({ kind: 'passed-over' as const }),
    )
    fc.assert(
      fc.property(
        fc.nat(6),
        fc.array(outcome, { minLength: 1 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.integer({ min: 1, max: 10 }),
        (choices, outcomes, chance, attempts) => {
          const sent: number[] = []
          const ended: number[] = []
          const asks = follow(
            choices,
            ({ choice, how }, at) => {
              const what = outcomes[at % outcomes.length] ?? { kind: 'passed-over' }
              if (what.kind === 'busy' && how !== 'now') return { kind: 'passed-over', choice }
              if (what.kind === 'failed') {
                assert.ok(!ended.includes(choice), 'asked where it must not be asked again')
                sent.push(choice)
                if (what.again !== 'here') ended.push(choice)
              }
              return { ...what, choice }
            },
            chance,
            attempts,
          )
          assert.ok(sent.length <= attempts)
          for (const { choice, how, waitMs } of asks) {
            assert.ok(choice >= 0 && choice < choices)
            assert.ok(waitMs >= 0 && waitMs <= MAX_WAIT_MS + 2_000)
            assert.ok(how === 'repeat' || waitMs === 0)
          }
          const first = asks.filter(({ how }) => how === 'now').map(({ choice }) => choice)
          assert.deepEqual(
            first,
            first.map((_, at) => at),
          )
        },
      ),
      { numRuns: 1000 },
    )
  })
})
