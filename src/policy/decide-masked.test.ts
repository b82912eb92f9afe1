import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { canonicalJson } from '#kernel/canonical-json.ts'
import type { Destination, Zone } from '#kernel/destination.ts'
import type { MaskDuty } from '#kernel/duties.ts'
import type { DataClass, Label } from '#kernel/label.ts'
import type { Facts, MaskedFacts } from '#kernel/verdict.ts'
import { decide } from './decide.ts'
import { catalogueJson, catalogueOf, policyJson, policyOf } from './document.ts'
import { replay } from './replay.ts'
import { reviewPolicy } from './review.ts'
import type { PolicyRule } from './rule.ts'

const place = (zone: Zone, clearance: DataClass, more: Partial<Destination> = {}): Destination => ({
  id: zone,
  dialect: 'openai',
  address: { kind: 'url', baseUrl: `https://${zone}.test/v1` },
  zone,
  jurisdiction: 'FR',
  clearance,
  state: 'enabled',
  origin: 'config',
  models: [{ name: 'm', upstream: 'm' }],
  ...more,
})

const catalogue = catalogueOf([
  place('on-prem', 'restricted'),
  place('managed', 'internal', { withheld: ['personal'] }),
  place('api', 'public'),
])

const HOME: PolicyRule = {
  id: 'home',
  match: { classes: ['confidential', 'restricted'] },
  allow: { zones: ['device', 'on-prem'] },
}
const OUTSIDE: PolicyRule = {
  id: 'outside',
  match: { classes: ['internal', 'public'] },
  allow: { zones: ['device', 'on-prem', 'managed', 'api'] },
}
const MASK: PolicyRule = {
  id: 'mask',
  match: { classes: ['confidential', 'internal'] },
  mask: { types: ['PERSON'], zones: ['managed'] },
}
const policy = policyOf({ floor: 'public', rules: [HOME, OUTSIDE, MASK] })

const label = (dataClass: DataClass, ...categories: Label['categories']): Label => ({
  class: dataClass,
  categories,
  undetermined: false,
})
const duty: MaskDuty = {
  types: ['PERSON'],
  categories: [],
  zones: ['managed'],
  style: 'placeholder',
  tools: [],
}
const masked = (of: Label | null, more: Partial<MaskedFacts> = {}): MaskedFacts => ({
  zones: ['managed'],
  duty,
  label: of,
  findings: {},
  ...more,
})
const facts: Facts = {
  tenant: 'default',
  label: label('confidential', 'personal'),
  requestedModel: 'auto',
  task: 'chat',
  surface: 'openai-chat',
  findings: { PERSON: 3 },
  inputTokensEstimate: 10,
}
const decided = (changed: Partial<Facts>, rules = policy.rules) => {
  const verdict = decide({ ...facts, ...changed }, policyOf({ ...policy, rules }), catalogue, {})
  return {
    verdict,
    allowed: verdict.allowed.map(({ destination }) => destination.id),
    reason: (id: string) => verdict.refused.find(({ destination }) => destination === id),
  }
}

describe('deciding about a masked request', () => {
  test('where a rule asks for a mask the masked label counts, elsewhere the label as it is', () => {
    const { allowed, verdict, reason } = decided({ masked: [masked(label('public'))] })
    assert.deepEqual(allowed, ['on-prem', 'managed'])
    assert.deepEqual(verdict.label, facts.label)
    const [home, cloud] = verdict.allowed
    assert.equal(home?.masked, undefined)
    assert.deepEqual(cloud?.masked, { duty, label: label('public') })
    assert.equal(reason('api')?.code, 'clearance-too-low')
  })

  test('a mask that leaves too much, or a category that is withheld, is refused by the rule that says so', () => {
    assert.equal(
      decided({ masked: [masked(label('confidential'))] }).reason('managed')?.code,
      'clearance-too-low',
    )
    const withheld = decided({ masked: [masked(label('internal', 'personal'))] })
    assert.equal(withheld.reason('managed')?.code, 'category-withheld')
  })

  test('what was not masked, or cannot be, is not seen where it must be masked, whatever its label', () => {
    for (const one of [
      undefined,
      [],
      [masked(null)],
      [masked(label('public'), { zones: ['api'] })],
    ]) {
      const { allowed, reason } = decided({
        label: label('internal'),
        ...(one ? { masked: one } : {}),
      })
      assert.deepEqual(allowed, ['on-prem'])
      assert.deepEqual(reason('managed'), {
        destination: 'managed',
        model: 'm',
        code: 'not-maskable',
        rule: 'mask',
      })
    }
  })

  test('a mask of less than the rules ask is no mask, also where a rule speaks of the masked request alone', () => {
    const more: PolicyRule = {
      id: 'more',
      match: { classes: ['public'] },
      mask: { types: ['EMAIL_ADDRESS'], zones: ['managed'] },
    }
    const rules = [...policy.rules, more]
    const { allowed, verdict } = decided({ masked: [masked(label('public'))] }, rules)
    assert.deepEqual(allowed, ['on-prem'])
    const wide = { ...duty, types: ['EMAIL_ADDRESS', 'PERSON'] }
    assert.equal(verdict.duties.mask.length, 2)
    const again = decided({ masked: [masked(label('public'), { duty: wide })] }, rules)
    assert.deepEqual(again.allowed, ['on-prem', 'managed'])
  })

  test('what the key bounds is the request as it came', () => {
    const limits = { models: null, maxClass: 'internal', zones: null } as const
    const { allowed, reason } = decided({ limits, masked: [masked(label('public'))] })
    assert.deepEqual(allowed, [])
    assert.equal(reason('managed')?.code, 'class-above-key')
  })

  test('the order of rules never matters, and the evidence gives the same verdict again', () => {
    const of = { ...facts, masked: [masked(label('public'), { findings: { URL: 1 } })] }
    const verdict = decide(of, policy, catalogue, {})
    const turned = policyOf({ ...policy, rules: policy.rules.toReversed() })
    assert.deepEqual(decide(of, turned, catalogue, {}).allowed, verdict.allowed)
    const again = replay(
      {
        ...facts.label,
        surface: 'openai-chat',
        model: 'auto',
        zones: null,
        findings: { PERSON: 3 },
        inputTokens: 10,
        policy: policy.version,
        catalogue: catalogue.version,
        health: {},
        masked: [
          {
            zones: ['managed'],
            types: ['PERSON'],
            of: [],
            findings: { URL: 1 },
            ...label('public'),
          },
        ],
      },
      {
        policy: canonicalJson(policyJson(policy)),
        catalogue: canonicalJson(catalogueJson(catalogue.destinations)),
      },
    )
    assert.ok(again.ok)
    const ids = (one: typeof verdict) => one.allowed.map(({ destination }) => destination.id)
    assert.deepEqual(ids(again.value), ids(verdict))
    assert.deepEqual(again.value.refused, verdict.refused)
  })

  test('a review counts what a class may reach once it is masked', () => {
    const remarks = reviewPolicy(policy, catalogueOf([place('managed', 'internal')]), ['FR'])
    const nowhere = remarks.flatMap((one) => (one.code === 'class-goes-nowhere' ? [one.class] : []))
    assert.deepEqual(nowhere, ['restricted'])
  })
})
