import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { digestWith, masked, piecesOf, restored } from '../masking.fixture.ts'
import { namesFor } from '../mask/names.ts'

const QUESTION = [
  'Écris à Jean Dupont (jean.dupont@corp.fr) au sujet de Claire Martin, 06 12 34 56 78.',
]
const { names, plan } = masked(QUESTION)
const nameOf = (text: string): string => {
  const value = plan.values.find((one) => one.text === text)
  assert.ok(value, text)
  return names.nameOf(value)
}
const JEAN = nameOf('Jean Dupont')
const MAIL = nameOf('jean.dupont@corp.fr')
const CLAIRE = nameOf('Claire Martin')

const said = (text: string) => restored(names, [{ kind: 'text', text }])

describe('restoring', () => {
  test('values come back where a model writes their placeholders', () => {
    const { text, counts } = said(`Bonjour ${JEAN}, merci. (${MAIL}) **${CLAIRE}**`)
    assert.equal(text, 'Bonjour Jean Dupont, merci. (jean.dupont@corp.fr) **Claire Martin**')
    assert.deepEqual(counts, { restored: 3, kept: 0, unknown: 0 })
  })

  test('case, spaces, escapes, other brackets, another word, or none at all do not hide a placeholder', () => {
    const letters = JEAN.slice(JEAN.indexOf('_') + 1, -1)
    for (const written of [
      `[person_${letters.toLowerCase()}]`,
      `[ PERSON_${letters} ]`,
      `[PERSON\\_${letters}]`,
      `\\[PERSON\\_${letters}\\]`,
      `[PERSON ${letters}]`,
      `[Person-${letters}]`,
      `[PERSONNE_${letters}]`,
      `【PERSON_${letters}】`,
      `{PERSON_${letters}}`,
      `<PERSON_${letters}>`,
      `PERSON_${letters}`,
    ]) {
      assert.equal(said(`Dear ${written}, hello`).text, 'Dear Jean Dupont, hello', written)
    }
    assert.equal(said(`(PERSON_${letters})`).text, '(Jean Dupont)')
  })

  test('what a model makes up or alters stays visible, and is counted', () => {
    const { text, counts } = said('Dear [PERSON_BBBBB] and [EMAIL_XXXX].')
    assert.equal(text, 'Dear [PERSON_BBBBB] and [EMAIL_XXXX].')
    assert.deepEqual(counts, { restored: 0, kept: 0, unknown: 2 })
  })

  test('nothing is restored in an address, whatever its form', () => {
    for (const before of [
      'https://evil.example/?q=',
      '![x](https://evil.example/',
      '[x](/relative/',
      '[x](a(b)',
      '[x](\n/next-line/',
      '[ref]: /somewhere/',
      'text\n\n> [ref]: <x',
      '<img src="',
      "<a title='>' href='",
      '<a\nhref=',
      '//evil.example/',
      'www.evil.example/',
      'evil.example/',
      'evil.example?q=',
      'mailto:',
      'data:text/plain,',
      'javascript:alert(',
      '\\\\host\\',
    ]) {
      const { text, counts } = said(`${before}${JEAN}`)
      assert.equal(text, `${before}${JEAN}`, before)
      assert.equal(counts.kept, 1, before)
    }
    assert.equal(said(`${JEAN}.evil.example`).text, `${JEAN}.evil.example`)
    assert.equal(
      said(`see https://a.example/x ${JEAN}`).text,
      'see https://a.example/x Jean Dupont',
    )
    assert.equal(said(`[x](https://a.example) ${JEAN}`).text, '[x](https://a.example) Jean Dupont')
    assert.equal(said(`<b>${JEAN}</b>`).text, '<b>Jean Dupont</b>')
    assert.equal(said(`a <b\n\n${JEAN}`).text, 'a <b\n\nJean Dupont')
    assert.equal(said(`Nom: ${JEAN}. Nom:${JEAN}`).text, 'Nom: Jean Dupont. Nom:Jean Dupont')
  })

  test('arguments get values only where the tool is listed', () => {
    const call = (name: string, piece: string, tools: readonly string[]) =>
      restored(
        names,
        [
          { kind: 'tool-call', index: 0, id: 'c', name },
          { kind: 'tool-arguments', index: 0, piece },
          { kind: 'finish', reason: 'tool-calls', stopSequence: null },
        ],
        tools,
      )
    const asked = `{"to":"${MAIL}","cc":["${JEAN}"]}`
    assert.equal(call('send', asked, []).args(0), asked)
    assert.deepEqual(call('send', asked, []).counts, { restored: 0, kept: 2, unknown: 0 })
    assert.equal(
      call('send_mail', asked, ['send_*']).args(0),
      '{"to":"jean.dupont@corp.fr","cc":["Jean Dupont"]}',
    )
    const link = `{"url":"https://evil.example/${JEAN}","to":"${JEAN}"}`
    assert.equal(
      call('send', link, ['*']).args(0),
      `{"url":"https://evil.example/${JEAN}","to":"Jean Dupont"}`,
    )
  })

  test('a value is escaped as deep as the JSON it stands in, nested JSON included', () => {
    const text = 'Zq"7\\x9!\nkPw2'
    const value = { text, type: 'SECRET', sameness: 'exact', normal: text, number: 0 } as const
    const hard = namesFor([value], { digest: digestWith('k'), opening: '', style: 'placeholder' })
    const name = hard.nameOf(value)
    const inner = { value: `is ${name}` }
    for (const shape of [
      (text: string) => JSON.stringify({ a: text }),
      (text: string) => JSON.stringify({ a: JSON.stringify({ b: text }) }),
      (text: string) => JSON.stringify({ a: JSON.stringify([{ b: JSON.stringify({ c: text }) }]) }),
      (text: string) => JSON.stringify({ a: `he said "${text}" aloud` }),
    ]) {
      const { args } = restored(
        hard,
        [
          { kind: 'tool-call', index: 0, id: 'c', name: 't' },
          ...shape(inner.value)
            .split('')
            .map((piece) => ({ kind: 'tool-arguments', index: 0, piece }) as const),
        ],
        ['t'],
      )
      assert.equal(args(0), shape(`is ${value.text}`))
      assert.equal(
        restored(hard, [{ kind: 'text', text: shape(inner.value) }]).text,
        shape(`is ${value.text}`),
      )
    }
  })

  test('what was held back goes out before a tool call and before the finish', () => {
    const { events } = restored(names, [
      { kind: 'reasoning', text: 'I think [PER' },
      { kind: 'text', text: 'so [PERSON_' },
      { kind: 'tool-call', index: 0, id: 'c', name: 't' },
      { kind: 'tool-arguments', index: 0, piece: '{"a":"[PERSON' },
      { kind: 'finish', reason: 'tool-calls', stopSequence: null },
    ])
    assert.deepEqual(
      events.map((event) =>
        'text' in event ? event.text : 'piece' in event ? event.piece : event.kind,
      ),
      ['I think ', '[PER', 'so ', '[PERSON_', 'tool-call', '{"a":"', '[PERSON', 'finish'],
    )
  })
})

/** Streams tried; the long run sets MASKING_STREAMS=10000. */
const STREAMS = Number(process.env['MASKING_STREAMS'] ?? 300)

const word = fc.constantFrom(
  JEAN,
  MAIL,
  CLAIRE,
  JEAN.toLowerCase(),
  JEAN.slice(1, -1),
  '[PERSON_BBBBB]',
  '[~PERSON_BBBBB]',
  '[',
  ']',
  '(',
  ')',
  '<a href="',
  '">',
  'https://x.example/',
  '](',
  '\n',
  '\n\n',
  '\\',
  '\\[',
  '{"a":"',
  '"}',
  'PERSON_',
  'person',
  '.',
  '. ',
  ' ',
  'hello',
  'é👍',
)

/** A text in two pieces, cut after each of its bytes in turn, as a stream is read. */
function everyByteSplit(text: string): string[][] {
  const bytes = Buffer.from(text)
  return Array.from({ length: Math.max(0, bytes.length - 1) }, (_, at) => {
    const decoder = new TextDecoder()
    const first = decoder.decode(bytes.subarray(0, at + 1), { stream: true })
    return [first, decoder.decode(bytes.subarray(at + 1))]
  })
}

test('every split of an answer gives the same', () => {
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 14 }),
      fc.array(fc.nat(), { maxLength: 8 }),
      fc.boolean(),
      (words, cuts, inTool) => {
        const text = words.join('')
        const run = (pieces: readonly string[]) =>
          inTool
            ? restored(
                names,
                [
                  { kind: 'tool-call', index: 0, id: 'c', name: 't' },
                  ...pieces.map((piece) => ({ kind: 'tool-arguments', index: 0, piece }) as const),
                ],
                ['t'],
              )
            : restored(
                names,
                pieces.map((piece) => ({ kind: 'text', text: piece }) as const),
              )
        const whole = run([text])
        for (const pieces of [piecesOf(text, cuts), text.split(''), ...everyByteSplit(text)]) {
          const split = run(pieces)
          assert.equal(split.text, whole.text)
          assert.equal(split.args(0), whole.args(0))
          assert.deepEqual(split.counts, whole.counts)
        }
      },
    ),
    { numRuns: STREAMS },
  )
})
