import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createClassifier } from '#classify/classify.ts'
import { documentOf, listOf } from '#classify/own-terms/own-terms.fixture.ts'
import type { OwnTermsSource } from '#classify/own-terms/own-terms.ts'
import { answerClassifier } from './classified.ts'
import { guardedText } from './guard.fixture.ts'
import type { AnswerScanners } from './guard-answer.ts'

const scannersWith = (own: OwnTermsSource): AnswerScanners => ({
  stream: answerClassifier(own),
  classify: createClassifier(undefined, null, own),
})

test('terms of the company are taken out of an answer, whatever its pieces, unless the question said them', () => {
  const scanners = scannersWith({ current: listOf(['Projet Hirondelle', 'Bluefin 9']) })
  const duties = { terms: 'mask' } as const
  const text = 'Le calendrier du projet Hirondelle suit celui de Bluefin 9, comme prévu. '.repeat(8)
  const masked = guardedText(text, { duties, scanners }).text
  assert.doesNotMatch(masked, /Hirondelle|Bluefin/)
  assert.match(masked, /\[COMPANY TERM removed\]/)
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 6 }), (cuts) => {
      const sorted = cuts.toSorted((a, b) => a - b)
      assert.equal(guardedText(text, { duties, scanners }, sorted).text, masked)
    }),
    { numRuns: 30 },
  )
  const question = 'Où en sont le projet hirondelle et BLUEFIN 9 ?'
  assert.equal(guardedText(text, { duties, scanners, question }).text, text)
  assert.equal(guardedText(text, { scanners }).text, text)
  const refused = guardedText(text, { duties: { terms: 'refuse' }, scanners })
  assert.equal(refused.stopped, 'answer-withheld')
})

test('a passage of a registered document is found in an answer', () => {
  const passage =
    'La marge brute de la division aéronautique recule de quatre points au troisième trimestre, sous l’effet du prix du titane et du retard pris par le fournisseur principal, et le conseil examinera en novembre la cession de deux ateliers. '
  const scanners = scannersWith({ current: documentOf(passage.repeat(3)) })
  const found = guardedText(`Voici : ${passage}`, { duties: { terms: 'refuse' }, scanners })
  assert.equal(found.stopped, 'answer-withheld')
  assert.deepEqual(Object.keys(found.report.found), ['terms'])
})

test('what the company has told and cannot be read stops answers that are looked through', () => {
  const scanners = scannersWith({ current: null })
  const shown = guardedText('Bonjour', { duties: { terms: 'mask' }, scanners })
  assert.equal(shown.stopped, 'answer-withheld')
  assert.equal(shown.text, '')
})
