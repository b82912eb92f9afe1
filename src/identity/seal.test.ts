import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { newNonce, seal, unseal } from './seal.ts'

const key = createSecretKey(Buffer.alloc(32, 1))
const nonce = newNonce((length) => new Uint8Array(length).fill(9))

test('what is sealed opens under its key and purpose, and as it was', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const sealed = seal(key, 'terms', nonce, bytes)
      assert.deepEqual(unseal(key, 'terms', sealed), Buffer.from(bytes))
      assert.equal(unseal(key, 'others', sealed), null)
      assert.equal(unseal(createSecretKey(Buffer.alloc(32, 2)), 'terms', sealed), null)
    }),
  )
})

test('no byte of it can be changed or left out', () => {
  const sealed = seal(key, 'terms', nonce, Buffer.from('a few bytes'))
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 1
    assert.equal(unseal(key, 'terms', changed), null)
    assert.equal(unseal(key, 'terms', sealed.subarray(0, at)), null)
  }
})
