import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Destination } from '#kernel/destination.ts'
import type { Facts } from '#kernel/verdict.ts'
import { readCondition, variablesOf } from './condition.ts'
import { decide } from './decide.ts'
import { catalogueOf, policyOf } from './document.ts'

const facts: Facts = {
  tenant: 'default',
  label: { class: 'confidential', categories: ['hr'], undetermined: false },
  requestedModel: 'auto',
  caller: { key: 'k', team: 'hr' },
  findings: { IBAN_CODE: 2 },
  inputTokensEstimate: 1_200,
}

test('a condition sees the size, the label, the caller and the counts, and what is absent is empty', () => {
  for (const [text, expected] of [
    ['request.tokens > 1000', true],
    ['label.rank >= 2 && "hr" in label.categories', true],
    ['caller.team == "hr" && caller.application == ""', true],
    ['findings.count("IBAN_CODE") == 2 && findings.count("NONE") == 0', true],
    ['request.model.startsWith("gpt")', false],
  ] as const) {
    const read = readCondition(text)
    assert.ok(read.ok, text)
    assert.equal(read.value(variablesOf(facts)), expected, text)
  }
})

test('what is no yes or no, names nothing known, or could take for ever is refused with the reason', () => {
  for (const text of [
    'request.tokens',
    'request.token > 1',
    'nothing == 1',
    'caller.team + 1 == 2',
    'request.model.matches("(a+)+$")',
    'request.model . matches ("a")',
    '((((',
    '',
    `${'['.repeat(60)}1${']'.repeat(60)} == []`,
  ]) {
    const read = readCondition(text)
    assert.ok(!read.ok, text)
    assert.notEqual(read.error.reason, '')
  }
})

test('a condition that fails when it is asked binds its rule and opens nothing', () => {
  const outside: Destination = {
    id: 'outside',
    dialect: 'openai',
    address: { kind: 'url', baseUrl: 'https://o.test/v1' },
    zone: 'managed',
    jurisdiction: 'FR',
    clearance: 'restricted',
    state: 'enabled',
    origin: 'config',
    models: [{ name: 'm', upstream: 'm' }],
  }
  const rules = [
    {
      id: 'fails',
      match: { classes: ['confidential' as const] },
      when: 'findings["NONE"] > 1',
      allow: { zones: ['managed' as const] },
    },
  ]
  const verdict = decide(facts, policyOf({ floor: 'public', rules }), catalogueOf([outside]), {})
  assert.equal(verdict.chosen, null)
  assert.equal(verdict.refused[0]?.code, 'class-not-mentioned')
})
