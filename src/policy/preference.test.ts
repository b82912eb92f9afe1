import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Destination, ServedModel } from '#kernel/destination.ts'
import type { Facts } from '#kernel/verdict.ts'
import { decide } from './decide.ts'
import { catalogueOf, policyOf } from './document.ts'
import type { Prefer } from './rule.ts'

const place = (id: string, model: Partial<ServedModel>): Destination => ({
  id,
  dialect: 'openai',
  address: { kind: 'url', baseUrl: `https://${id}.test/v1` },
  zone: 'managed',
  jurisdiction: 'FR',
  clearance: 'public',
  state: 'enabled',
  origin: 'config',
  models: [{ name: 'm', upstream: 'm', ...model }],
})
const catalogue = catalogueOf([
  place('dear', { price: { input: 9, output: 9 }, quality: 95, energy: 900, tokensPerSecond: 10 }),
  place('fair', { price: { input: 3, output: 3 }, quality: 90, energy: 300, tokensPerSecond: 90 }),
  place('poor', { price: { input: 1, output: 1 }, quality: 20, energy: 100, tokensPerSecond: 40 }),
  place('dark', {}),
])
const facts: Facts = {
  tenant: 'default',
  label: { class: 'public', categories: [], undetermined: false },
  requestedModel: 'auto',
  caller: { key: 'k1' },
  inputTokensEstimate: 1000,
}
const measured: NonNullable<Facts['measured']> = {
  'dear/m': { firstByteMs: 80, tokensPerSecond: 200 },
  'poor/m': { firstByteMs: 500, tokensPerSecond: null },
}
const orderBy = (prefer: Prefer, changed: Partial<Facts> = {}): readonly string[] => {
  const policy = policyOf({
    floor: 'public',
    rules: [{ id: 'all', match: { classes: ['public'] }, allow: { zones: ['managed'] } }],
    prefer,
  })
  return decide({ ...facts, ...changed }, policy, catalogue, {}).allowed.map(
    ({ destination }) => destination.id,
  )
}

test('each preference puts the best first, and what nothing is known of last', () => {
  assert.deepEqual(orderBy(['cost']), ['poor', 'fair', 'dear', 'dark'])
  assert.deepEqual(orderBy(['quality']), ['dear', 'fair', 'poor', 'dark'])
  assert.deepEqual(orderBy(['energy']), ['poor', 'fair', 'dear', 'dark'])
  assert.deepEqual(orderBy(['first-token'], { measured }), ['dear', 'poor', 'fair', 'dark'])
  // measured where something was, as configured elsewhere
  assert.deepEqual(orderBy(['throughput'], { measured }), ['dear', 'fair', 'poor', 'dark'])
  assert.deepEqual(orderBy(['throughput']), ['fair', 'poor', 'dear', 'dark'])
})

test('weights look at everything at once: a little worse in one is worth much better in another', () => {
  assert.equal(orderBy(['quality', 'cost'])[0], 'dear')
  assert.equal(orderBy({ quality: 1, cost: 1 })[0], 'fair')
  assert.equal(orderBy({ quality: 100, cost: 1 })[0], 'dear')
  assert.equal(orderBy({ quality: 0, cost: 1 })[0], 'poor')
  assert.equal(orderBy({ quality: 1, cost: 1, energy: 1 }).at(-1), 'dark')
})

test('sticky keeps a key at its place, spreads keys, and moves only those whose place is gone', () => {
  const firstOf = (key: string, gone = ''): string | undefined =>
    orderBy(['sticky'], { caller: { key } }).find((id) => id !== gone)
  const keys = Array.from({ length: 400 }, (_, i) => `key-${i}`)
  const at = new Map(keys.map((key) => [key, firstOf(key)]))
  for (const key of keys) assert.equal(firstOf(key), at.get(key))
  for (const id of ['dear', 'fair', 'poor', 'dark']) {
    const count = keys.filter((key) => at.get(key) === id).length
    assert.ok(count > 50 && count < 150, `${id} ${count}`)
  }
  for (const key of keys)
    if (at.get(key) !== 'dear') assert.equal(firstOf(key, 'dear'), at.get(key))
})

test('the figures that ordered the list stand in the verdict', () => {
  const policy = policyOf({ floor: 'public', rules: [], prefer: ['quality', 'first-token'] })
  const own = catalogueOf([
    { ...place('here', { quality: 50 }), zone: 'device', jurisdiction: 'local' },
  ])
  const { chosen } = decide({ ...facts, measured: {} }, policy, own, {})
  assert.deepEqual(chosen?.figures, { quality: 50, 'first-token': null })
})
