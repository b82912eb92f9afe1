import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Destination } from '#kernel/destination.ts'
import type { PassageBody } from '#kernel/passage.ts'
import type { Verdict } from '#kernel/verdict.ts'
import { catalogueOf, policyOf } from './document.ts'
import { createGate, originOf } from './gate.ts'

const cloud: Destination = {
  id: 'cloud',
  dialect: 'openai',
  address: { kind: 'url', baseUrl: 'https://cloud.test/v1' },
  zone: 'managed',
  jurisdiction: 'FR',
  clearance: 'internal',
  state: 'enabled',
  origin: 'config',
  models: [{ name: 'm', upstream: 'm' }],
}
const policy = policyOf({
  floor: 'public',
  rules: [{ id: 'r', match: { classes: ['public'] }, allow: { zones: ['managed'] } }],
})
const gate = createGate(
  () => policy,
  () => catalogueOf([cloud]),
)
const body = (text: string): PassageBody => ({
  contentType: 'text/plain',
  bytes: Buffer.from(text),
})
const decided = (): Verdict =>
  gate.decide(
    {
      tenant: 'default',
      label: { class: 'public', categories: [], undetermined: false },
      requestedModel: 'auto',
      inputTokensEstimate: 1,
    },
    {},
  )

test('texts are kept only where it is permitted, for a verdict of this gate', () => {
  const place = { destination: 'vault', origin: 'vault:local' }
  const permissive = createGate(
    () => policy,
    () => catalogueOf([cloud]),
    ({ class: of }) => of === 'public',
  )
  const facts = {
    tenant: 'default',
    label: { class: 'public', categories: [], undetermined: false },
    requestedModel: 'auto',
    inputTokensEstimate: 1,
  } as const
  const verdict = permissive.decide(facts, {})
  const passage = permissive.keep(verdict, place, body('x'), 0)
  assert.ok(passage.ok)
  assert.ok(passage.value.open({ ...place, now: 0 }).ok)
  assert.equal(permissive.keep({ ...verdict }, place, body('x'), 0).ok, false)
  assert.equal(gate.keep(decided(), place, body('x'), 0).ok, false)
  const label = { ...facts.label, class: 'restricted' } as const
  const other = permissive.decide({ ...facts, label }, {})
  assert.equal(permissive.keep(other, place, body('x'), 0).ok, false)
})

test('a rule that forbids to keep a text forbids it wherever keeping is permitted', () => {
  const rules = [...policy.rules, { id: 'k', match: {}, duties: ['no-store'] as const }]
  const strict = policyOf({ floor: 'public', rules })
  const keeper = createGate(
    () => strict,
    () => catalogueOf([cloud]),
    () => true,
  )
  const { label } = decided()
  const facts = { tenant: 'default', label, requestedModel: 'auto', inputTokensEstimate: 1 }
  const verdict = keeper.decide(facts, {})
  assert.equal(verdict.duties.noStore, true)
  const place = { destination: 'vault', origin: 'vault:local' }
  assert.equal(keeper.keep(verdict, place, body('x'), 0).ok, false)
})

function issued() {
  const verdict = decided()
  assert.ok(verdict.chosen)
  const passage = gate.issue(verdict, verdict.chosen, body('text'), 1_000)
  assert.ok(passage.ok)
  return passage.value
}
const exit = { destination: 'cloud', origin: originOf(cloud), now: 1_000 }

test('a passage opens once, for its destination and origin, before it expires', () => {
  const opened = issued().open(exit)
  assert.ok(opened.ok)
  assert.deepEqual(opened.value, body('text'))
  const twice = issued()
  twice.open(exit)
  for (const refused of [
    twice.open(exit),
    issued().open({ ...exit, destination: 'other' }),
    issued().open({ ...exit, origin: 'https://evil.test' }),
    issued().open({ ...exit, now: 1_000 + 60_001 }),
  ]) {
    assert.deepEqual(refused, { ok: false, error: { code: 'passage-refused' } })
  }
})

test('a failed opening spends the passage', () => {
  const passage = issued()
  passage.open({ ...exit, origin: 'https://evil.test' })
  assert.equal(passage.open(exit).ok, false)
})

test('a verdict that this gate did not give issues nothing', () => {
  const verdict = decided()
  assert.ok(verdict.chosen)
  const copied: Verdict = { ...verdict }
  assert.equal(gate.issue(copied, verdict.chosen, body('x'), 0).ok, false)
})

test('a choice that is not in the verdict issues nothing', () => {
  const verdict = decided()
  assert.ok(verdict.chosen)
  const other = { ...verdict.chosen, destination: { ...cloud, id: 'other' } }
  assert.equal(gate.issue(verdict, other, body('x'), 0).ok, false)
})

test('a verdict cannot be widened after it was given', () => {
  const verdict = decided()
  assert.throws(
    () => Reflect.apply(Array.prototype.push, verdict.allowed, [verdict.chosen]),
    TypeError,
  )
})

test('a passage is never serialised', () => {
  assert.throws(() => JSON.stringify({ passage: issued() }), TypeError)
})
