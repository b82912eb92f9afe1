import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DETECTORS, literalGroups } from '../detectors/list.ts'
import { foldLiteral } from './automaton.ts'
import { buildLexicon, type Standing } from './lexicon.ts'
import { sweep } from './sweep.ts'
import { unitsOf } from './units.ts'

const find = (text: string, standing: Standing, ...words: readonly string[]): readonly string[] => {
  const lexicon = buildLexicon([{ name: 'g', standing, words }])
  const hits = sweep(text, lexicon, unitsOf(text)).hits.get('g')
  return hits?.starts.map((start, i) => text.slice(start, hits.ends[i])) ?? []
}

test('case, accents, apostrophes and kinds of space are one', () => {
  assert.deepEqual(find('N° SÉCU', 'word', 'n° sécu'), ['N° SÉCU'])
  assert.deepEqual(find('mot\u00A0de\n  passe', 'word', 'mot de passe'), ['mot\u00A0de\n  passe'])
  assert.deepEqual(find('carte d’identite', 'word', "carte d'identité"), ['carte d’identite'])
  assert.deepEqual(find('SŒUR soeur', 'word', 'soeur'), ['SŒUR', 'soeur'])
})

test('words of the Greek and Cyrillic alphabets are told apart, case and accents are one', () => {
  assert.deepEqual(find('ΑΦΜ, Διαβατήριο', 'word', 'αφμ', 'διαβατηριο'), ['ΑΦΜ', 'Διαβατήριο'])
  assert.deepEqual(find('Паспорт и пароль', 'word', 'паспорт'), ['Паспорт'])
  assert.deepEqual(find('пасмурно, ξένος', 'part', 'паспорт', 'ξύλο'), [])
})

test('a word is never part of a word', () => {
  assert.deepEqual(find('public policy duplicate', 'word', 'lic'), [])
  assert.deepEqual(find('siren_client', 'word', 'siren'), ['siren'])
})

test('a stem takes an ending and no more', () => {
  assert.deepEqual(find('condamnée condamnation', 'stem', 'condamné'), ['condamnée'])
})

test('finds exactly what a search for each word finds', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 })
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-'), maxLength: 60 })
  fc.assert(
    fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 6 }), text, (words, haystack) => {
      const expected = words.flatMap((one) =>
        Array.from({ length: haystack.length }, (_, i) => i).flatMap((i) =>
          haystack.startsWith(one, i) ? [one] : [],
        ),
      )
      assert.deepEqual(find(haystack, 'part', ...words).toSorted(), expected.toSorted())
    }),
  )
})

test('every keyword is written in letters that the literal pass can tell apart', () => {
  // the others fold to one symbol and would match each other: one ø in a long word is harmless, a Chinese word is not
  for (const { words } of literalGroups(DETECTORS).filter(({ standing }) => standing !== 'part')) {
    for (const word of words) {
      const unknown = foldLiteral(word).filter((symbol) => symbol === 0).length
      assert.ok(unknown <= Math.max(1, word.length / 4), word)
    }
  }
})
