import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ZONES } from '#kernel/destination.ts'
import type { Choice } from '#kernel/verdict.ts'
import { spread } from './spread.ts'

const choice = (id: string, fields: Partial<Choice> = {}): Choice => ({
  destination: {
    id,
    dialect: 'openai',
    address: { kind: 'url', baseUrl: 'https://x.test' },
    zone: fields.zone ?? 'managed',
    jurisdiction: 'FR',
    clearance: 'internal',
    state: 'enabled',
    origin: 'config',
    models: [],
  },
  model: { name: 'm', upstream: 'm' },
  zone: 'managed',
  costEuro: null,
  tokensPerSecond: null,
  ...fields,
})

const ids = (choices: readonly Choice[]): string[] =>
  choices.map(({ destination }) => destination.id)
const never = (): boolean => false

test('equal places are ordered by what a request would wait there', () => {
  const waits: Record<string, number> = { a: 30, b: 10, c: 20 }
  const order = spread(
    [choice('a'), choice('b'), choice('c')],
    (one) => waits[one.destination.id] ?? 0,
    never,
  )
  assert.deepEqual(ids(order), ['b', 'c', 'a'])
})

test('a quicker place never overtakes one that the verdict prefers', () => {
  const dear = { costEuro: 2 }
  const order = spread(
    [choice('a', { costEuro: 1 }), choice('b', dear), choice('c', dear)],
    (one) => (one.destination.id === 'a' ? 1000 : 1),
    never,
  )
  assert.equal(ids(order)[0], 'a')
  const far = spread(
    [choice('home', { zone: 'device' }), choice('away')],
    (one) => (one.destination.id === 'home' ? 9 : 1),
    never,
  )
  assert.deepEqual(ids(far), ['home', 'away'])
})

test('a place that asked to be left alone comes last', () => {
  const order = spread(
    [choice('a', { costEuro: 1 }), choice('b', { costEuro: 2 })],
    () => 0,
    (one) => one.destination.id === 'a',
  )
  assert.deepEqual(ids(order), ['b', 'a'])
})

test('whatever was measured, the order holds exactly the choices of the verdict', () => {
  const row = fc.record({
    zone: fc.constantFrom(...ZONES),
    costEuro: fc.constantFrom(null, 1, 2),
    wait: fc.nat(100),
    cooling: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(row, { maxLength: 8 }), (rows) => {
      const choices = rows.map(({ zone, costEuro }, at) => choice(`d${at}`, { zone, costEuro }))
      const of = (one: Choice) => rows[choices.indexOf(one)]
      const order = spread(
        choices,
        (one) => of(one)?.wait ?? 0,
        (one) => of(one)?.cooling ?? false,
      )
      assert.deepEqual(new Set(order), new Set(choices))
      assert.equal(order.length, choices.length)
    }),
  )
})
