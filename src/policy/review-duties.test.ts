import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Destination } from '#kernel/destination.ts'
import { catalogueOf, policyOf } from './document.ts'
import { reviewPolicy } from './review.ts'
import type { Contradiction } from './review-duties.ts'
import type { PolicyRule } from './rule.ts'

const place = (id: string, fields: Partial<Destination> = {}): Destination => ({
  id,
  dialect: 'openai',
  address: { kind: 'url', baseUrl: `https://${id}.test/v1` },
  zone: 'managed',
  jurisdiction: 'FR',
  clearance: 'restricted',
  state: 'enabled',
  origin: 'config',
  models: [{ name: `${id}-m`, upstream: id }],
  ...fields,
})
const catalogue = catalogueOf([
  place('home', { zone: 'on-prem' }),
  place('cloud'),
  place('judge', { models: [{ name: 'judge', upstream: 'j' }], clearance: 'internal' }),
])
const STANDING: readonly PolicyRule[] = [
  { id: 'high', match: { classes: ['confidential', 'restricted'] }, allow: { zones: ['on-prem'] } },
  {
    id: 'low',
    match: { classes: ['public', 'internal'] },
    allow: { zones: ['on-prem', 'managed'] },
  },
]

const CODES: ReadonlySet<string> = new Set<Contradiction['code']>([
  'rules-contradict',
  'review-not-kept',
  'hosts-disjoint',
  'judge-unknown',
  'judge-not-cleared',
  'answers-without-text',
  'mask-never-used',
])

const found = (...rules: readonly PolicyRule[]) =>
  reviewPolicy(policyOf({ floor: 'public', rules: [...STANDING, ...rules] }), catalogue, [
    'FR',
  ]).filter(({ code }) => CODES.has(code))

test('rules that leave nothing together are told, and those that leave something are not', () => {
  assert.deepEqual(found(), [])
  assert.deepEqual(
    found(
      { id: 'only-cloud', match: { teams: ['hr'] }, allow: { destinations: ['cloud'] } },
      { id: 'no-cloud', match: {}, deny: { destinations: ['cloud'] } },
    ),
    [{ code: 'rules-contradict', rule: 'only-cloud', beside: 'no-cloud' }],
  )
  assert.deepEqual(
    found(
      { id: 'only-cloud', match: { teams: ['hr'] }, allow: { destinations: ['cloud'] } },
      { id: 'no-judge', match: {}, deny: { destinations: ['judge'] } },
    ),
    [],
  )
})

test('duties that cannot both be kept are told', () => {
  assert.deepEqual(
    found(
      { id: 'read', match: { teams: ['hr'] }, duties: ['review'] },
      { id: 'forget', match: {}, duties: ['no-store'] },
    ),
    [{ code: 'review-not-kept', rule: 'read', beside: 'forget' }],
  )
  assert.deepEqual(
    found(
      { id: 'a', match: {}, answers: { links: 'cut', hosts: ['*.example.org'] } },
      { id: 'b', match: {}, answers: { links: 'cut', hosts: ['example.com'] } },
    ),
    [{ code: 'hosts-disjoint', rule: 'b', beside: 'a' }],
  )
  assert.deepEqual(
    found(
      { id: 'a', match: {}, answers: { links: 'cut', hosts: ['*.example.org'] } },
      { id: 'b', match: {}, answers: { links: 'cut', hosts: ['docs.example.org'] } },
    ),
    [],
  )
})

test('duties that no destination can keep are told', () => {
  assert.deepEqual(found({ id: 'judged', match: {}, opinion: { model: 'nobody' } }), [
    { code: 'judge-unknown', rule: 'judged', model: 'nobody' },
  ])
  assert.deepEqual(found({ id: 'judged', match: {}, opinion: { model: 'judge' } }), [
    {
      code: 'judge-not-cleared',
      rule: 'judged',
      model: 'judge',
      classes: ['confidential', 'restricted'],
    },
  ])
  const low = { classes: ['internal'] } as const
  assert.deepEqual(found({ id: 'judged', match: low, opinion: { model: 'judge' } }), [])
  const surfaces = ['openai-embeddings', 'rerank']
  assert.deepEqual(found({ id: 'read', match: { surfaces }, answers: { secrets: 'mask' } }), [
    { code: 'answers-without-text', rule: 'read', surfaces },
  ])
  assert.deepEqual(
    found({
      id: 'masks',
      match: { classes: ['restricted'] },
      mask: { types: ['PERSON'], zones: ['managed'] },
    }),
    [],
  )
  assert.deepEqual(
    found(
      { id: 'masks', match: { teams: ['hr'] }, mask: { types: ['PERSON'], zones: ['managed'] } },
      { id: 'stay', match: { teams: ['hr'] }, allow: { zones: ['on-prem'] } },
    ),
    [{ code: 'mask-never-used', rule: 'masks', zones: ['managed'] }],
  )
})
