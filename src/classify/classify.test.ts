import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { classRank, type Finding } from '#kernel/label.ts'
import type { TextPart } from '#kernel/text-part.ts'
import { createClassifier, createClassifierOf } from './classify.ts'
import { DEFAULT_CLASSES } from './data/classes.ts'
import { ibanCheck } from './checks/mod97.ts'
import type { Detector } from './scan/detector.ts'

const classify = createClassifier()
const part = (text: string, path = 'messages.0.content'): TextPart => ({ path, text, kind: 'text' })
const label = (...texts: readonly string[]) =>
  classify(
    texts.map((text) => part(text)),
    { floor: 'public' },
  ).label

/** A French IBAN whose check digits are computed here. */
function iban(bban: string): string {
  for (let key = 2; key < 99; key++) {
    const candidate = `FR${String(key).padStart(2, '0')}${bban}`
    if (ibanCheck(candidate)) return candidate
  }
  throw new Error('no check digits fit')
}
const IBAN = iban('20041010050500013M02606')
const NIR = '2 85 07 75 123 045 23'
const SECRET = ['glpat', 'q7Zr2mK9xVb4Tn8LpW3c'].join('-')

describe('the default table', () => {
  for (const [text, expected] of [
    ['Quelle heure est-il ?', 'public'],
    ['Explain GDPR article 9', 'public'],
    [`Mon code : ${SECRET}`, 'restricted'],
    [`IBAN ${IBAN}`, 'confidential'],
    ['CONFIDENTIEL\nOrdre du jour', 'confidential'],
    ['TLP:AMBER, rapport', 'confidential'],
    ['DIFFUSION RESTREINTE', 'confidential'],
    ['Écris à jean.dupont@acme.fr', 'internal'],
    ['Appelle le 06 12 34 56 78', 'internal'],
    ['Camille Durand habite 12 rue de la Paix, 75002 Paris', 'internal'],
    ['Réunion avec Camille Durand, Paul Mercier et Anne Leroy', 'confidential'],
    ['Mon collègue est diabétique', 'restricted'],
    ['What is diabetes?', 'public'],
  ] as const) {
    test(`${expected}: ${text.slice(0, 50)}`, () => assert.equal(label(text).class, expected))
  }

  test('a SIREN or SIRET raises nothing', () => {
    assert.deepEqual(label('SIRET 35600000009075'), {
      class: 'public',
      categories: [],
      undetermined: false,
    })
  })

  test('a text without findings has the floor', () => {
    assert.equal(classify([part('Bonjour')], { floor: 'internal' }).label.class, 'internal')
  })

  test('the same person told three times is one person', () => {
    const text = 'Camille Durand. Camille Durand. Camille Durand.'
    assert.equal(label(text).class, 'internal')
  })

  test('persons in different parts count together', () => {
    const texts = ['Camille Durand', 'Paul Mercier', 'Anne Leroy']
    assert.equal(label(...texts).class, 'confidential')
  })

  test('four kinds of data about someone are a file on them', () => {
    const text =
      'Camille Durand, née le 12/05/1984, 06 12 34 56 78, camille@acme.fr, 12 rue de la Paix, 75002 Paris'
    assert.equal(label(text).class, 'confidential')
  })

  test('a company may replace the table', () => {
    const own = createClassifier({ ...DEFAULT_CLASSES, rows: [], counts: [], combinations: [] })
    assert.equal(own([part(`IBAN ${IBAN}`)], { floor: 'public' }).label.class, 'public')
  })
})

describe('joins', () => {
  const types = (parts: readonly TextPart[]): readonly string[] =>
    classify(parts, { floor: 'public' }).findings.map((one) => one.type)

  test('an IBAN cut over two messages is found at every cut', () => {
    for (let cut = 1; cut < IBAN.length; cut++) {
      const parts = [part(`virement ${IBAN.slice(0, cut)}`), part(`${IBAN.slice(cut)} merci`)]
      assert.ok(types(parts).includes('IBAN_CODE'), `cut at ${cut}`)
    }
  })

  test('an IBAN cut over three parts is found', () => {
    const parts = [part(IBAN.slice(0, 8)), part(IBAN.slice(8, 17)), part(IBAN.slice(17))]
    assert.ok(types(parts).includes('IBAN_CODE'))
  })

  test('a finding over a seam stands on the part that holds most of it', () => {
    const parts = [part(`IBAN ${IBAN.slice(0, 4)}`), part(`${IBAN.slice(4)} merci`)]
    const found = classify(parts, { floor: 'public' }).findings.find(
      (one) => one.type === 'IBAN_CODE',
    )
    assert.deepEqual([found?.part, found?.start, found?.end], [1, 0, IBAN.length - 4])
  })

  test('a number beside a text joins it; a key does not', () => {
    const head: TextPart = part('tél 06 12 34')
    assert.ok(types([head, { path: 'a', text: '5678', kind: 'number' }]).includes('PHONE_NUMBER'))
    assert.ok(!types([head, { path: 'a', text: '5678', kind: 'key' }]).includes('PHONE_NUMBER'))
  })

  test('a mailbox beside a seam is reported once, the neighbour stuck to it is not', () => {
    const beside: readonly (readonly [string, string, string])[] = [
      ['jean.petit', 'x@acme.fr', 'x@acme.fr'],
      ['contact the president', 'x@acme.fr', 'x@acme.fr'],
      ['Bonjour', 'contact@acme.fr', 'contact@acme.fr'],
      ['jean@acme.com', 'munity', 'jean@acme.com'],
      ['jean.petit@acme.fr', 'claire@acme.fr', 'jean.petit@acme.fr claire@acme.fr'],
    ]
    for (const [before, after, mailboxes] of beside) {
      const found = classify([part(before), part(after)], { floor: 'public' }).findings
      const texts = found.map(({ part: at, start, end }) => [before, after][at]?.slice(start, end))
      assert.equal(texts.join(' '), mailboxes)
    }
  })

  test('what is whole in a part is reported once', () => {
    const found = classify([part(`IBAN ${IBAN}`), part('merci')], { floor: 'public' }).findings
    assert.equal(found.filter((one) => one.type === 'IBAN_CODE').length, 1)
  })
})

describe('undetermined', () => {
  const broken: Detector = {
    id: 'broken',
    acrossParts: false,
    literals: [],
    find() {
      throw new Error(SECRET)
    },
  }

  test('an unreadable part makes the label undetermined and restricted', () => {
    const { label, findings } = classify([{ path: 'a', text: '', kind: 'unreadable' }], {
      floor: 'public',
    })
    assert.deepEqual([label.class, label.undetermined], ['restricted', true])
    assert.equal(findings[0]?.rule, 'unreadable-part')
  })

  test('a detector that throws makes it undetermined, and only its id is told', () => {
    const own = createClassifierOf([broken], DEFAULT_CLASSES)
    const result = own([part('Bonjour')], { floor: 'public' })
    assert.deepEqual([result.label.class, result.label.undetermined], ['restricted', true])
    assert.equal(result.findings[0]?.rule, 'detector-failed-broken')
    assert.ok(!JSON.stringify(result).includes(SECRET))
  })

  test('a spent budget makes it undetermined, and the same budget always does', () => {
    const parts = [part('Bonjour à tous, '.repeat(100))]
    const outcomes = [1, 2, 3].map(
      () => classify(parts, { floor: 'public', stepBudget: 500 }).label,
    )
    assert.ok(outcomes.every((one) => one.undetermined && one.class === 'restricted'))
    assert.equal(classify(parts, { floor: 'public', stepBudget: 1e6 }).label.undetermined, false)
  })
})

describe('hidden forms', () => {
  const places = (text: string): readonly string[] =>
    classify([part(text)], { floor: 'public' }).findings.map(
      (one) => `${one.type} ${text.slice(one.start, one.end)}`,
    )

  test('base64 and hex are decoded and the finding points at the run', () => {
    const run = Buffer.from(`virement sur ${IBAN} merci`).toString('base64')
    assert.ok(places(`voici ${run} fin`).includes(`IBAN_CODE ${run}`))
    const hex = Buffer.from(`virement sur ${IBAN} merci`).toString('hex')
    assert.ok(places(`voici ${hex} fin`).includes(`IBAN_CODE ${hex}`))
  })

  test('base64 in base64 is decoded, a third layer is not', () => {
    const layers = [1, 2, 3].map((count) => {
      let text = `virement sur ${IBAN} merci beaucoup`
      for (let i = 0; i < count; i++) text = Buffer.from(text).toString('base64')
      return places(text).some((place) => place.startsWith('IBAN_CODE'))
    })
    assert.deepEqual(layers, [true, true, false])
  })

  test('the name of a field is context', () => {
    const value = part('732829320', 'company.siren')
    assert.equal(classify([value], { floor: 'public' }).findings[0]?.type, 'FR_SIREN')
    const { label, findings } = classify([part('732829320')], { floor: 'public' })
    assert.equal(label.class, 'public')
    assert.ok(findings.every(({ type, confidence }) => type !== 'FR_SIREN' && confidence <= 0.45))
  })
})

const SAMPLES = [
  `IBAN ${IBAN}.`,
  `NIR ${NIR}.`,
  'Écrire à jean.dupont@acme.fr.',
  'Mme Le Goff est diabétique.',
  'CONFIDENTIEL.',
  `Jeton ${SECRET}.`,
  'Appeler le 06 12 34 56 78.',
] as const
const NEUTRAL = 'Le ciel était clair et la mer restait calme ce soir. '.repeat(8)
const strip = (findings: readonly Finding[], shift: number) =>
  findings.map((one) => ({ ...one, start: one.start - shift, end: one.end - shift }))

describe('properties', () => {
  test('findings do not change under neutral prose around', () => {
    for (const sample of SAMPLES) {
      const alone = classify([part(sample)], { floor: 'public' })
      const amid = classify([part(`${NEUTRAL}${sample} ${NEUTRAL}`)], { floor: 'public' })
      assert.ok(alone.findings.length > 0, sample)
      assert.deepEqual(strip(amid.findings, NEUTRAL.length), alone.findings, sample)
      assert.deepEqual(amid.label, alone.label)
    }
  })

  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 30 })
      .map((units) => String.fromCharCode(...units)),
    fc.constantFrom(
      ...SAMPLES,
      '\u0000',
      '\uD800',
      '&#x31;',
      '%41',
      '\\u0041',
      'e\u0301',
      '-----BEGIN PRIVATE KEY-----',
      '@',
      '{{',
      '06 12',
      'FR76',
    ),
  )
  const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))

  test('never throws, and offsets are within the text, on any text', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), (texts) => {
        const { findings, label } = classify(
          texts.map((one) => part(one)),
          { floor: 'public' },
        )
        assert.equal(label.undetermined, false)
        for (const { part: index, start, end, confidence } of findings) {
          const { length } = texts[index] ?? ''
          assert.ok(start >= 0 && start < end && end <= length, `${start} ${end} of ${length}`)
          assert.ok(confidence > 0 && confidence <= 1)
        }
      }),
      { numRuns: 400 },
    )
  })

  test('one more part never lowers the class', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 3 }), text, (texts, more) => {
        const before = label(...texts)
        const after = label(...texts, more)
        assert.ok(classRank(after.class) >= classRank(before.class))
        for (const category of before.categories) assert.ok(after.categories.includes(category))
      }),
      { numRuns: 200 },
    )
  })

  test('findings never hold the text they matched', () => {
    for (const sample of SAMPLES.slice(0, 3)) {
      const { findings } = classify([part(sample)], { floor: 'public' })
      const value = sample.split(' ').at(-1)?.slice(0, -1) ?? ''
      assert.ok(!JSON.stringify(findings).includes(value), sample)
    }
  })
})
