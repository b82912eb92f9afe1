import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ZONES, type Destination, type ServedModel } from '#kernel/destination.ts'
import { CATEGORIES, CLASSES } from '#kernel/label.ts'
import type { Facts, Health } from '#kernel/verdict.ts'
import { decide } from './decide.ts'
import { catalogueOf, policyOf } from './document.ts'
import { slowlyAllowed } from './reference.fixture.ts'
import type { PolicyRule } from './rule.ts'

const some = <Item>(...items: readonly Item[]) => fc.subarray([...items], { minLength: 1 })
const maybe = <Item>(of: fc.Arbitrary<Item>) => fc.option(of, { nil: undefined, freq: 2 })
const categories = some(...CATEGORIES.slice(0, 4))

const match = fc.record({
  classes: maybe(fc.subarray([...CLASSES])),
  categories: maybe(categories),
  models: maybe(some('auto', 'm', 'a/m', 'n*', '*')),
  surfaces: maybe(some('openai-chat', 'anthropic*')),
  teams: maybe(some('hr', 'it')),
  applications: maybe(some('crm', 'c*')),
  purposes: maybe(some('care')),
})
const names = some('a', 'b*', 'zz')
const allow = fc.record({
  zones: maybe(fc.subarray([...ZONES])),
  jurisdictions: maybe(some('FR', 'US')),
  destinations: maybe(names),
  models: maybe(some('m', 'n*')),
  licences: maybe(some('Apache-2.0')),
  openness: maybe(fc.integer({ min: 1, max: 6 })),
  retentionDays: maybe(fc.constantFrom(0, 30)),
  training: maybe(fc.constant<false>(false)),
  certifications: maybe(some('HDS')),
  weights: maybe(fc.constant<'verified'>('verified')),
  maxCvss: maybe(fc.constantFrom(0, 7.5)),
  startWithinMs: maybe(fc.constantFrom(50, 800)),
})
const deny = fc.record({
  zones: maybe(some(...ZONES)),
  destinations: maybe(names),
  models: maybe(some('n*')),
  licences: maybe(some('llama4')),
})
const when = fc.constantFrom(
  'request.tokens > 100',
  'caller.team == "hr"',
  'findings.count("IBAN_CODE") >= 2',
  'label.undetermined || "health" in label.categories',
)
const rule: fc.Arbitrary<PolicyRule> = fc.record({
  id: fc.string({ minLength: 1, maxLength: 4 }),
  match,
  when: maybe(when),
  allow: maybe(allow),
  deny: fc.option(deny, { nil: undefined, freq: 5 }),
})
const model: fc.Arbitrary<ServedModel> = fc.record(
  {
    name: fc.constantFrom('m', 'n1', 'n2'),
    upstream: fc.constant('u'),
    task: fc.constantFrom('chat' as const, 'embeddings' as const),
    licence: fc.constantFrom('Apache-2.0', 'llama4'),
    openness: fc.integer({ min: 1, max: 6 }),
    weights: fc.constantFrom('verified' as const, 'unverified' as const),
    cvss: fc.constantFrom(0, 7.5, 9.8),
    zone: fc.constantFrom(...ZONES),
    price: fc.record({ input: fc.nat(9), output: fc.nat(9) }),
  },
  { requiredKeys: ['name', 'upstream'] },
)
const destination = fc.record(
  {
    id: fc.constantFrom('a', 'b', 'bb', 'c'),
    dialect: fc.constant('openai' as const),
    address: fc.constant({ kind: 'url' as const, baseUrl: 'https://x.test' }),
    zone: fc.constantFrom(...ZONES),
    jurisdiction: fc.constantFrom('FR', 'US', 'unknown'),
    clearance: fc.constantFrom(...CLASSES),
    withheld: categories,
    terms: fc.record(
      {
        retentionDays: fc.constantFrom(0, 30, 400),
        training: fc.boolean(),
        certifications: fc.subarray(['HDS', 'ISO 27001']),
      },
      { requiredKeys: [] },
    ),
    state: fc.constantFrom('enabled' as const, 'discovered' as const, 'disabled' as const),
    origin: fc.constant('config' as const),
    models: fc.uniqueArray(model, { maxLength: 3, selector: ({ name }) => name }),
  },
  {
    requiredKeys: [
      'id',
      'dialect',
      'address',
      'zone',
      'jurisdiction',
      'clearance',
      'state',
      'origin',
      'models',
    ],
  },
)
const destinations: fc.Arbitrary<Destination[]> = fc.uniqueArray(destination, {
  maxLength: 4,
  selector: ({ id }) => id,
})
const facts: fc.Arbitrary<Facts> = fc.record(
  {
    tenant: fc.constant('default'),
    label: fc.record({
      class: fc.constantFrom(...CLASSES),
      categories: fc.subarray(CATEGORIES.slice(0, 5)),
      undetermined: fc.boolean(),
    }),
    requestedModel: fc.constantFrom('auto', 'm', 'n1', 'a/m', 'none', ''),
    task: fc.constantFrom('chat' as const, 'embeddings' as const),
    surface: fc.constantFrom('openai-chat', 'anthropic-messages'),
    caller: fc.record(
      {
        key: fc.constantFrom('k1', 'k2'),
        team: fc.constantFrom('hr', 'it', 'x'),
        application: fc.constantFrom('crm', 'ci'),
        purpose: fc.constantFrom('care', 'other'),
      },
      { requiredKeys: ['key'] },
    ),
    findings: fc.constantFrom({}, { IBAN_CODE: 1 }, { IBAN_CODE: 3 }),
    zones: fc.subarray([...ZONES]),
    maxLatencyMs: fc.constantFrom(100, 700),
    measured: fc.dictionary(
      fc.constantFrom('a/m', 'b/n1', 'bb/n2', 'c/m'),
      fc.record({ firstByteMs: fc.constantFrom(40, 300, 900), tokensPerSecond: fc.constant(null) }),
    ),
    inputTokensEstimate: fc.nat(5000),
  },
  { requiredKeys: ['tenant', 'label', 'requestedModel', 'inputTokensEstimate'] },
)
const health: fc.Arbitrary<Health> = fc.dictionary(
  fc.constantFrom('a', 'b', 'a/m', 'bb/n1', 'nowhere'),
  fc.constantFrom('ready' as const, 'not-ready' as const, 'down' as const),
  { maxKeys: 3 },
)

test('the sets give what the definition gives, for any policy, catalogue, request and health; every refusal has a reason', () => {
  fc.assert(
    fc.property(
      fc.array(rule, { maxLength: 40 }),
      destinations,
      fc.array(facts, { minLength: 1, maxLength: 4 }),
      health,
      (rules, rows, requests, state) => {
        const policy = policyOf({ floor: 'public', rules })
        const catalogue = catalogueOf(rows)
        for (const request of requests) {
          const verdict = decide(request, policy, catalogue, state)
          const allowed = verdict.allowed.map(
            (choice) => `${choice.destination.id}/${choice.model.name}`,
          )
          assert.deepEqual(allowed.toSorted(), slowlyAllowed(request, policy, catalogue, state))
          assert.equal(verdict.chosen, verdict.allowed[0] ?? null)
          for (const refused of verdict.refused)
            assert.ok(!allowed.includes(`${refused.destination}/${refused.model}`))
          const ids = rules.map(({ id }) => id)
          for (const { code, rule: by } of verdict.refused)
            assert.ok(code !== 'denied' || ids.includes(by))
        }
      },
    ),
    { numRuns: 400 },
  )
})

test('the order of rules changes no verdict', () => {
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 12 }), destinations, facts, (rules, rows, request) => {
      const catalogue = catalogueOf(rows)
      const seen = [rules, rules.toReversed()].map((list) =>
        decide(request, policyOf({ floor: 'public', rules: list }), catalogue, {}).allowed.map(
          (choice) => `${choice.destination.id}/${choice.model.name}`,
        ),
      )
      assert.deepEqual(seen[0], seen[1])
    }),
  )
})
