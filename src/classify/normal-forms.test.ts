import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createClassifier } from './classify.ts'
import { viewOf } from './normalise/view.ts'

const classify = createClassifier()
const SAMPLES = [
  'Virement sur FR76 3000 6000 0112 3456 7890 189 lundi.',
  'NIR 2 69 05 49 588 157 80 au dossier.',
  'Écrire à jean.dupont@acme.fr avant midi.',
  'Mme Le Goff est diabétique depuis peu.',
  'Réunion avec Camille Lefèvre, Hélène Mercier et Anne Leroy.',
  `Jeton ${['glpat', 'q7Zr2mK9xVb4Tn8LpW3c'].join('-')} à changer.`,
  'Appeler le 06 12 34 56 78 ce soir.',
  'Document CONFIDENTIEL : ne pas diffuser.',
]

/** Ways to write one character so that it reads the same. */
type Form = (character: string) => string
const code = (character: string): number => character.codePointAt(0) ?? 0
const units = (character: string): readonly string[] =>
  Array.from({ length: character.length }, (_, i) =>
    character.charCodeAt(i).toString(16).padStart(4, '0'),
  )
const isAscii = (character: string): boolean => character > ' ' && character <= '~'

const FORMS: Readonly<Record<string, Form>> = {
  NFD: (character) => character.normalize('NFD'),
  'full width': (character) =>
    isAscii(character) ? String.fromCodePoint(code(character) + 0xfee0) : character,
  'a zero-width space after': (character) => `${character}\u200b`,
  'a soft hyphen after': (character) => `${character}\u00ad`,
  'direction marks around': (character) => `\u2068${character}\u2069`,
  'decimal entity': (character) => `&#${code(character)};`,
  'hexadecimal entity': (character) => `&#x${code(character).toString(16)};`,
  'entity in an entity': (character) => `&amp;#${code(character)};`,
  percent: (character) =>
    Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  'JSON escape': (character) =>
    units(character)
      .map((unit) => `\\u${unit}`)
      .join(''),
  'JSON in JSON': (character) =>
    units(character)
      .map((unit) => `\\\\u${unit}`)
      .join(''),
  'digits of Arabic': (character) =>
    /\d/.test(character) ? String.fromCodePoint(0x660 + Number(character)) : character,
  'mathematical digits': (character) =>
    /\d/.test(character) ? String.fromCodePoint(0x1d7ce + Number(character)) : character,
}

/** What is found, and what the places read. */
const found = (text: string): readonly string[] =>
  classify([{ path: 'x', text, kind: 'text' }], { floor: 'public' }).findings.map(
    ({ type, start, end }) => `${type} ${viewOf(text.slice(start, end)).text}`,
  )

describe('findings do not change with the form of what is written', () => {
  for (const [name, form] of Object.entries(FORMS)) {
    test(name, () => {
      for (const sample of SAMPLES) {
        assert.ok(found(sample).length > 0, sample)
        assert.deepEqual(found(Array.from(sample, form).join('')), found(sample), sample)
      }
    })
  }

  test('any mixture of forms', () => {
    const forms = Object.values(FORMS)
    fc.assert(
      fc.property(
        fc.constantFrom(...SAMPLES),
        fc.array(fc.nat({ max: 2 * forms.length }), { minLength: 80, maxLength: 80 }),
        (sample, choices) => {
          const written = Array.from(sample, (character, i) => {
            const form = forms[choices[i] ?? 0]
            return form === undefined ? character : form(character)
          }).join('')
          assert.deepEqual(found(written), found(sample))
        },
      ),
      { numRuns: 400 },
    )
  })

  test('whole texts in quoted-printable', () => {
    for (const sample of SAMPLES) {
      const plain = `Message d’un client : ${sample} Merci à vous.`
      const bytes = Array.from(Buffer.from(plain), (byte) =>
        byte > 126 || byte === 61
          ? `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
          : String.fromCharCode(byte),
      )
      let line = ''
      let text = 'Content-Transfer-Encoding: quoted-printable\n\n'
      for (const byte of bytes) {
        if (line.length + byte.length > 75) {
          text += `${line}=\r\n`
          line = ''
        }
        line += byte
      }
      const types = (all: readonly string[]): readonly string[] =>
        all.map((one) => one.split(' ')[0] ?? '')
      assert.deepEqual(types(found(text + line)), types(found(plain)))
    }
  })
})
