import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { TYPE_FACTS } from '../src/classify/data/type-facts.ts'
import { TYPE_NAMES } from '../src/classify/data/type-names.ts'
import { DETECTORS } from '../src/classify/detectors/list.ts'
import { detectorsPage } from './detectors-page.ts'

test('docs/detectors.md is what the tables of the program say', () => {
  const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'detectors.md'), 'utf8')
  assert.equal(page, detectorsPage())
})

test('every type that a rule beside a word gives has a name in both languages', () => {
  for (const { type } of DETECTORS.flatMap(({ near }) => near ?? [])) {
    assert.ok(TYPE_NAMES[type]?.en && TYPE_NAMES[type].fr, type)
  }
})

test('every row of the page has a shape and a source, and stands once', () => {
  for (const { type, shape, keyword, source } of TYPE_FACTS) {
    assert.ok(shape && source && ['needed', 'raises', 'no'].includes(keyword), type)
  }
  assert.equal(new Set(TYPE_FACTS.map(({ type }) => type)).size, TYPE_FACTS.length)
})
