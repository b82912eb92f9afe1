import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { z } from 'zod'
import { createClassifier } from '#classify/classify.ts'
import { tableOf } from '#classify/class-edits.ts'
import { expandJurisdictions } from '#config/jurisdictions.ts'
import { readPolicyText } from '#config/policy-document.ts'
import { ZONES, type Destination, type Zone } from '#kernel/destination.ts'
import { NO_DUTIES } from '#kernel/duties.ts'
import { decide } from '#policy/decide.ts'
import { catalogueOf, policyOf } from '#policy/document.ts'
import { countByType } from '#policy/facts.ts'

const folder = join(import.meta.dirname, '..', 'data', 'profiles')
const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
const Probes = z.strictObject({
  texts: z.record(z.string(), z.string()),
  expect: z.record(z.string(), z.record(z.string(), z.array(z.string()))),
})
const probes = Probes.parse(parse(read('probes.yaml')))
const names = readdirSync(folder)
  .filter((name) => name !== 'probes.yaml')
  .map((name) => name.replace('.yaml', ''))

const place = (id: string, zone: Zone, jurisdiction: string, terms: boolean): Destination => ({
  id,
  dialect: 'openai',
  address: { kind: 'url', baseUrl: `https://${id}.test/v1` },
  zone,
  jurisdiction,
  clearance: 'restricted',
  ...(terms ? { terms: { retentionDays: 0, training: false, certifications: ['HDS'] } } : {}),
  state: 'enabled',
  origin: 'config',
  models: [{ name: 'm', upstream: 'm', weights: 'verified' }],
})
const catalogue = catalogueOf([
  place('device', 'device', 'local', false),
  place('on-prem', 'on-prem', 'local', false),
  place('managed', 'managed', 'FR', true),
  place('far', 'managed', 'US', false),
  place('api', 'api', 'US', false),
])
const classify = createClassifier()

/** Where a text may go, masked or not: a rule that masks is asked without its mask, which a test of its own looks at. */
function reached(profile: string, text: string): readonly string[] {
  const document = readPolicyText(read(`${profile}.yaml`), profile, expandJurisdictions(['EU']))
  assert.ok(document.ok, JSON.stringify(document))
  const rules = document.value.rules.map(({ mask: _, ...rule }) => rule)
  const floor = profile === 'strict-eu' ? 'internal' : 'public'
  const parts = [{ path: 'messages.0.content', text, kind: 'text' as const }]
  const { label, findings } = classify(parts, { floor, table: tableOf(null) })
  const facts = {
    tenant: 'default',
    label,
    requestedModel: 'auto',
    findings: countByType(findings),
    inputTokensEstimate: 10,
  }
  const verdict = decide(facts, policyOf({ floor, rules }), catalogue, {})
  return verdict.allowed.map(({ destination }) => destination.id).toSorted()
}

test('every profile that ships has its probes, and every probe its profile', () => {
  assert.deepEqual(Object.keys(probes.expect).toSorted(), names.toSorted())
})

for (const [profile, expected] of Object.entries(probes.expect)) {
  test(`${profile} lets each text go exactly where its probes say`, () => {
    assert.deepEqual(Object.keys(expected), Object.keys(probes.texts))
    for (const [name, places] of Object.entries(expected))
      assert.deepEqual(reached(profile, probes.texts[name] ?? ''), places.toSorted(), name)
  })
}

test('no profile lets what is restricted reach a proprietary interface, and none stores health data of a French hospital', () => {
  for (const profile of names) {
    const document = readPolicyText(read(`${profile}.yaml`), profile, expandJurisdictions(['EU']))
    assert.ok(document.ok)
    const policy = policyOf({ floor: 'public', ...document.value })
    const label = { class: 'restricted', categories: ['health'], undetermined: false } as const
    const facts = { tenant: 'default', label, requestedModel: 'auto', inputTokensEstimate: 1 }
    const verdict = decide(facts, policy, catalogue, {})
    assert.ok(
      verdict.allowed.every(({ zone }) => zone !== ZONES[3]),
      profile,
    )
    if (profile === 'health-fr') {
      assert.notEqual(verdict.duties, NO_DUTIES)
      assert.equal(verdict.duties.noStore && verdict.duties.noCache, true)
    }
  }
})
