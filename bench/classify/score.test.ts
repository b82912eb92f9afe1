import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonical, GROUPS } from './canonical.ts'
import { scoreLabels } from './labels.ts'
import type { Prediction, Row, Span } from './row.ts'
import { anyType, falseAlarms, score, together, typed } from './score.ts'

const span = (start: number, end: number, type: string): Span => ({ start, end, type })
const row = (id: string, spans: readonly Span[], more: Partial<Row> = {}): Row => ({
  id,
  text: 'x'.repeat(100),
  spans,
  lang: 'fr',
  set: 's',
  family: 'pii',
  ...more,
})
const predicted = (...all: readonly Prediction[]): ReadonlyMap<string, Prediction> =>
  new Map(all.map((one) => [one.id, one]))

test('one shared character is a hit, a neighbour is not, and the type counts where it is asked for', () => {
  const rows = [row('a', [span(0, 10, 'IBAN'), span(20, 30, 'FR_NIR'), span(40, 50, 'EMAIL')])]
  const found = predicted({
    id: 'a',
    spans: [span(9, 12, 'IBAN_CODE'), span(20, 30, 'CREDIT_CARD'), span(50, 60, 'EMAIL_ADDRESS')],
  })
  const { total, byType } = score(rows, found, GROUPS.all)
  assert.deepEqual(typed(total), { precision: 1 / 3, recall: 1 / 3, f1: 1 / 3 })
  assert.deepEqual(anyType(total), { precision: 2 / 3, recall: 2 / 3, f1: 2 / 3 })
  assert.equal(byType.get('IBAN_CODE')?.hitTyped, 1)
  assert.equal(byType.get('CREDIT_CARD')?.gold, 0)
})

test('two findings in one thing are both right, and one finding over two things finds both', () => {
  const rows = [
    row('a', [span(0, 20, 'PERSON')]),
    row('b', [span(0, 5, 'PERSON'), span(6, 9, 'PERSON')]),
  ]
  const found = predicted(
    { id: 'a', spans: [span(0, 5, 'PERSON'), span(6, 20, 'PERSON')] },
    { id: 'b', spans: [span(0, 9, 'PERSON')] },
  )
  assert.deepEqual(typed(score(rows, found, GROUPS.all).total), { precision: 1, recall: 1, f1: 1 })
})

test('a row without prediction counts as nothing found, and types that do not count are left out of both sides', () => {
  const rows = [
    row('a', [span(0, 5, 'PERSON'), span(6, 9, 'SECRET')]),
    row('b', [span(0, 5, 'TOKEN')]),
  ]
  const found = predicted({ id: 'a', spans: [span(0, 5, 'PERSON'), span(6, 9, 'JWT')] })
  const { total } = score(rows, found, GROUPS.secrets)
  assert.deepEqual(total, { gold: 2, found: 1, hitAny: 1, hitTyped: 1, rightAny: 1, rightTyped: 1 })
})

test('tallies of families add up by type, language and corpus', () => {
  const one = score([row('a', [span(0, 5, 'PERSON')])], predicted(), GROUPS.all)
  const other = score([row('b', [span(0, 5, 'PERSON')], { lang: 'en' })], predicted(), GROUPS.all)
  const { total, byType, byLanguage } = together([one, other])
  assert.deepEqual([total.gold, byType.get('PERSON')?.gold], [2, 2])
  assert.deepEqual([...byLanguage.keys()], ['fr', 'en'])
})

test('a clean document is hit once however often, and names are no identifiers', () => {
  const rows = [row('a', []), row('b', []), row('c', [])]
  const found = predicted(
    { id: 'a', spans: [span(0, 5, 'PERSON'), span(6, 9, 'PERSON')] },
    { id: 'b', spans: [span(0, 5, 'IBAN')] },
  )
  const { rows: all, hit } = falseAlarms(rows, found, GROUPS.all)
  assert.deepEqual([all, hit], [3, 2])
  assert.equal(falseAlarms(rows, found, GROUPS.structured).hit, 1)
})

test('a class below the one a text has is too low, a text without a class counts as public', () => {
  const rows = ['public', 'internal', 'restricted', 'confidential'].map((label, at) =>
    row(String(at), [], { label }),
  )
  const labelled = ['public', 'public', 'restricted'].map((label, at) => ({
    id: String(at),
    spans: [],
    label,
  }))
  assert.deepEqual(scoreLabels(rows, predicted(...labelled)), {
    rows: 4,
    accuracy: 0.5,
    under: 0.5,
    over: 0,
  })
  assert.equal(scoreLabels(rows, predicted()), null)
})

test('names of other tools for the same thing have one name', () => {
  assert.equal(canonical('iban'), 'IBAN_CODE')
  assert.equal(canonical('first-name'), 'PERSON')
  assert.equal(canonical('US_SSN'), 'US_SSN')
})
