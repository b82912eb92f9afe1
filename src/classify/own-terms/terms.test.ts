import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createClassifier } from '../classify.ts'
import { explainFinding } from '../explain.ts'
import { scannerOf, scanText } from '../scan-text.ts'
import { buildLexicon } from '../scan/lexicon.ts'
import { Steps } from '../scan/steps.ts'
import { addTerms, removeTerm } from './add-terms.ts'
import { ownTermsDetector } from './detect-own.ts'
import { putList, withoutList } from './edit-own.ts'
import { decodeOwn, encodeOwn } from './encode.ts'
import { listOf, meaning, opened, ownFindings, testDigest } from './own-terms.fixture.ts'
import { EMPTY_DATA, openOwnTerms } from './own-terms.ts'
import { spellingsOf } from './spellings.ts'

const TERMS = [
  'Projet Aurore',
  'Vermillon',
  'ACME-4200',
  'Société Générique du Canal',
  '北極星計画',
]
const own = listOf(TERMS)
/** Other scripts in base64 are not looked into. */
const LATIN = TERMS.filter((term) => /[a-z]/i.test(term))
const PROSE = 'Le comité a relu la note pendant la matinée. The team kept three ideas for later.'
const around = fc.constantFrom('', ' ', PROSE + ' ', '« ', '(', '\n- ', 'l’', '"', '**', '#', '\t')
const after = fc.constantFrom('', ' ', ' ' + PROSE, ' »', ')', '\n', ', ', '.', '"', '**', "'s")

/** Ways to write the same. */
const FORMS: Readonly<Record<string, (term: string) => string>> = {
  'as it is': (term) => term,
  'in capitals': (term) => term.toUpperCase(),
  'in small letters': (term) => term.toLowerCase(),
  'without accents': (term) => term.normalize('NFD').replaceAll(/\p{M}/gu, ''),
  decomposed: (term) => term.normalize('NFD'),
  'with zero-width signs': (term) => Array.from(term).join('\u200b'),
  'with soft hyphens': (term) => Array.from(term).join('\u00ad'),
  'full width': (term) =>
    term.replaceAll(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)),
  'with Cyrillic letters': (term) =>
    term.replaceAll('o', 'о').replaceAll('e', 'е').replaceAll('A', 'А'),
  'with hyphens': (term) => term.replaceAll(' ', '-'),
  'with underscores': (term) => term.replaceAll(' ', '_'),
  'in one word': (term) => term.replaceAll(/[ -]/g, ''),
  'across lines': (term) => term.replaceAll(' ', '\n    '),
  'with no-break spaces': (term) => term.replaceAll(' ', '\u00a0'),
  'percent-encoded': (term) => encodeURIComponent(term),
  'in HTML entities': (term) =>
    Array.from(term)
      .map((char) => `&#${char.codePointAt(0)};`)
      .join(''),
  'in base64': (term) => Buffer.from(`le dossier ${term} est ouvert`).toString('base64'),
}

describe('a term of the company', () => {
  for (const [name, write] of Object.entries(FORMS)) {
    test(`is found wherever it stands, ${name}`, () => {
      fc.assert(
        fc.property(
          around,
          fc.constantFrom(...(name === 'in base64' ? LATIN : TERMS)),
          after,
          (before, term, behind) => {
            const written = write(term)
            const text = before + written + behind
            const [finding] = ownFindings(own, text)
            assert.ok(finding, JSON.stringify(text))
            assert.equal(finding.type, 'COMPANY_TERM')
            assert.equal(finding.rule, 'own-projects')
            const isEncoded = name === 'in base64'
            if (!isEncoded) assert.equal(text.slice(finding.start, finding.end), written)
          },
        ),
      )
    })
  }

  for (const [term, inflected] of [
    ['Aurore', 'aurores'],
    ['Vermillon', "vermillon's"],
    ['Bateau Noir', 'bateaux noirs'],
    ['Journal du Quai', 'journaux du quai'],
    ['Northern Company', 'northern companies'],
    ['Launch Window', 'launches window'],
    ['Address Book', 'addresses books'],
    ['Battery', 'batteries'],
  ] as const) {
    test(`is found inflected: ${inflected}`, () => {
      assert.equal(ownFindings(listOf([term]), `about ${inflected} today`).length, 1)
      assert.equal(ownFindings(listOf([inflected]), `about ${term} today`).length, 1)
    })
  }

  test('of an exact list is found only with its own ending', () => {
    const exact = listOf(['Aurore'], 'exact')
    assert.equal(ownFindings(exact, 'une AURORE ici').length, 1)
    assert.equal(ownFindings(exact, 'des aurores ici').length, 0)
  })

  test('is not found in other words, nor across sentences or far apart', () => {
    for (const text of [
      PROSE,
      'Le vermillonnage et la projection.',
      'un projet. Aurore vient demain',
      'projet pour une aurore',
      'ACME-42001 et ACME-420',
      'Martine',
      'le projet                         aurore',
    ])
      assert.deepEqual(ownFindings(listOf([...TERMS, 'Martin']), text), [], text)
  })

  test('is found across neighbouring parts', () => {
    assert.equal(ownFindings(own, 'on parle du projet', 'aurore dès demain').length, 1)
  })

  test('raises to the class and category of its list, the highest where lists overlap', () => {
    const first = listOf(['Projet Aurore'], 'inflected', meaning('clients', { class: 'internal' }))
    const hr = meaning('plans', { class: 'restricted', category: 'hr', owner: 'Direction' })
    const both = listOf(['Aurore', 'Projet Aurore'], 'inflected', hr, first.data)
    const classify = createClassifier(undefined, null, { current: both })
    const part = { path: 'a', text: 'le Projet Aurore', kind: 'text' } as const
    const { label, findings } = classify([part], { floor: 'public' })
    assert.deepEqual(label, {
      class: 'restricted',
      categories: ['hr', 'company'],
      undetermined: false,
    })
    assert.deepEqual(findings.map(({ rule }) => rule).toSorted(), ['own-clients', 'own-plans'])
    const told = findings.map((finding) => explainFinding(finding, 'fr')).join('\n')
    assert.match(told, /de « plans » \(Direction\)/)
    assert.ok(!/aurore/i.test(told))
  })

  test('does not hide an identifier that stands in the same place', () => {
    const named = listOf(['Jean Dupont'])
    const classify = createClassifier(undefined, null, { current: named })
    const part = { path: 'a', text: 'my name is Jean Dupont', kind: 'text' } as const
    assert.deepEqual(classify([part], { floor: 'public' }).label.categories, [
      'personal',
      'company',
    ])
  })
})

describe('a fuzzy list', () => {
  const WORDS = ['Vermillon', 'Basalte', 'Concorde', 'Meridian']
  const fuzzy = listOf([...WORDS, 'Projet Basalte Noir'], 'fuzzy')

  test('finds every word of six letters and more with one edit', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...WORDS),
        fc.constantFrom('change', 'add', 'drop'),
        fc.nat(),
        fc.constantFrom(...Array.from('abcdeknorstuvwxyz')),
        (word, edit, seed, letter) => {
          const at = seed % word.length
          const kept = edit === 'add' ? word.slice(at) : word.slice(at + 1)
          const typed = word.slice(0, at) + (edit === 'drop' ? '' : letter) + kept
          const found = ownFindings(fuzzy, `le dossier ${typed} avance`)
          assert.ok(found.length > 0, typed)
        },
      ),
      { numRuns: 400 },
    )
  })

  test('finds a phrase with one edit in one of its words, and says so', () => {
    const [finding] = ownFindings(fuzzy, 'le projet basaltte noir')
    assert.ok(finding)
    assert.match(explainFinding(finding, 'en'), /but for one letter/)
    assert.equal(
      ownFindings(fuzzy, 'le projjet basaltte noir').filter(({ start }) => start === 3).length,
      0,
    )
  })

  test('does not find words two edits away, nor short words with one', () => {
    const short = listOf(['Nova', 'Atlas'], 'fuzzy')
    assert.deepEqual(ownFindings(short, 'Novi, Atlan'), [])
    assert.deepEqual(ownFindings(fuzzy, 'Vermeillion, Balsatte, Concrade'), [])
  })

  test('next to a list that is not fuzzy lends it no edits', () => {
    const strict = listOf(['Basalte'], 'inflected', meaning('strict'), fuzzy.data)
    assert.deepEqual(
      ownFindings(strict, 'le basalle').map(({ rule }) => rule),
      ['own-projects'],
    )
  })
})

describe('a list', () => {
  test('knows its terms again, refuses what says nothing, and tells places, not terms', () => {
    const added = addTerms(own, 0, [
      'projets  AURORE',
      'Nouveau',
      'le',
      '12',
      ' ',
      'x'.repeat(500),
      'pour les',
    ])
    assert.equal(added.added, 1)
    assert.equal(added.known, 1)
    assert.deepEqual(
      added.refused.map(({ index, code }) => [index, code]),
      [
        [2, 'term-too-short'],
        [3, 'term-too-short'],
        [4, 'term-empty'],
        [5, 'term-too-long'],
        [6, 'term-too-common'],
      ],
    )
    assert.equal(added.data.lists[0]?.terms, TERMS.length + 1)
  })

  test('forgets a term, and goes with all of them', () => {
    const { data, removed } = removeTerm(own, 0, 'PROJET-AURORE')
    assert.ok(removed)
    assert.deepEqual(ownFindings(opened(data), 'projet aurore, projetaurore'), [])
    assert.equal(ownFindings(opened(data), 'Vermillon').length, 1)
    assert.equal(removeTerm(opened(data), 0, 'Projet Aurore').removed, false)
    const second = listOf(['Basalte'], 'fuzzy', meaning('second'), own.data)
    const rest = opened(withoutList(second.data, 'projects'))
    assert.deepEqual(
      ownFindings(rest, 'Vermillon et basalte').map(({ rule }) => rule),
      ['own-second'],
    )
  })

  test('keeps how its terms are found while it has any', () => {
    const changed = putList(own.data, { ...meaning('projects'), match: 'exact' })
    assert.deepEqual(changed, { ok: false, error: 'match-is-fixed' })
    const raised = putList(own.data, {
      ...meaning('projects', { class: 'restricted' }),
      match: 'inflected',
    })
    assert.ok(raised.ok && raised.value.lists[0]?.class === 'restricted')
  })

  test('is the same after it was written and read, and holds nothing in clear', () => {
    const fuzzy = listOf(['Basalte', 'Meridian'], 'fuzzy', meaning('second'), own.data)
    const bytes = encodeOwn(fuzzy.data)
    const read = decodeOwn(bytes)
    assert.deepEqual(read, fuzzy.data)
    for (const term of [...TERMS, 'Basalte', 'Meridian']) {
      for (const { raw, stem } of spellingsOf(term).ok ? wordsOf(term) : []) {
        // two bytes may stand anywhere by chance
        for (const word of [term, raw, stem].filter(({ length }) => length >= 4)) {
          for (const encoding of ['utf8', 'utf16le', 'latin1'] as const)
            assert.equal(Buffer.from(bytes).indexOf(Buffer.from(word, encoding)), -1)
        }
      }
    }
  })

  test('is not read from bytes that were cut or changed', () => {
    const bytes = encodeOwn(own.data)
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (length) => {
        assert.equal(decodeOwn(bytes.subarray(0, length)), null)
      }),
    )
    assert.equal(decodeOwn(Buffer.concat([bytes, Buffer.alloc(4)])), null)
  })

  test('under another key is another list', () => {
    const other = openOwnTerms(own.data, 'one', (text) => testDigest(`other ${text}`))
    assert.ok(other)
    assert.deepEqual(ownFindings(other, TERMS.join(', ')), [])
  })
})

const wordsOf = (term: string) => {
  const spellings = spellingsOf(term)
  return spellings.ok ? spellings.value.flat() : []
}

test('what was told and cannot be read leaves every text undetermined', () => {
  const classify = createClassifier(undefined, null, { current: null })
  const { label, findings } = classify([{ path: 'a', text: PROSE, kind: 'text' }], {
    floor: 'public',
  })
  assert.deepEqual([label.class, label.undetermined], ['restricted', true])
  assert.equal(findings[0]?.rule, 'detector-failed-own-terms')
})

test('nothing told changes nothing', () => {
  const empty = openOwnTerms(EMPTY_DATA, '', testDigest)
  assert.ok(empty)
  const part = { path: 'a', text: 'mon IBAN FR7630006000011234567890189', kind: 'text' } as const
  assert.deepEqual(
    createClassifier(undefined, null, { current: empty })([part], { floor: 'public' }),
    createClassifier()([part], { floor: 'public' }),
  )
})

describe('work grows no faster than the text', () => {
  const fuzzy = listOf(['aaaaaaa aaaaaaa aaaaaaa', ...TERMS, 'a a a a a a aaa'], 'fuzzy')
  const detector = ownTermsDetector({ current: fuzzy })
  const scanner = scannerOf([detector], buildLexicon([]))
  for (const unit of [
    'aaaaaaa ',
    'a',
    'a ',
    'aaaaaa b',
    'projet aurore ',
    'projet ',
    'é',
    '北',
    '\u0301',
    'vermilon ',
  ]) {
    test(JSON.stringify(unit), () => {
      const stepsFor = (length: number): number => {
        const steps = new Steps(Number.POSITIVE_INFINITY)
        scanText(unit.repeat(Math.ceil(length / unit.length)).slice(0, length), '', scanner, steps)
        return steps.spent
      }
      const [small, large] = [stepsFor(10_000), stepsFor(100_000)]
      assert.ok(large <= 11 * small + 1_000, `${small} steps, then ${large}`)
      assert.ok(large <= 600 * 100_000, `${large / 100_000} steps per unit`)
    })
  }
})
