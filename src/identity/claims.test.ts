import assert from 'node:assert/strict'
import { test } from 'node:test'
import { claimAt, listClaim, textClaim, wordsClaim } from './claims.ts'

test('a claim is found by its whole name first, then by the path of its dots', () => {
  const claims = {
    'https://example.org/groups': ['a'],
    'realm_access.roles': 'whole',
    realm_access: { roles: ['b'] },
    resource_access: { ecluse: { roles: ['c'] } },
  }
  assert.deepEqual(claimAt(claims, 'https://example.org/groups'), ['a'])
  assert.equal(claimAt(claims, 'realm_access.roles'), 'whole')
  assert.deepEqual(claimAt(claims, 'resource_access.ecluse.roles'), ['c'])
  for (const name of [
    'constructor',
    '__proto__',
    'realm_access.constructor',
    'x.y',
    'realm_access.roles.0',
  ]) {
    assert.equal(claimAt(claims, name), undefined, name)
  }
})

test('a text, a list and words are read for what they are, and everything else is nothing', () => {
  const claims = { one: 'a b', many: ['a', 1, null, 'b c'], number: 7, empty: '', object: {} }
  assert.equal(textClaim(claims, 'one'), 'a b')
  assert.equal(textClaim(claims, 'number'), '7')
  for (const name of ['many', 'empty', 'object', 'absent'])
    assert.equal(textClaim(claims, name), null)
  assert.deepEqual(listClaim(claims, 'one'), ['a b'])
  assert.deepEqual(listClaim(claims, 'many'), ['a', 'b c'])
  assert.equal(listClaim(claims, 'absent'), null)
  assert.equal(listClaim(claims, 'object'), null)
  assert.deepEqual(wordsClaim(claims, 'one'), ['a', 'b'])
  assert.deepEqual(wordsClaim(claims, 'many'), ['a', 'b', 'c'])
  const long = { groups: Array.from({ length: 5000 }, (_, i) => `g${i}`) }
  assert.equal(listClaim(long, 'groups')?.length, 1000)
})
