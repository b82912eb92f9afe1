import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstSentence } from './first-sentence.ts'

test('what happened is told apart from what to do, where the gateway sends both in one text', () => {
  assert.deepEqual(firstSentence('It is full (1.5 GB). Wait a little. Or less.'), [
    'It is full (1.5 GB).',
    'Wait a little. Or less.',
  ])
})

test('a single sentence stays whole', () => {
  assert.deepEqual(firstSentence('Edit ecluse.yaml.'), ['Edit ecluse.yaml.', ''])
  assert.deepEqual(firstSentence(''), ['', ''])
})
