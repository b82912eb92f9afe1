import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { editedTable, tableOf, type ClassEdits } from './class-edits.ts'
import { createClassifier } from './classify.ts'
import { DEFAULT_CLASSES } from './data/classes.ts'

const NONE: ClassEdits = { rows: [], counts: null, combinations: null }
const classify = createClassifier()
const label = (text: string, edits: ClassEdits) =>
  classify([{ path: 'messages.0.content', text, kind: 'text' }], {
    floor: 'public',
    table: editedTable(edits),
  }).label

const row = (
  types: string,
  dataClass: 'public' | 'confidential' | 'restricted',
  rules?: string,
) => ({
  types: types.split(' '),
  class: dataClass,
  categories: ['strategy' as const],
  minConfidence: 0.5,
  ...(rules === undefined ? {} : { rules: [rules] }),
})

describe('the table of a company', () => {
  test('a row takes its types away from the default rows and leaves the others', () => {
    const edits = { ...NONE, rows: [row('EMAIL_ADDRESS', 'restricted')] }
    const raised = label('écrire à jean.dupont@acme.fr', edits)
    assert.deepEqual([raised.class, raised.categories], ['restricted', ['strategy']])
    assert.equal(label('IBAN DE89370400440532013000', edits).class, 'confidential')
    assert.equal(label('écrire à jean.dupont@acme.fr', NONE).class, 'internal')
  })

  test('it can lower as well as raise', () => {
    const edits = { ...NONE, rows: [row('INTERNAL_MATTER', 'public')] }
    const text = 'Voici le compte rendu de notre réunion.'
    assert.deepEqual([label(text, NONE).class, label(text, edits).class], ['internal', 'public'])
  })

  test('a row of one rule leaves the other rules of the type', () => {
    const edits = { ...NONE, rows: [row('DOCUMENT_MARKING', 'restricted', 'marking-confidential')] }
    assert.equal(label('CONFIDENTIEL', edits).class, 'restricted')
    assert.equal(label('TRÈS SECRET', edits).class, 'restricted')
    assert.equal(label('USAGE INTERNE', edits).class, 'internal')
  })

  test('counts and combinations replace those there were, and an empty list leaves none', () => {
    const text = 'a.b@exemple.fr, c.d@exemple.fr, e.f@exemple.fr'
    assert.equal(label(text, NONE).class, 'confidential')
    assert.equal(label(text, { ...NONE, counts: [] }).class, 'internal')
  })

  test('a version names what the table says, and nothing edited is the default itself', () => {
    const edits = { ...NONE, rows: [row('PERSON', 'restricted')] }
    assert.equal(tableOf(null), DEFAULT_CLASSES)
    assert.equal(tableOf(edits), tableOf(edits))
    assert.equal(editedTable(edits).version, editedTable({ ...edits }).version)
    assert.notEqual(editedTable(edits).version, editedTable(NONE).version)
  })
})
