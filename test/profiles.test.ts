import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
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
import { callerFacts } from '#policy/facts.ts'
import { createGate } from '#policy/gate.ts'
import { decideText } from '#gateway/admin/decide-text.ts'
import { plainCaller } from '#kernel/exchange.ts'

const folder = join(import.meta.dirname, '..', 'data', 'profiles')
const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
const Probes = z.strictObject({
  texts: z.record(z.string(), z.string()),
  expect: z.record(z.string(), z.record(z.string(), z.array(z.string()))),
  masked: z.record(z.string(), z.record(z.string(), z.string())),
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

/** What becomes of a text under a profile, as `ecluse policy test` asks it. */
async function asked(profile: string, text: string) {
  const document = readPolicyText(read(`${profile}.yaml`), profile, expandJurisdictions(['EU']))
  assert.ok(document.ok, JSON.stringify(document))
  const floor = profile === 'strict-eu' ? 'internal' : 'public'
  const policy = policyOf({ floor, ...document.value })
  const table = tableOf(null)
  const house = {
    classify: (parts: Parameters<typeof classify>[0]) => classify(parts, { floor, table }),
    gate: createGate(
      () => policy,
      () => catalogue,
    ),
    health: () => ({}),
    masking: {
      table: () => table,
      digest: () => (value: string) => createHash('sha256').update(value).digest(),
    },
  }
  const caller = callerFacts(plainCaller('default', 'k', 'k'))
  const { verdict, masked } = await decideText(house, {
    text,
    model: 'auto',
    tenant: 'default',
    caller,
  })
  return {
    places: verdict.allowed.map(({ destination }) => destination.id).toSorted(),
    masked: masked.length === 0 ? null : (masked[0]?.label?.class ?? 'cannot'),
  }
}

test('every profile that ships has its probes, and every probe its profile', () => {
  assert.deepEqual(Object.keys(probes.expect).toSorted(), names.toSorted())
})

for (const [profile, expected] of Object.entries(probes.expect)) {
  test(`${profile} lets each text go exactly where its probes say, masked where it masks`, async () => {
    assert.deepEqual(Object.keys(expected), Object.keys(probes.texts))
    for (const [name, places] of Object.entries(expected)) {
      const found = await asked(profile, probes.texts[name] ?? '')
      assert.deepEqual(found.places, places.toSorted(), name)
      assert.equal(found.masked, probes.masked[profile]?.[name] ?? null, name)
    }
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
