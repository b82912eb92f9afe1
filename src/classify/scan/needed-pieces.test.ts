import assert from 'node:assert/strict'
import { test } from 'node:test'
import { neededPieces, needsDigit } from './needed-pieces.ts'

test('what every match of a pattern holds is read from the pattern', () => {
  assert.deepEqual(neededPieces(/\b(?:summari[sz]e|re?write)(?!\p{L})/iu), ['summari', 'write'])
  assert.deepEqual(neededPieces(/(?:^|[\s,])(?:his|her)\s+(?:[a-z]{1,9} ){0,2}(?:is|was)/i), [
    'his',
    'her',
  ])
  assert.deepEqual(neededPieces(/(?<!not )\d{1,3} ?ans\b|a\.b+c?/), ['ans', 'a.'])
  assert.deepEqual(neededPieces(/\d{4}|year/), '0123456789'.split('').concat('year'))
  assert.equal(neededPieces(/(?:a|b)?\s/), null)
})

test('a shape needs a digit where every reading of it has one', () => {
  assert.ok(needsDigit(/\d{12}|(?=[A-Z\d]{0,8}\d)[A-Z\d]{9}/))
  assert.ok(!needsDigit(/\d{12}|[A-Z\d]{9}/))
  assert.ok(!needsDigit(/(?!\d)[A-Z\d]{9}/))
  assert.ok(!needsDigit(/\d{0,3}[A-Z]{2}/))
})
