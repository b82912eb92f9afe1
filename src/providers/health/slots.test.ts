import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { NO_SLOTS, slotStep, type SlotEvent, type SlotLimits, type Slots } from './slots.ts'

const ask = (ticket: number, caller: string, mayWait = true): SlotEvent => ({
  kind: 'ask',
  ticket,
  caller,
  mayWait,
})

/** Runs events and returns the tickets in the order in which they got a place. */
function granted(events: readonly SlotEvent[], limits: SlotLimits): number[] {
  let slots: Slots = NO_SLOTS
  return events.flatMap((event) => {
    const step = slotStep(slots, event, limits)
    slots = step.slots
    return step.granted
  })
}

const release: SlotEvent = { kind: 'release' }

describe('the places at a destination', () => {
  test('a caller with many requests does not keep the others waiting', () => {
    const flood = [0, 1, 2, 3, 4, 5].map((ticket) => ask(ticket, 'greedy'))
    const events = [...flood, ask(6, 'modest'), ask(7, 'modest'), ask(8, 'shy')]
    const order = granted([...events, ...events.map(() => release)], { concurrent: 1, queue: 10 })
    assert.deepEqual(order, [0, 1, 6, 8, 2, 7, 3, 4, 5])
  })

  test('a full queue turns away, and so does a full house where one may not wait', () => {
    const limits = { concurrent: 1, queue: 1 }
    let { slots } = slotStep(NO_SLOTS, ask(0, 'a'), limits)
    assert.equal(slotStep(slots, ask(1, 'b', false), limits).refused, true)
    slots = slotStep(slots, ask(1, 'b'), limits).slots
    assert.equal(slotStep(slots, ask(2, 'c'), limits).refused, true)
  })

  test('limits that grow let in those who wait, in their turn; limits that shrink put nobody out', () => {
    const one = { concurrent: 1, queue: 9 }
    let { slots } = slotStep(NO_SLOTS, ask(0, 'a'), one)
    for (const ticket of [1, 2, 3]) slots = slotStep(slots, ask(ticket, 'a'), one).slots
    const grown = slotStep(slots, { kind: 'limits' }, { concurrent: 3, queue: 9 })
    assert.deepEqual(grown.granted, [1, 2])
    const shrunk = slotStep(grown.slots, { kind: 'limits' }, { concurrent: 1, queue: 0 })
    assert.deepEqual([shrunk.slots.running, shrunk.slots.waiting.length], [3, 1])
    const freed = slotStep(shrunk.slots, { kind: 'release' }, { concurrent: 1, queue: 0 })
    assert.deepEqual(freed.granted, [])
  })

  test('whatever happens: the limits hold, no place stays free while one waits, nobody is lost or served twice', () => {
    const event = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ caller: fc.constantFrom('a', 'b', 'c'), mayWait: fc.boolean() }),
      },
      { weight: 2, arbitrary: fc.constant('release' as const) },
      { weight: 1, arbitrary: fc.nat(40) },
    )
    const limits = fc.record({
      concurrent: fc.integer({ min: 1, max: 4 }),
      queue: fc.integer({ min: 0, max: 6 }),
    })
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), limits, (list, limit) => {
        let slots: Slots = NO_SLOTS
        const waiting = new Set<number>()
        let running = 0
        for (const [ticket, what] of list.entries()) {
          if (what === 'release' && running === 0) continue
          const of: SlotEvent =
            what === 'release'
              ? release
              : typeof what === 'number'
                ? { kind: 'leave', ticket: what }
                : { kind: 'ask', ticket, ...what }
          const step = slotStep(slots, of, limit)
          slots = step.slots
          if (of.kind === 'ask' && !step.refused) waiting.add(ticket)
          if (of.kind === 'leave') waiting.delete(of.ticket)
          if (of.kind === 'release') running -= 1
          for (const one of step.granted) {
            assert.ok(waiting.delete(one))
            running += 1
          }
          assert.equal(slots.running, running)
          assert.ok(running <= limit.concurrent)
          assert.ok(slots.waiting.length <= limit.queue)
          assert.ok(slots.waiting.length === 0 || running === limit.concurrent)
          assert.deepEqual(new Set(slots.waiting.map((one) => one.ticket)), waiting)
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('among callers that all wait, none gets two places more than another', () => {
    const callers = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 3, maxLength: 40 })
    fc.assert(
      fc.property(callers, (list) => {
        const limits = { concurrent: 1, queue: 100 }
        let slots = slotStep(NO_SLOTS, ask(-1, 'first'), limits).slots
        for (const [ticket, caller] of list.entries())
          slots = slotStep(slots, ask(ticket, caller), limits).slots
        const served = new Map<string, number>(list.map((caller) => [caller, 0]))
        for (const _ of list) {
          const step = slotStep(slots, release, limits)
          slots = step.slots
          for (const ticket of step.granted) {
            const caller = list[ticket] ?? ''
            served.set(caller, (served.get(caller) ?? 0) + 1)
          }
          const still = [...served].filter(([caller]) =>
            slots.waiting.some((one) => one.caller === caller),
          )
          const counts = still.map(([, count]) => count)
          assert.ok(counts.length < 2 || Math.max(...counts) - Math.min(...counts) <= 1)
        }
        assert.equal(
          [...served.values()].reduce((sum, count) => sum + count, 0),
          list.length,
        )
      }),
    )
  })
})
