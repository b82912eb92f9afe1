import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ZONES, type Destination, type Zone } from '#kernel/destination.ts'
import { CLASSES, classRank, type DataClass } from '#kernel/label.ts'
import type { Facts, Verdict } from '#kernel/verdict.ts'
import { decide } from './decide.ts'
import { catalogueOf, policyOf } from './document.ts'
import type { PolicyRule } from './rule.ts'

const RULES: readonly PolicyRule[] = [
  {
    id: 'home-only',
    match: { classes: ['restricted', 'confidential'] },
    allow: { zones: ['device', 'on-prem'] },
  },
  {
    id: 'internal',
    match: { classes: ['internal'] },
    allow: { zones: ['device', 'on-prem', 'managed'], jurisdictions: ['FR', 'DE'] },
  },
  { id: 'public-anywhere', match: { classes: ['public'] }, allow: { zones: ZONES } },
]

const destination = (fields: Partial<Destination> & { id: string }): Destination => ({
  dialect: 'openai',
  address: { kind: 'url', baseUrl: `https://${fields.id}.test/v1` },
  zone: 'managed',
  jurisdiction: 'FR',
  clearance: 'restricted',
  state: 'enabled',
  origin: 'config',
  models: [{ name: 'm', upstream: 'm-1' }],
  ...fields,
})

const facts = (dataClass: DataClass, more: Partial<Facts> = {}): Facts => ({
  tenant: 'default',
  label: { class: dataClass, categories: [], undetermined: false },
  requestedModel: 'auto',
  inputTokensEstimate: 1000,
  ...more,
})

const judge = (destinations: readonly Destination[], of: Facts, rules = RULES): Verdict =>
  decide(of, policyOf({ floor: 'public', rules }), catalogueOf(destinations), {})

const ids = (verdict: Verdict): string[] => verdict.allowed.map((choice) => choice.destination.id)

test('restricted and confidential data stay on our machines even when the cloud is cheaper and faster', () => {
  const cheap = destination({
    id: 'cloud',
    models: [
      { name: 'm', upstream: 'm', price: { input: 0.01, output: 0.01 }, tokensPerSecond: 900 },
    ],
  })
  const home = destination({ id: 'home', zone: 'device' })
  for (const dataClass of ['restricted', 'confidential'] as const) {
    const verdict = judge([cheap, home], facts(dataClass))
    assert.deepEqual(ids(verdict), ['home'])
    assert.deepEqual(verdict.refused, [
      { destination: 'cloud', model: 'm', code: 'zone-not-allowed', rule: 'home-only' },
    ])
  }
  assert.deepEqual(ids(judge([cheap, home], facts('public'))), ['cloud', 'home'])
})

test('internal data may go to a managed platform in a configured jurisdiction and nowhere else outside', () => {
  const all = [
    destination({ id: 'fr' }),
    destination({ id: 'us', jurisdiction: 'US' }),
    destination({ id: 'where', jurisdiction: 'unknown' }),
    destination({ id: 'api', zone: 'api' }),
    destination({ id: 'ours', zone: 'on-prem', jurisdiction: 'local' }),
  ]
  assert.deepEqual(ids(judge(all, facts('internal'))), ['fr', 'ours'])
})

test('a class that no rule mentions goes nowhere outside this machine', () => {
  const all = [
    destination({ id: 'fr' }),
    destination({ id: 'ours', zone: 'on-prem' }),
    destination({ id: 'box', zone: 'device' }),
  ]
  assert.deepEqual(ids(judge(all, facts('public'), [])), ['box'])
})

test('a concrete name passes the same gate', () => {
  const all = [
    destination({ id: 'fr' }),
    destination({ id: 'box', zone: 'device', models: [{ name: 'small', upstream: 's' }] }),
  ]
  assert.deepEqual(ids(judge(all, facts('restricted', { requestedModel: 'm' }))), [])
  assert.deepEqual(ids(judge(all, facts('restricted', { requestedModel: 'fr/m' }))), [])
  assert.deepEqual(ids(judge(all, facts('restricted', { requestedModel: 'box/small' }))), ['box'])
})

test('the zone of the model counts, not that of its server', () => {
  const offloading = destination({
    id: 'ollama',
    zone: 'device',
    models: [
      { name: 'here', upstream: 'here' },
      { name: 'there', upstream: 'there-cloud', zone: 'api' },
    ],
  })
  const verdict = judge([offloading], facts('restricted'))
  assert.deepEqual(
    verdict.allowed.map((choice) => choice.model.name),
    ['here'],
  )
})

test('a discovered server sees public data alone, a listed vendor sees nothing', () => {
  const found = destination({ id: 'found', zone: 'device', state: 'discovered' })
  const listed = destination({ id: 'listed', state: 'listed' })
  assert.deepEqual(ids(judge([found, listed], facts('public'))), ['found'])
  assert.deepEqual(ids(judge([found, listed], facts('internal'))), [])
})

test('what is down is refused as such: a place with all its models, or one model alone', () => {
  const models = [
    { name: 'm', upstream: 'm' },
    { name: 'n', upstream: 'n' },
  ]
  const all = [destination({ id: 'a', models }), destination({ id: 'b', models })]
  const health = { a: 'down', 'b/n': 'down' } as const
  const policy = policyOf({ floor: 'public', rules: RULES })
  const verdict = decide(facts('public'), policy, catalogueOf(all), health)
  assert.deepEqual(
    verdict.allowed.map((choice) => `${choice.destination.id}/${choice.model.name}`),
    ['b/m'],
  )
  assert.deepEqual(
    verdict.refused.map(({ destination: id, model, code }) => `${id}/${model} ${code}`),
    ['a/m down', 'a/n down', 'b/n down'],
  )
  const notReady = decide(facts('public'), policy, catalogueOf(all), {
    a: 'not-ready',
    'a/m': 'down',
  })
  assert.equal(notReady.refused[0]?.code, 'not-ready')
})

test('an unknown price is never taken for a cheap one', () => {
  const unknown = destination({ id: 'unknown' })
  const dear = destination({
    id: 'dear',
    models: [{ name: 'm', upstream: 'm', price: { input: 90, output: 90 } }],
  })
  assert.deepEqual(ids(judge([unknown, dear], facts('public'))), ['dear', 'unknown'])
})

const arbitraryZone = fc.constantFrom(...ZONES)
const arbitraryClass = fc.constantFrom(...CLASSES)
const arbitraryRule = fc.record({
  id: fc.string({ minLength: 1, maxLength: 4 }),
  match: fc.record({ classes: fc.subarray([...CLASSES]) }),
  allow: fc.record({
    zones: fc.subarray<Zone>([...ZONES]),
    jurisdictions: fc.option(fc.subarray(['FR', 'US']), { nil: undefined }),
  }),
})
const arbitraryDestination = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd'),
  zone: arbitraryZone,
  clearance: arbitraryClass,
  jurisdiction: fc.constantFrom('FR', 'US', 'unknown'),
  state: fc.constantFrom(
    'enabled' as const,
    'discovered' as const,
    'listed' as const,
    'disabled' as const,
  ),
})

test('deny wins: every allowed destination satisfies its clearance and every rule that speaks of the class; order of rules never matters', () => {
  fc.assert(
    fc.property(
      fc.array(arbitraryRule, { maxLength: 5 }),
      fc.array(arbitraryDestination, { maxLength: 4 }),
      arbitraryClass,
      (rules, rows, dataClass) => {
        const destinations = rows.map(destination)
        const verdict = judge(destinations, facts(dataClass), rules)
        const speaking = rules.filter((rule) => rule.match.classes.includes(dataClass))
        for (const { destination: d, zone } of verdict.allowed) {
          assert.ok(classRank(dataClass) <= classRank(d.clearance))
          assert.ok(d.state === 'enabled' || (d.state === 'discovered' && dataClass === 'public'))
          assert.ok(speaking.length > 0 || zone === 'device')
          for (const { allow } of speaking) {
            assert.ok(allow.zones.includes(zone))
            const isHome = zone === 'device' || zone === 'on-prem'
            assert.ok(
              isHome || !allow.jurisdictions || allow.jurisdictions.includes(d.jurisdiction),
            )
          }
        }
        assert.equal(verdict.allowed.length + verdict.refused.length, destinations.length)
        assert.deepEqual(
          ids(judge(destinations, facts(dataClass), rules.toReversed())),
          ids(verdict),
        )
      },
    ),
  )
})

test('a rule more, or a higher class without a rule of its own, never opens a way out', () => {
  fc.assert(
    fc.property(
      fc.array(arbitraryRule, { maxLength: 4 }),
      arbitraryRule,
      fc.array(arbitraryDestination, { maxLength: 4 }),
      arbitraryClass,
      (rules, more, rows, dataClass) => {
        const destinations = rows.map(destination)
        const before = judge(destinations, facts(dataClass), rules)
        const after = judge(destinations, facts(dataClass), [...rules, more])
        const speaks = rules.some((rule) => rule.match.classes.includes(dataClass))
        if (speaks) for (const id of ids(after)) assert.ok(ids(before).includes(id))
      },
    ),
  )
})

test('auto never means a model that is known to do something else', () => {
  const encoder = destination({
    id: 'encoder',
    models: [{ name: 'e', upstream: 'e', task: 'embeddings' }],
  })
  const chat = destination({ id: 'chat', models: [{ name: 'c', upstream: 'c', task: 'chat' }] })
  const unknown = destination({ id: 'unknown' })
  const all = [encoder, chat, unknown]
  assert.deepEqual(ids(judge(all, facts('public', { task: 'chat' }))), ['chat', 'unknown'])
  assert.deepEqual(ids(judge(all, facts('public', { task: 'embeddings' }))), ['encoder', 'unknown'])
  assert.deepEqual(ids(judge(all, facts('public', { task: 'chat', requestedModel: 'e' }))), [
    'encoder',
  ])
})

test('a model answers to its name, its aliases, and both behind the id of its destination', () => {
  const models = [{ name: 'small', upstream: 's', aliases: ['s1'] }]
  const all = [destination({ id: 'a', models }), destination({ id: 'b', models })]
  const asked = (requestedModel: string): string[] =>
    ids(judge(all, facts('public', { requestedModel })))
  assert.deepEqual(asked('small'), ['a', 'b'])
  assert.deepEqual(asked('s1'), ['a', 'b'])
  assert.deepEqual(asked('b/small'), ['b'])
  assert.deepEqual(asked('b/s1'), ['b'])
  for (const unknown of ['', 'a/', 'c/small', 'toString']) assert.deepEqual(asked(unknown), [])
})
