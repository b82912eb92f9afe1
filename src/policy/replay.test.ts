import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalJson } from '#kernel/canonical-json.ts'
import type { Destination } from '#kernel/destination.ts'
import type { Facts } from '#kernel/verdict.ts'
import { decide } from './decide.ts'
import { catalogueJson, catalogueOf, policyJson, policyOf } from './document.ts'
import { recordedLatency } from './latency.ts'
import { leftOutByReplay, replay } from './replay.ts'

const cloud: Destination = {
  id: 'cloud',
  dialect: 'openai',
  address: { kind: 'url', baseUrl: 'https://cloud.test/v1' },
  zone: 'managed',
  jurisdiction: 'FR',
  clearance: 'confidential',
  withheld: ['health'],
  terms: { retentionDays: 0, training: false, certifications: ['HDS'] },
  state: 'enabled',
  origin: 'config',
  models: [{ name: 'open', upstream: 'o', openness: 5, licence: 'Apache-2.0', task: 'chat' }],
}
const catalogue = catalogueOf([
  cloud,
  { ...cloud, id: 'far', terms: {}, models: [{ name: 'shut', upstream: 's' }] },
])
const policy = policyOf({
  floor: 'public',
  rules: [
    {
      id: 'care',
      match: { classes: ['internal'], teams: ['ward'], purposes: ['care'] },
      when: 'findings.count("PERSON") > 2',
      allow: {
        zones: ['managed'],
        openness: 4,
        retentionDays: 0,
        training: false,
        certifications: ['HDS'],
      },
    },
    {
      id: 'not-far',
      match: { people: ['p1'] },
      deny: { destinations: ['fa*'] },
      mask: { types: ['PERSON'], zones: ['api'], tools: ['t'] },
      answers: { secrets: 'cut' },
      duties: ['disclose'],
    },
  ],
  prefer: ['openness'],
})

const facts: Facts = {
  tenant: 'default',
  label: { class: 'internal', categories: ['personal'], undetermined: false },
  requestedModel: 'auto',
  task: 'chat',
  surface: 'openai-chat',
  caller: { key: 'k', team: 'ward', purpose: 'care', person: 'p1' },
  findings: { PERSON: 3 },
  inputTokensEstimate: 10,
}

test('a recorded decision is decided again, conditions and callers included, to the same verdict', () => {
  const verdict = decide(facts, policy, catalogue, { far: 'down' })
  assert.deepEqual(
    verdict.allowed.map(({ destination }) => destination.id),
    ['cloud'],
  )
  assert.deepEqual(verdict.refused, [
    { destination: 'far', model: 'shut', code: 'openness-too-low', rule: 'care' },
  ])
  const { caller, label } = facts
  const again = replay(
    {
      ...label,
      ...caller,
      surface: 'openai-chat',
      model: facts.requestedModel,
      zones: null,
      findings: { PERSON: 3 },
      inputTokens: facts.inputTokensEstimate,
      policy: policy.version,
      catalogue: catalogue.version,
      health: { far: 'down' },
    },
    {
      policy: canonicalJson(policyJson(policy)),
      catalogue: canonicalJson(catalogueJson(catalogue.destinations)),
    },
  )
  assert.ok(again.ok)
  assert.deepEqual(again.value.refused, verdict.refused)
  assert.deepEqual(again.value.duties, verdict.duties)
  assert.equal(verdict.duties.disclose, true)
  assert.deepEqual(
    again.value.allowed.map(({ destination }) => destination),
    verdict.allowed.map(({ destination }) => destination),
  )
})

test('without the team, the purpose or the third person the rule says nothing, and nothing leaves this machine', () => {
  const ids = (changed: Partial<Facts>): readonly string[] =>
    decide({ ...facts, ...changed }, policy, catalogue, {}).allowed.map(
      ({ destination }) => destination.id,
    )
  assert.deepEqual(ids({ caller: { key: 'k', purpose: 'care' } }), [])
  assert.deepEqual(ids({ caller: { key: 'k', team: 'ward' } }), [])
  assert.deepEqual(ids({ findings: { PERSON: 2 } }), [])
  assert.deepEqual(ids({}), ['cloud'])
})

test('what was too slow when a request was decided is too slow when it is decided again', () => {
  const quick = policyOf({
    floor: 'public',
    rules: [
      {
        id: 'soon',
        match: { classes: ['internal'], keys: ['k'] },
        allow: { zones: ['managed'], startWithinMs: 800 },
      },
    ],
    prefer: ['first-token'],
  })
  const measured = {
    'cloud/open': { firstByteMs: 900, tokensPerSecond: 30 },
    'far/shut': { firstByteMs: 120, tokensPerSecond: 5 },
  }
  const asked: Facts = { ...facts, measured }
  const verdict = decide(asked, quick, catalogue, {})
  assert.equal(verdict.chosen?.destination.id, 'far')
  assert.deepEqual(verdict.chosen.figures, { 'first-token': 120 })
  assert.deepEqual(verdict.refused, [
    { destination: 'cloud', model: 'open', code: 'too-slow', rule: 'soon' },
  ])
  const latency = recordedLatency(asked, quick)
  assert.ok(latency)
  const { caller, label } = asked
  const recorded = {
    ...label,
    ...caller,
    surface: 'openai-chat',
    model: 'auto',
    zones: null,
    findings: {},
    inputTokens: 10,
    policy: quick.version,
    catalogue: catalogue.version,
    health: {},
    latency,
  }
  const again = replay(recorded, {
    policy: canonicalJson(policyJson(quick)),
    catalogue: canonicalJson(catalogueJson(catalogue.destinations)),
  })
  assert.ok(again.ok)
  assert.deepEqual(again.value.refused, verdict.refused)
  assert.deepEqual(leftOutByReplay(quick), ['first-token'])
  assert.equal(recordedLatency(facts, policy), null)
})
