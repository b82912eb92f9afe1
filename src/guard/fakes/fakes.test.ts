import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createClassifier } from '#classify/classify.ts'
import { digestWith, masked, piecesOf, restored } from '../masking.fixture.ts'
import { fakeOf } from './fake-of.ts'

const classify = createClassifier()
const found = (text: string, type: string) =>
  classify([{ path: 'content', text, kind: 'text' }], { floor: 'public' }).findings.filter(
    (one) => one.type === type,
  )

const SAMPLES = [
  ['PERSON', 'Jean Dupont', (fake: string) => `Je suis M. ${fake}.`],
  ['EMAIL_ADDRESS', 'jean.dupont@corp.fr', (fake: string) => fake],
  ['PHONE_NUMBER', '06 12 34 56 78', (fake: string) => `tél. ${fake}`],
  ['PHONE_NUMBER', '+33 1 42 68 53 00', (fake: string) => `tél. ${fake}`],
  ['PHONE_NUMBER', '+44 7911 123456', (fake: string) => `phone ${fake}`],
  ['IBAN_CODE', 'FR76 3000 6000 0112 3456 7890 189', (fake: string) => fake],
  ['IBAN_CODE', 'DE89370400440532013000', (fake: string) => fake],
  ['CREDIT_CARD', '4970 1012 3456 7892', (fake: string) => `carte ${fake}`],
  ['FR_NIR', '1 85 05 78 006 084 91', (fake: string) => `numéro de sécurité sociale ${fake}`],
  ['DATE_TIME', '12/05/1985', (fake: string) => `né le ${fake}`],
  ['DATE_TIME', '1985-05-12', (fake: string) => `date of birth: ${fake}`],
] as const

describe('a fake', () => {
  test('has the format and the check digits of its type, whatever the digest, and is never the value', () => {
    for (const [type, text, sentence] of SAMPLES) {
      const value = { type, text, sameness: 'exact', normal: text, number: 0 } as const
      fc.assert(
        fc.property(fc.string(), (seed) => {
          const fake = fakeOf(value, digestWith('k')(seed))
          assert.ok(fake !== null, type)
          assert.notEqual(fake, text)
          if (type !== 'PERSON' && type !== 'EMAIL_ADDRESS') {
            assert.equal(fake.replaceAll(/[\p{L}\d]/gu, '0'), text.replaceAll(/[\p{L}\d]/gu, '0'))
          }
          // a name needs no detector to be one
          if (type !== 'PERSON')
            assert.equal(found(sentence(fake), type).length, 1, `${type} ${fake}`)
        }),
        { numRuns: 40 },
      )
    }
  })

  test('there is none for one word, for other countries and for other types', () => {
    for (const [type, text] of [
      ['PERSON', 'Rose'],
      ['PHONE_NUMBER', '+41 44 668 18 00'],
      ['IBAN_CODE', 'CH93 0076 2011 6238 5295 7'],
      ['DATE_TIME', 'le 12 mai 1985'],
      ['SECRET', 'hunter2hunter2'],
    ] as const) {
      const value = { type, text, sameness: 'exact', normal: text, number: 0 } as const
      assert.equal(fakeOf(value, digestWith('k')('x')), null)
    }
  })
})

describe('masking with fakes', () => {
  const LETTER =
    'Écris à Jean Dupont (jean.dupont@corp.fr, 06 12 34 56 78) : FR76 3000 6000 0112 3456 7890 189.'
  const { texts, names, plan } = masked([LETTER], {
    categories: ['personal', 'finance'],
    style: 'fake',
  })

  test('the text reads like another one, the same each time, and comes back letter by letter', () => {
    const [text = ''] = texts
    for (const { text: value } of plan.values) assert.ok(!text.includes(value))
    assert.ok(!text.includes('['))
    assert.deepEqual(
      masked([LETTER], { categories: ['personal', 'finance'], style: 'fake' }).texts,
      texts,
    )
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 8 }), (cuts) => {
        const events = piecesOf(text, cuts).map((piece) => ({ kind: 'text', text: piece }) as const)
        assert.equal(restored(names, events).text, LETTER)
      }),
    )
  })

  test('half a fake is anybody, and stays', () => {
    const fake = names.fakes[0]?.fake ?? ''
    const [given = '', family = ''] = fake.split(' ')
    const text = `Dear ${family}, dear ${given}, dear ${fake}s, dear ${fake.toUpperCase()}.`
    assert.equal(restored(names, [{ kind: 'text', text }]).text, text)
  })
})
