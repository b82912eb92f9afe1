import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { documentOf, meaning, opened, ownFindings } from './own-terms.fixture.ts'
import { EMPTY_DATA } from './own-terms.ts'
import { encodeOwn, decodeOwn } from './encode.ts'
import { registerDocument, withoutDocument } from './register-document.ts'

/** Prose of made-up words: nothing of it stands anywhere else. */
function proseOf(seed: number, words: number): readonly string[] {
  const syllables = 'ba cor di fen gal hu jo ka lor min nas ol pra que ru ste tan ul vir zem'.split(
    ' ',
  )
  let state = seed
  const draw = (): string => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return syllables[(state >>> 12) % syllables.length] ?? 'ba'
  }
  return Array.from({ length: words }, (_, i) => draw() + draw() + (i % 3 === 0 ? draw() : ''))
}

const WORDS = proseOf(1, 1_500)
const own = documentOf(
  WORDS.join(' '),
  meaning('plan', { class: 'restricted', owner: 'Direction' }),
)

/** Changes at most one word in twelve, and punctuation, case and line breaks as they come. */
const edited = (words: readonly string[], seed: number): string =>
  words
    .map((word, i) => {
      if (i % 12 === seed % 12) return seed % 3 === 0 ? '' : 'autre'
      return i % 7 === 0 ? `${word.toUpperCase()},` : i % 11 === 0 ? `${word}\n` : word
    })
    .join(' ')

describe('a registered document', () => {
  test('is recognised by a passage of forty words inside other prose, edited lightly', () => {
    fc.assert(
      fc.property(
        fc.nat(1_400),
        fc.integer({ min: 40, max: 100 }),
        fc.nat(1_000),
        (from, length, seed) => {
          const passage = edited(WORDS.slice(from, from + length), seed)
          // the words next to the passage stand nowhere in the document
          const before = `${proseOf(seed + 7, 60).join(' ')} avant. `
          const text = `${before}${passage} ensuite ${proseOf(seed + 9, 60).join(' ')}`
          const findings = ownFindings(own, text)
          assert.equal(findings.length, 1, passage)
          const [finding] = findings
          assert.equal(finding?.type, 'COMPANY_DOCUMENT')
          assert.equal(finding?.rule, 'own-plan')
          const start = finding?.start ?? 0
          const end = finding?.end ?? 0
          assert.ok(start >= before.length && end <= before.length + passage.length)
          assert.ok(end - start >= passage.length / 3)
        },
      ),
      { numRuns: 300, examples: [[1_398, 40, 980]] },
    )
  })

  test('is not recognised in other prose, nor by a phrase', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 100_000 }), (seed) => {
        assert.deepEqual(ownFindings(own, proseOf(seed, 800).join(' ')), [])
      }),
      { numRuns: 60 },
    )
    assert.deepEqual(
      ownFindings(own, `on lit : ${WORDS.slice(100, 106).join(' ')}, et c'est tout`),
      [],
    )
  })

  test('that shares its text with others is found with the highest class', () => {
    let data = EMPTY_DATA
    for (let i = 0; i < 12; i++)
      data = documentOf(
        WORDS.join(' '),
        meaning(`copy-${i}`, { class: i === 11 ? 'restricted' : 'internal' }),
        data,
      ).data
    const rules = ownFindings(opened(data), WORDS.slice(0, 60).join(' ')).map(({ rule }) => rule)
    assert.ok(rules.includes('own-copy-11'))
    assert.ok(rules.length <= 8)
  })

  test('replaces what had its name, is forgotten alone, and survives writing and reading', () => {
    const other = proseOf(50, 200)
    const two = documentOf(other.join(' '), meaning('other'), own.data)
    const read = decodeOwn(encodeOwn(two.data))
    assert.deepEqual(read, two.data)
    const rest = opened(withoutDocument(two.data, 'plan'))
    assert.deepEqual(ownFindings(rest, WORDS.slice(0, 80).join(' ')), [])
    assert.equal(ownFindings(rest, other.slice(0, 80).join(' ')).length, 1)
    const replaced = documentOf(other.join(' '), meaning('plan'), own.data)
    assert.equal(replaced.data.documents.length, 1)
    assert.deepEqual(ownFindings(replaced, WORDS.slice(0, 80).join(' ')), [])
  })

  test('too short to be told from others is refused', () => {
    const refused = registerDocument(opened(EMPTY_DATA), meaning('note'), 'trois mots seulement')
    assert.deepEqual(refused, { ok: false, error: 'document-too-short' })
  })

  test('leaves none of its words in what is kept', () => {
    const bytes = Buffer.from(encodeOwn(own.data))
    for (const word of WORDS.filter(({ length }) => length >= 5))
      assert.equal(bytes.indexOf(word), -1)
  })
})
