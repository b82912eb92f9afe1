import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Choice } from '#kernel/verdict.ts'
import type { Turn } from '#pipeline/traffic.ts'
import { DEFAULT_MODEL_BREAKER } from './health-book.ts'
import { createTraffic } from './traffic.ts'

const choice = (id: string, name = 'm'): Choice => ({
  destination: {
    id,
    dialect: 'openai',
    address: { kind: 'url', baseUrl: 'https://x.test' },
    zone: 'managed',
    jurisdiction: 'FR',
    clearance: 'internal',
    state: 'enabled',
    origin: 'config',
    models: [],
  },
  model: { name, upstream: name },
  zone: 'managed',
  costEuro: null,
  tokensPerSecond: null,
})

function house(concurrent = 100, queue = 100, queueMs: number | null = null) {
  const time = { now: 0 }
  const limits = { concurrent, queue, queueMs }
  const slept: { readonly ms: number; readonly wake: () => void }[] = []
  const traffic = createTraffic({
    clock: () => time.now,
    random: () => 0,
    sleep: (ms) => new Promise((wake) => void slept.push({ ms, wake })),
    limitsOf: () => limits,
  })
  const enter = (at: Choice): Turn => {
    const turn = traffic.enter(at, 'k')
    assert.ok(typeof turn !== 'string')
    return turn
  }
  return { time, traffic, enter, limits, slept }
}

describe('what a process knows of its destinations', () => {
  test('a destination that cannot be reached is down with all its models, and is probed by one request', () => {
    const { time, traffic, enter } = house()
    for (let count = 0; count < 5; count += 1) enter(choice('a')).end({ kind: 'unreachable' })
    assert.deepEqual(traffic.health(), { a: 'down' })
    assert.equal(traffic.enter(choice('a', 'other'), 'k'), 'down')
    assert.equal(typeof traffic.enter(choice('b'), 'k'), 'object')
    time.now = 500
    assert.deepEqual(traffic.health(), {})
    const probe = enter(choice('a'))
    assert.deepEqual(traffic.health(), { a: 'down' })
    assert.equal(traffic.enter(choice('a'), 'k'), 'down')
    probe.firstByte(10)
    assert.deepEqual(traffic.health(), {})
    probe.end({ kind: 'answered', totalMs: 20, tokens: null })
  })

  test('a model that fails is down alone', () => {
    const { traffic, enter } = house()
    for (let count = 0; count < 20; count += 1) enter(choice('a', 'bad')).end({ kind: 'failed' })
    assert.deepEqual(traffic.health(), { 'a/bad': 'down' })
    assert.equal(typeof traffic.enter(choice('a', 'good'), 'k'), 'object')
  })

  test('a probe that its caller cancels tells nothing, and the next request is the probe', () => {
    const { time, traffic, enter } = house()
    for (let count = 0; count < 5; count += 1) enter(choice('a')).end({ kind: 'unreachable' })
    time.now = 500
    enter(choice('a')).end({ kind: 'nothing' })
    assert.deepEqual(traffic.health(), {})
    enter(choice('a')).end({ kind: 'unreachable' })
    assert.deepEqual(traffic.health(), { a: 'down' })
  })

  test('cancelled and refused requests never bring a destination down', () => {
    const { traffic, enter } = house()
    for (let count = 0; count < 50; count += 1) enter(choice('a')).end({ kind: 'nothing' })
    assert.deepEqual(traffic.health(), {})
  })

  test('a place is given back once, also when the end is told twice', () => {
    const { traffic, enter } = house(1)
    const turn = enter(choice('a'))
    assert.equal(traffic.enter(choice('a'), 'k'), 'busy')
    turn.end({ kind: 'nothing' })
    turn.end({ kind: 'failed' })
    enter(choice('a'))
    assert.equal(traffic.enter(choice('a'), 'k'), 'busy')
  })

  test('who waits gets the next place; who leaves, or finds the queue full, gets none', async () => {
    const { traffic, enter } = house(1, 1)
    const stay = new AbortController()
    const turn = enter(choice('a'))
    const waiting = traffic.wait(choice('a'), 'k', stay.signal)
    assert.equal(await traffic.wait(choice('a'), 'k', stay.signal), 'busy')
    turn.end({ kind: 'nothing' })
    const second = await waiting
    assert.ok(typeof second === 'object')
    const leaving = traffic.wait(choice('a'), 'k', stay.signal)
    stay.abort()
    assert.equal(await leaving, 'busy')
    second.end({ kind: 'nothing' })
    enter(choice('a'))
  })

  test('who has waited too long leaves the queue; who was let in before keeps the place', async () => {
    const { traffic, enter, slept } = house(1, 9, 400)
    const stay = new AbortController()
    const turn = enter(choice('a'))
    const late = traffic.wait(choice('a'), 'k', stay.signal)
    const early = traffic.wait(choice('a'), 'k', stay.signal)
    assert.deepEqual(
      slept.map(({ ms }) => ms),
      [400, 400],
    )
    slept[0]?.wake()
    assert.equal(await late, 'busy')
    turn.end({ kind: 'nothing' })
    const place = await early
    assert.ok(typeof place === 'object')
    slept[1]?.wake()
    await Promise.resolve()
    assert.equal(traffic.enter(choice('a'), 'k'), 'busy')
    place.end({ kind: 'nothing' })
    enter(choice('a'))
  })

  test('limits that change are in force for who comes next, and for who waits', async () => {
    const { traffic, enter, limits } = house(1, 1)
    const stay = new AbortController()
    enter(choice('a'))
    const waiting = traffic.wait(choice('a'), 'k', stay.signal)
    Object.assign(limits, { concurrent: 2, queue: 0 })
    traffic.limitsChanged()
    assert.equal(typeof (await waiting), 'object')
    assert.equal(await traffic.wait(choice('a'), 'k', stay.signal), 'busy')
  })

  test('a breaker of its own decides when a model of that destination is down', () => {
    const time = { now: 0 }
    const traffic = createTraffic({
      clock: () => time.now,
      random: () => 0,
      sleep: async () => {},
      breakerOf: (id) => ({
        ...DEFAULT_MODEL_BREAKER,
        ...(id === 'a' ? { minimum: 2, openMs: 90_000, openMaxMs: 90_000 } : {}),
      }),
    })
    for (const id of ['a', 'a', 'b', 'b']) {
      const turn = traffic.enter(choice(id), 'k')
      assert.ok(typeof turn === 'object')
      turn.end({ kind: 'failed' })
    }
    assert.deepEqual(traffic.health(), { 'a/m': 'down' })
    time.now = 44_999
    assert.deepEqual(traffic.health(), { 'a/m': 'down' })
    time.now = 45_000
    assert.deepEqual(traffic.health(), {})
  })

  test('a destination that limits its rate is put last for as long as it asks', () => {
    const { time, traffic, enter } = house()
    const order = (): string[] =>
      traffic.order([choice('a'), choice('b')]).map(({ destination }) => destination.id)
    enter(choice('a')).end({ kind: 'limited', forMs: 3_000 })
    assert.deepEqual(order(), ['b', 'a'])
    assert.deepEqual(traffic.health(), {})
    time.now = 3_000
    assert.deepEqual(order(), ['a', 'b'])
  })

  test('equal destinations share the load by what they are measured at', () => {
    const { time, traffic } = house()
    const counts: Record<string, number> = { quick: 0, slow: 0 }
    // the slow one needs four times as long for each request
    const running: { until: number; turn: Turn }[] = []
    for (let at = 0; at < 4_000; at += 10) {
      time.now = at
      for (const one of running.filter(({ until }) => until <= at)) {
        one.turn.firstByte(one.until - at)
        one.turn.end({ kind: 'answered', totalMs: 100, tokens: 10 })
        running.splice(running.indexOf(one), 1)
      }
      const [first] = traffic.order([choice('slow'), choice('quick')])
      assert.ok(first)
      const turn = traffic.enter(first, 'k')
      assert.ok(typeof turn === 'object')
      const { id } = first.destination
      counts[id] = (counts[id] ?? 0) + 1
      running.push({ until: at + (id === 'slow' ? 400 : 100), turn })
    }
    assert.ok((counts['quick'] ?? 0) > 2 * (counts['slow'] ?? 0), JSON.stringify(counts))
    assert.ok((counts['slow'] ?? 0) > 0)
  })
})
