import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Slots, type SlotEvent, type SlotLimits } from './slots.ts'

const ask = (ticket: number, caller: string, mayWait = true): SlotEvent => ({
  kind: 'ask',
  ticket,
  caller,
  mayWait,
})

/** Runs events and returns the tickets in the order in which they got a place. */
function granted(events: readonly SlotEvent[], limits: SlotLimits): number[] {
  const slots = new Slots()
  return events.flatMap((event) => slots.step(event, limits).granted)
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
    const slots = new Slots()
    slots.step(ask(0, 'a'), limits)
    assert.equal(slots.step(ask(1, 'b', false), limits).refused, true)
    slots.step(ask(1, 'b'), limits)
    assert.equal(slots.step(ask(2, 'c'), limits).refused, true)
  })

  test('limits that grow let in those who wait, in their turn; limits that shrink put nobody out', () => {
    const one = { concurrent: 1, queue: 9 }
    const slots = new Slots()
    for (const ticket of [0, 1, 2, 3]) slots.step(ask(ticket, 'a'), one)
    const grown = slots.step({ kind: 'limits' }, { concurrent: 3, queue: 9 })
    assert.deepEqual(grown.granted, [1, 2])
    slots.step({ kind: 'limits' }, { concurrent: 1, queue: 0 })
    assert.deepEqual([slots.running, slots.waiting], [3, 1])
    const freed = slots.step({ kind: 'release' }, { concurrent: 1, queue: 0 })
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
        const slots = new Slots()
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
          const step = slots.step(of, limit)
          if (of.kind === 'ask' && !step.refused) waiting.add(ticket)
          if (of.kind === 'leave') waiting.delete(of.ticket)
          if (of.kind === 'release') running -= 1
          for (const one of step.granted) {
            assert.ok(waiting.delete(one))
            running += 1
          }
          assert.equal(slots.running, running)
          assert.ok(running <= limit.concurrent)
          assert.ok(slots.waiting <= limit.queue)
          assert.ok(slots.waiting === 0 || running === limit.concurrent)
          assert.equal(slots.waiting, waiting.size)
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
        const slots = new Slots()
        slots.step(ask(-1, 'first'), limits)
        for (const [ticket, caller] of list.entries()) slots.step(ask(ticket, caller), limits)
        const waiting = new Set(list.keys())
        const served = new Map<string, number>(list.map((caller) => [caller, 0]))
        for (const _ of list) {
          for (const ticket of slots.step(release, limits).granted) {
            waiting.delete(ticket)
            const caller = list[ticket] ?? ''
            served.set(caller, (served.get(caller) ?? 0) + 1)
          }
          const still = [...served].filter(([caller]) =>
            [...waiting].some((ticket) => list[ticket] === caller),
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
