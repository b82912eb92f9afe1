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
  ['broken escapes stay', '%zz &nope; \\u12', '%zz &nope; \\u12'],
  ['lone surrogate stays', 'a\uD800b', 'a\uD800b'],
] as const) {
  test(`reads ${name}`, () => assert.equal(viewOf(original).text, expected))
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
