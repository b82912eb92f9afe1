import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { PRIORITIES, type Priority } from '#kernel/priority.ts'
import { CLASS_WEIGHTS, FairQueue } from './fair-queue.ts'

interface One {
  readonly caller: string
  readonly priority: Priority
}

function queueOf(ones: readonly One[]): FairQueue<One> {
  const queue = new FairQueue<One>()
  for (const one of ones) queue.add(one, one.caller, one.priority)
  return queue
}

const many = (count: number, caller: string, priority: Priority): One[] =>
  Array.from({ length: count }, () => ({ caller, priority }))

describe('who is called next', () => {
  test('a person who comes while a batch waits is called next', () => {
    const queue = queueOf(many(500, 'job', 'batch'))
    for (let at = 0; at < 100; at += 1) queue.next()
    const person: One = { caller: 'person', priority: 'interactive' }
    queue.add(person, 'person', 'interactive')
    assert.equal(queue.next(), person)
  })

  test('a batch gets its share while people keep coming, and no more', () => {
    const queue = queueOf(many(100, 'job', 'batch'))
    const served = { interactive: 0, normal: 0, batch: 0 }
    for (let round = 0; round < 210; round += 1) {
      for (const caller of ['a', 'b']) {
        queue.add({ caller, priority: 'interactive' }, caller, 'interactive')
        queue.add({ caller, priority: 'normal' }, caller, 'normal')
      }
      const next = queue.next()
      if (next) served[next.priority] += 1
    }
    assert.deepEqual(served, { interactive: 160, normal: 40, batch: 10 })
    assert.deepEqual(CLASS_WEIGHTS, { interactive: 16, normal: 4, batch: 1 })
  })

  test('whatever the order: all are called once, callers of a class in turn, and a class is passed by no longer than its weight says', () => {
    const one: fc.Arbitrary<One> = fc.record({
      caller: fc.constantFrom('a', 'b', 'c'),
      priority: fc.constantFrom(...PRIORITIES),
    })
    fc.assert(
      fc.property(fc.array(one, { maxLength: 120 }), (ones) => {
        const queue = queueOf(ones)
        const waiting = [...ones]
        const passedBy: Record<Priority, number> = { interactive: 0, normal: 0, batch: 0 }
        const served = new Map<string, number>()
        while (queue.length > 0) {
          const next = queue.next()
          assert.ok(next)
          waiting.splice(waiting.indexOf(next), 1)
          for (const priority of PRIORITIES) {
            const waits = waiting.some((other) => other.priority === priority)
            passedBy[priority] = waits && next.priority !== priority ? passedBy[priority] + 1 : 0
          }
          assert.ok(passedBy.batch <= 20 && passedBy.normal <= 6 && passedBy.interactive <= 2)
          const name = `${next.priority} ${next.caller}`
          served.set(name, (served.get(name) ?? 0) + 1)
          const still = ['a', 'b', 'c'].filter((caller) =>
            waiting.some((other) => other.caller === caller && other.priority === next.priority),
          )
          const counts = still.map((caller) => served.get(`${next.priority} ${caller}`) ?? 0)
          assert.ok(counts.length < 2 || Math.max(...counts) - Math.min(...counts) <= 1)
        }
        assert.equal(waiting.length, 0)
        assert.equal(queue.next(), null)
      }),
    )
  })

  test('who gives up is gone, and who is not ready lets the next one go', () => {
    const [first, second, third] = [...many(2, 'a', 'normal'), ...many(1, 'b', 'batch')]
    assert.ok(first && second && third)
    const queue = queueOf([first, second, third])
    assert.equal(queue.remove(first), true)
    assert.equal(queue.remove(first), false)
    assert.equal(
      queue.next((one) => one === third),
      third,
    )
    assert.equal(
      queue.next(() => false),
      null,
    )
    assert.equal(queue.length, 1)
  })
})
