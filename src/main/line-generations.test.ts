import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { lineGenerations } from './line-generations.ts'

function counted() {
  const closed: number[] = []
  let opened = 0
  const generations = lineGenerations(() => {
    opened += 1
    const id = opened
    return {
      ask: () => Promise.resolve(),
      close: () => {
        closed.push(id)
        return Promise.resolve()
      },
    }
  })
  return { generations, closed, opened: () => opened }
}

describe('lines across a reload', () => {
  test('close with the last request that began with them, not before', () => {
    const { generations, closed, opened } = counted()
    const [one, two] = [generations.lease(), generations.lease()]
    generations.renew()
    const three = generations.lease()
    equal(opened(), 2)
    one.release()
    one.release()
    deepEqual(closed, [])
    two.release()
    deepEqual(closed, [1])
    three.release()
    deepEqual(closed, [1])
  })

  test('close at once where nobody uses them, and all of them at the end', async () => {
    const { generations, closed } = counted()
    generations.renew()
    deepEqual(closed, [1])
    generations.lease()
    generations.renew()
    deepEqual(closed, [1])
    await generations.close()
    deepEqual(new Set(closed), new Set([1, 2, 3]))
    equal(closed.length, 3)
  })
})
