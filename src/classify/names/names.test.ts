import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import {
  COMMON_FIRST,
  COMMON_LAST,
  FIRST,
  kindsOf,
  LAST,
  ORDINARY,
  PLACE,
  wordId,
} from './gazetteer.ts'
import sources from './sources.json' with { type: 'json' }

const kinds = (word: string): number => kindsOf(word, 0, word.length)

describe('the gazetteer', () => {
  for (const [word, kind] of [
    ['Amélie', COMMON_FIRST],
    ['MAMADOU', COMMON_FIRST],
    ['Yasmine', COMMON_FIRST],
    ['Siobhán', FIRST],
    ['Giuseppe', COMMON_FIRST],
    ['Jürgen', COMMON_FIRST],
    ['Lefebvre', COMMON_LAST],
    ['García', COMMON_LAST],
    ['Okonkwo', LAST],
    ['Saint-Étienne', PLACE],
    ['saint etienne', PLACE],
    ['Allemagne', PLACE],
    ['Rose', ORDINARY],
  ] as const) {
    test(`knows ${word}, whatever its case and accents`, () => {
      assert.notEqual(kinds(word) & kind, 0)
      assert.equal(kinds(word.toLowerCase()), kinds(word))
      assert.equal(kinds(word.toUpperCase()), kinds(word))
    })
  }

  test('does not know what is in no list', () => {
    for (const word of ['Xqzvw', 'Brrt', 'Ilbazarde', 'Q', '']) assert.equal(kinds(word), 0, word)
  })

  test('a very common first name is a name before it is a word', () => {
    for (const word of ['Julien', 'Marc', 'John', 'Anna']) assert.equal(kinds(word) & ORDINARY, 0)
  })

  test('reads the word asked for, not its neighbours', () => {
    const text = 'par Amélie Lefebvre hier'
    assert.equal(kindsOf(text, 4, 10), kinds('amelie'))
    assert.equal(wordId(text, 4, 10), wordId('AMELIE', 0, 6))
    assert.notEqual(wordId(text, 4, 10), wordId(text, 11, 19))
  })
})

describe('the compiled lists', () => {
  for (const [file, digest] of Object.entries(sources.files)) {
    test(`${file} is the one whose sources are recorded`, () => {
      const bytes = readFileSync(join(import.meta.dirname, file))
      assert.equal(createHash('sha256').update(bytes).digest('hex'), digest)
    })
  }

  test('every source has a licence, an address and a day', () => {
    for (const source of sources.sources) {
      assert.match(source.package, /^(?:npm|pypi):.+@\d/)
      assert.match(source.licence, /MIT|PDDL|CC0|CC-BY/)
      assert.match(source.source, /^https:/)
      assert.match(source.retrieved, /^\d{4}-\d{2}-\d{2}$/)
    }
  })
})
