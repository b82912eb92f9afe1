import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { matchesGlob } from './glob.ts'

test('a pattern means what a regular expression with .* means', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '*'), maxLength: 12 })
  const names = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 12 })
  fc.assert(
    fc.property(letters, names, (pattern, name) => {
      const escaped = pattern.replaceAll(/[.]/g, '\\.').replaceAll('*', '.*')
      assert.equal(matchesGlob(pattern, name), new RegExp(`^${escaped}$`).test(name))
    }),
    { numRuns: 2000 },
  )
})

test('many stars against a long name end', () => {
  assert.equal(matchesGlob('*a'.repeat(100), 'a'.repeat(5000) + 'b'), false)
})
