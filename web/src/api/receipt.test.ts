import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readReceipt } from './receipt.ts'

test('an answer without our headers has no receipt', () => {
  assert.equal(readReceipt(new Headers()), null)
})

test('"none" is the absence of a destination, not its name', () => {
  const headers = new Headers({ 'x-ecluse-class': 'restricted', 'x-ecluse-destination': 'none' })
  assert.deepEqual(readReceipt(headers), {
    class: 'restricted',
    undetermined: false,
    destination: null,
    decision: null,
  })
})

test('a class of a later version is not shown as one of ours', () => {
  assert.equal(readReceipt(new Headers({ 'x-ecluse-class': 'secret' }))?.class, null)
})
