import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAmong, isBlock, readBlocks } from './addresses.ts'

test('addresses and blocks are read, and nothing else', () => {
  for (const good of ['192.0.2.1', '192.0.2.0/24', '2001:db8::/32', '::1', '0.0.0.0/0', '::/0'])
    assert.ok(isBlock(good), good)
  for (const bad of [
    '',
    '192.0.2',
    '192.0.2.0/33',
    '2001:db8::/129',
    'fe80::1%eth0',
    'host',
    '1.2.3.4/8/8',
    '1.2.3.4/-1',
    '1.2.3.4/',
    '1.2.3.4/1e1',
  ])
    assert.ok(!isBlock(bad), bad)
})

test('an IPv4 address in IPv6 notation is the same address, and zones are ignored', () => {
  const blocks = readBlocks(['192.0.2.0/24', 'fe80::/10'])
  for (const inside of ['192.0.2.9', '::ffff:192.0.2.9', '::FFFF:192.0.2.9', 'fe80::1%eth0'])
    assert.ok(isAmong(blocks, inside), inside)
  for (const outside of ['192.0.3.1', '::ffff:192.0.3.1', '2001:db8::1', '', 'unknown', '192.0.2'])
    assert.ok(!isAmong(blocks, outside), outside)
})

test('a list of which nothing can be read lets nobody in', () => {
  assert.ok(!isAmong(readBlocks(['nonsense']), '127.0.0.1'))
  assert.ok(!isAmong(readBlocks([]), '127.0.0.1'))
})
