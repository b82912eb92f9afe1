import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClassifier } from './classify.ts'

const classify = createClassifier()
const placesOf = (text: string): readonly string[] =>
  classify([{ path: 'x', text, kind: 'text' }], { floor: 'public' }).findings.map(
    (one) => `${one.type} ${text.slice(one.start, one.end)}`,
  )

for (const [text, place] of [
  ['Numéro de sécurité sociale : 2 69 O5 49 588 157 8O', 'FR_NIR 2 69 O5 49 588 157 8O'],
  ['N° de sécurité sociale 26905495881578O, merci', 'FR_NIR 26905495881578O'],
  ['IBAN : FR76 3OOO 6000 0l12 3456 789O 189', 'IBAN_CODE FR76 3OOO 6000 0l12 3456 789O 189'],
  ['Téléphone : O6 12 34 56 78', 'PHONE_NUMBER O6 12 34 56 78'],
] as const) {
  test(`letters read for digits beside a word that names the number: ${place.split(' ')[0]}`, () => {
    assert.ok(placesOf(text).includes(place), placesOf(text).join('; '))
  })
}

for (const text of [
  'Les pièces 2 69 O5 49 588 157 8O sont en stock',
  'IBAN : FR76 3OOO 6000 0l12 3456 789O 188',
  'La carte 4x4 B52 S8 l10n i18n O365 est à jour',
]) {
  test(`nothing is made of ${JSON.stringify(text.slice(0, 40))}`, () => {
    assert.deepEqual(placesOf(text), [])
  })
}
