import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  ANSWER_ACTIONS,
  ANSWER_KINDS,
  DUTY_NAMES,
  maskFor,
  NO_DUTIES,
  NO_OPINION_ACTIONS,
  OPINION_ACTIONS,
  OPINION_STYLES,
  stricterOf,
} from '#kernel/duties.ts'
import type { Facts } from '#kernel/verdict.ts'
import { decide } from './decide.ts'
import { catalogueOf, policyOf } from './document.ts'
import { dutyViews } from './explain-duties.ts'
import type { PolicyRule, RuleDisclosure } from './rule.ts'
import { dutiesOf } from './rule-duties.ts'

const facts: Facts = {
  tenant: 'default',
  label: { class: 'internal', categories: [], undetermined: false },
  requestedModel: 'auto',
  caller: { key: 'k', team: 'hr' },
  findings: { PERSON: 3 },
  inputTokensEstimate: 10,
}
const nowhere = catalogueOf([])
const dutiesFor = (rules: readonly PolicyRule[], changed: Partial<Facts> = {}) =>
  decide({ ...facts, ...changed }, policyOf({ floor: 'public', rules }), nowhere, {}).duties

const ruleOf = fc.record<PolicyRule>(
  {
    id: fc.constant('r'),
    match: fc.constant({}),
    mask: fc.record({
      types: fc.uniqueArray(fc.constantFrom('PERSON', 'IBAN_CODE', 'EMAIL_ADDRESS')),
      zones: fc.uniqueArray(fc.constantFrom('managed', 'api', 'on-prem'), { minLength: 1 }),
      style: fc.constantFrom('placeholder', 'fake', undefined),
    }),
    answers: fc.dictionary(fc.constantFrom(...ANSWER_KINDS), fc.constantFrom(...ANSWER_ACTIONS)),
    duties: fc.uniqueArray(fc.constantFrom(...DUTY_NAMES)),
    opinion: fc.record(
      {
        model: fc.constantFrom('judge', 'guard'),
        style: fc.constantFrom(...OPINION_STYLES),
        onNo: fc.constantFrom(...OPINION_ACTIONS),
        onError: fc.constantFrom(...NO_OPINION_ACTIONS),
        withinMs: fc.integer({ min: 100, max: 60_000 }),
      },
      { requiredKeys: ['model'] },
    ),
    disclose: fc.constantFrom<RuleDisclosure[]>(
      'header',
      'text',
      { en: 'By a machine.' },
      { fr: 'Par une machine.' },
    ),
  },
  { requiredKeys: ['id', 'match'] },
)

test('the order of rules never matters to duties, a rule twice asks no more, and one more never asks less', () => {
  fc.assert(
    fc.property(fc.array(ruleOf, { maxLength: 6 }), ruleOf, (rules, more) => {
      const duties = dutiesOf(rules)
      assert.deepEqual(dutiesOf(rules.toReversed()), duties)
      assert.deepEqual(dutiesOf([...rules, ...rules]), duties)
      const stricter = dutiesOf([...rules, more])
      for (const kind of ANSWER_KINDS) {
        const [before, after] = [duties.answers[kind], stricter.answers[kind]]
        assert.ok(ANSWER_ACTIONS.indexOf(after) >= ANSWER_ACTIONS.indexOf(before))
      }
      for (const name of ['noStore', 'noCache', 'disclose', 'review'] as const)
        assert.ok(stricter[name] || !duties[name])
      for (const asked of duties.opinions.filter(({ model }) => model !== 'none')) {
        const same = stricter.opinions.find(
          ({ model, style, prompt }) =>
            model === asked.model && style === asked.style && prompt === asked.prompt,
        )
        assert.ok(same && same.withinMs <= asked.withinMs)
        assert.equal(stricterOf(OPINION_ACTIONS, same.onNo, asked.onNo), same.onNo)
        assert.equal(stricterOf(NO_OPINION_ACTIONS, same.onError, asked.onError), same.onError)
      }
      for (const notice of duties.notices)
        assert.ok(stricter.notices.some((one) => one.en === notice.en && one.fr === notice.fr))
      const before = maskFor(duties, 'api')
      const after = maskFor(stricter, 'api')
      for (const type of before?.types ?? []) assert.ok(after?.types.includes(type))
    }),
  )
})

test('only the rules that speak of a request ask anything of it', () => {
  const rules: readonly PolicyRule[] = [
    { id: 'hr', match: { teams: ['hr'] }, duties: ['no-store'] },
    { id: 'sales', match: { teams: ['sales'] }, duties: ['review'] },
    { id: 'many', match: {}, when: 'findings.count("PERSON") > 2', answers: { links: 'cut' } },
  ]
  const asked = dutiesFor(rules)
  assert.equal(asked.noStore, true)
  assert.equal(asked.review, false)
  assert.equal(asked.answers.links, 'cut')
  assert.equal(dutiesFor(rules, { caller: { key: 'k' }, findings: {} }), NO_DUTIES)
})

test('a condition that fails when it is asked leaves its duties in force', () => {
  const rules: readonly PolicyRule[] = [
    { id: 'broken', match: {}, when: '1 / (request.tokens - 10) > 0', duties: ['no-cache'] },
  ]
  assert.equal(dutiesFor(rules).noCache, true)
})

test('two masks of one zone are one mask, the stricter of both; another zone is not touched', () => {
  const duties = dutiesFor([
    { id: 'a', match: {}, mask: { types: ['PERSON'], style: 'fake' } },
    { id: 'b', match: {}, mask: { categories: ['health'], zones: ['api'] } },
  ])
  assert.deepEqual(maskFor(duties, 'api'), {
    types: ['PERSON'],
    categories: ['health'],
    zones: ['api'],
    style: 'placeholder',
    tools: [],
  })
  assert.equal(maskFor(duties, 'managed')?.style, 'fake')
  assert.equal(maskFor(duties, 'on-prem'), null)
})

test('a policy without duties asks nothing and keeps the digest it always had', () => {
  const rules: readonly PolicyRule[] = [
    { id: 'home', match: { classes: ['internal'] }, allow: { zones: ['device'] } },
  ]
  assert.equal(dutiesFor(rules), NO_DUTIES)
  // SHA-256 over {"floor":"public","rules":[{"allow":{"zones":["device"]},"id":"home","match":{"classes":["internal"]}}]}
  assert.equal(policyOf({ floor: 'public', rules }).version, '4b1248aabdb5d6e5')
})

test('every duty is told in both languages, and none where nothing is asked', () => {
  const duties = dutiesOf([
    {
      id: 'all',
      match: {},
      mask: { types: ['PERSON'] },
      answers: { secrets: 'mask', links: 'refuse' },
      duties: DUTY_NAMES,
      opinion: { model: 'judge', onNo: 'mark' },
    },
  ])
  for (const language of ['en', 'fr'] as const) {
    const views = dutyViews(duties, language)
    assert.deepEqual(
      views.map(({ kind }) => kind),
      ['mask', 'answers', ...DUTY_NAMES],
    )
    for (const { explanation } of views) assert.match(explanation, /\.$/)
  }
  assert.deepEqual(dutyViews(NO_DUTIES, 'en'), [])
})
