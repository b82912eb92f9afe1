import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { viewOf } from './view.ts'

test('a clean text is its own view', () => {
  const text = 'Élodie a payé 12 € à « Cœur ».'
  assert.equal(viewOf(text).text, text)
})

for (const [name, original, expected] of [
  ['full-width digits', '０６１２', '0612'],
  ['Arabic digits', '٠٦', '06'],
  ['mathematical digits', '𝟎𝟔', '06'],
  ['zero-width space', '06\u200B12', '0612'],
  ['soft hyphen', 'confi\u00ADdentiel', 'confidentiel'],
  ['combining accent', 'cafe\u0301', 'café'],
  ['named entity', 'a&commat;b', 'a@b'],
  ['numeric entity', '&#48;&#x36;', '06'],
  ['percent', 'a%40b%C3%A9', 'a@bé'],
  ['JSON escape', '\\u0030\\n6', '0\n6'],
  ['Cyrillic look-alikes beside Latin', 'FR76 ВNРA1', 'FR76 BNPA1'],
  ['a word of look-alikes that only later turns Latin', 'СОNFIDЕNTIEL', 'CONFIDENTIEL'],
  ['Greek look-alikes', 'pαul@αcme.fr', 'paul@acme.fr'],
  ['entities without a semicolon', '&#48&#x36 a', '06 a'],
  ['an entity named like a property', '&valueof; &tostring;', '&valueof; &tostring;'],
  ['entities in entities', 'a&amp;commat;b &amp;#48;', 'a@b 0'],
  ['percent in percent', 'a%2540b', 'a@b'],
  ['JSON in JSON', '\\\\u0030\\\\n6', '0\n6'],
  ['an entity behind a JSON escape', '\\u0026eacute;', 'é'],
  ['a pair of JSON escapes', '\\ud835\\udfce6', '06'],
  ['braced escapes', '\\u{30}6', '06'],
  ['escaped full-width digits', '\\uff10%EF%BC%96&#65303;', '067'],
  ['NUL between units', 'F\u0000R\u00007\u00006', 'FR76'],
  ['colours of a terminal', '06\u001b[1;31m12\u001b[0m', '0612'],
  ['quotes of Windows', 'l\u0092équipe', 'l’équipe'],
  ['direction marks', '06\u202e12\u2069', '0612'],
  ['tabs and line ends as they are', 'a\tb\r\nc\fd', 'a\tb\r\nc\fd'],
  ['broken escapes stay', '%zz &nope; \\u12', '%zz &nope; \\u12'],
  ['lone surrogate stays', 'a\uD800b', 'a\uD800b'],
] as const) {
  test(`reads ${name}`, () => assert.equal(viewOf(original).text, expected))
}

const LINE = 'A line that a mailer broke because it was longer than seventy-six =\r\n'
for (const [name, original, expected] of [
  ['accents in UTF-8', '=C3=A9t=C3=A9 =C3=A0 Paris =3D', 'été à Paris ='],
  ['accents in Latin-1', `${LINE}=E9t=E9`, `${LINE.slice(0, -3)}été`],
  ['a soft break inside a number', `${LINE}06 12=\n 34 =3D`, `${LINE.slice(0, -3)}06 12 34 =`],
  [
    'a long word of other scripts',
    'quoted-printable ' + '=E8=88=B9'.repeat(70),
    'quoted-printable ' + '船'.repeat(70),
  ],
  ['what the header names', 'Content-Transfer-Encoding: quoted-printable\n\na=40b', null],
] as const) {
  test(`reads quoted-printable: ${name}`, () => {
    assert.equal(viewOf(original).text, expected ?? original.replace('=40', '@'))
  })
}

for (const original of [
  'const x =\n  y\nconst z=A9',
  `${'QUJD'.repeat(18)}QQ=\nnext`,
  'if (a==20) return b=\n3',
  'https://a.example/?q=20&r=3D',
]) {
  test(`is no quoted-printable: ${JSON.stringify(original.slice(0, 24))}`, () => {
    assert.equal(viewOf(original).text, original)
  })
}

test('Russian prose is left as it is', () => {
  assert.equal(viewOf('Москва слезам не верит').text, 'Москва слезам не верит')
})

test('offsets lead back to the original', () => {
  const original = 'x\u200B&#48;６ y'
  const view = viewOf(original)
  const at = view.text.indexOf('06')
  assert.equal(original.slice(view.startOf(at), view.endOf(at + 2)), '&#48;６')
})

test('offsets are in order and within any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (original) => {
      const view = viewOf(original)
      let last = 0
      for (let i = 0; i < view.text.length; i++) {
        const start = view.startOf(i)
        assert.ok(
          start >= last && view.endOf(i + 1) > start && view.endOf(i + 1) <= original.length,
        )
        last = start
      }
    }),
  )
})
