import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClassifier } from '../classify.ts'

const classify = createClassifier()
const typesIn = (text: string): readonly string[] =>
  classify([{ path: 'messages.0.content', text, kind: 'text' }], { floor: 'public' }).findings.map(
    ({ type }) => type,
  )

test('a number that a word names is not also a phone number', () => {
  assert.deepEqual(typesIn('PESEL 18842931493'), ['PL_PESEL'])
  assert.deepEqual(typesIn('numéro NHS 3178352236'), ['UK_NHS'])
})

test('the same digits stay a phone number where a word says so, or where no other word stands', () => {
  assert.deepEqual(typesIn('call 317-835-2236'), ['PHONE_NUMBER'])
  assert.ok(typesIn('NHS 3178352236, phone 3178352236').includes('PHONE_NUMBER'))
})

test('of two words near a number the nearest one names it', () => {
  const text = "Carte d'identité 880692310285, permis 123456789012"
  assert.deepEqual(typesIn(text), ['FR_CNI', 'FR_DRIVER_LICENSE'])
  assert.deepEqual(typesIn('ADELI : 759123456, FINESS : 750712184'), ['FR_ADELI', 'FR_FINESS'])
})
