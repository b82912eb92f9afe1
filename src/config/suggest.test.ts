import { equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { editDistance, nearest } from './suggest.ts'

describe('editDistance', () => {
  test('counts inserts, deletes, replacements and swaps of neighbours', () => {
    equal(editDistance('floor', 'floor'), 0)
    equal(editDistance('flor', 'floor'), 1)
    equal(editDistance('folor', 'floor'), 1)
    equal(editDistance('kitten', 'sitting'), 3)
    equal(editDistance('', 'abc'), 3)
  })

  test('is symmetric, zero only for equal words, and at most the longer length', () => {
    const word = fc.string({ maxLength: 12 })
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b)
        equal(distance, editDistance(b, a))
        equal(distance === 0, a === b)
        ok(distance <= Math.max(a.length, b.length))
        ok(distance >= Math.abs(a.length - b.length))
      }),
    )
  })
})

describe('nearest', () => {
  const known = ['listen', 'floor', 'trusted_proxies', 'max_loaded', 'id']

  test('finds what was meant, whatever the case and the separators', () => {
    equal(nearest('Floor', known), 'floor')
    equal(nearest('trustedProxies', known), 'trusted_proxies')
    equal(nearest('max-loaded', known), 'max_loaded')
    equal(nearest('di', known), 'id')
  })

  test('says nothing rather than something far away', () => {
    equal(nearest('zzzz', known), undefined)
    equal(nearest('x'.repeat(100_000), known), undefined)
    equal(nearest('floor', []), undefined)
  })
})
