import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Decision, DecisionFilter } from '../../../api/decisions.ts'
import { matches, pagesAfter } from './decision-pages.ts'

const row = (id: string, over: Partial<Decision> = {}): Decision => ({
  id,
  at: 1,
  surface: 'openai-chat',
  key: 'k',
  model: 'auto',
  class: 'public',
  categories: [],
  undetermined: false,
  findings: {},
  destination: 'cloud',
  served: 'm',
  zone: 'managed',
  refusal: null,
  outcome: null,
  ...over,
})
const all: DecisionFilter = { class: null, destination: null, refused: false }
const pages = [
  { decisions: [row('b')], next: 'b' },
  { decisions: [row('a')], next: null },
]
const outcome = { status: 'answered', totalMs: 5 } as const

test('a new decision stands on top, and the place to read on from does not move', () => {
  const after = pagesAfter(pages, { kind: 'decision', decision: row('c') }, all)
  assert.deepEqual(
    after.map((page) => page.decisions.map(({ id }) => id)),
    [['c', 'b'], ['a']],
  )
  assert.deepEqual(
    after.map(({ next }) => next),
    ['b', null],
  )
})

test('a decision told twice stands once, and keeps the outcome it had', () => {
  const known = pagesAfter(pages, { kind: 'outcome', decision: 'b', outcome }, all)
  const after = pagesAfter(known, { kind: 'decision', decision: row('b') }, all)
  assert.deepEqual(
    after.flatMap((page) => page.decisions.map(({ id }) => id)),
    ['b', 'a'],
  )
  assert.deepEqual(after[0]?.decisions[0]?.outcome, outcome)
})

test('an outcome reaches its row on any page; one of an unknown decision changes nothing', () => {
  const after = pagesAfter(pages, { kind: 'outcome', decision: 'a', outcome }, all)
  assert.deepEqual(after[1]?.decisions[0]?.outcome, outcome)
  assert.equal(pagesAfter(pages, { kind: 'outcome', decision: 'z', outcome }, all), pages)
})

test('a live decision that the filter leaves out does not appear', () => {
  const refusedOnly = { ...all, refused: true }
  assert.equal(pagesAfter(pages, { kind: 'decision', decision: row('c') }, refusedOnly), pages)
  assert.ok(matches(row('c', { refusal: 'no-eligible-destination' }), refusedOnly))
  assert.equal(matches(row('c'), { ...all, class: 'restricted' }), false)
  assert.equal(matches(row('c'), { ...all, destination: 'embedded' }), false)
})
