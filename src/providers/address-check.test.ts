import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LookupAddress } from 'node:dns'
import { isPrivateAddress, publicLookup } from './address-check.ts'

test('addresses of private networks, of this machine and of nobody are told from public ones', () => {
  for (const address of [
    '127.0.0.1',
    '10.1.2.3',
    '192.168.1.1',
    '172.20.0.1',
    '169.254.169.254',
    '100.64.1.1',
    '0.0.0.0',
    '::1',
    'fd00::1',
    'fe80::1',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
    '2002:7f00:1::1',
    '2001:0:4136:e378::1',
    '64:ff9b:1::a00:1',
    'fec0::1',
    'nonsense',
  ]) {
    assert.equal(isPrivateAddress(address), true, address)
  }
  for (const address of [
    '8.8.8.8',
    '51.15.0.1',
    '172.32.0.1',
    '2001:4860:4860::8888',
    '::ffff:8.8.8.8',
  ]) {
    assert.equal(isPrivateAddress(address), false, address)
  }
})

/** A resolver that always answers these addresses. */
const answering = (addresses: readonly string[]): Parameters<typeof publicLookup>[0] => {
  const resolve = (
    _name: string,
    _options: unknown,
    done: (error: null, found: LookupAddress[]) => void,
  ): void =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  return resolve as unknown as Parameters<typeof publicLookup>[0] // the one overload that is used
}

const looked = (addresses: readonly string[], all: boolean): Promise<unknown> =>
  new Promise((resolve, reject) => {
    publicLookup(answering(addresses))('cloud.test', { all }, (error, found) =>
      error ? reject(error) : resolve(found),
    )
  })

test('a name that leads to private addresses alone is refused, among several only the public ones are used', async () => {
  await assert.rejects(looked(['10.0.0.1', '::1'], true), { code: 'ECLUSE_PRIVATE_ADDRESS' })
  await assert.rejects(looked(['127.0.0.1'], false), { code: 'ECLUSE_PRIVATE_ADDRESS' })
  assert.equal(await looked(['10.0.0.1', '8.8.8.8'], false), '8.8.8.8')
  assert.deepEqual(await looked(['10.0.0.1', '8.8.8.8'], true), [{ address: '8.8.8.8', family: 4 }])
})
