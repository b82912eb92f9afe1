import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createAttempts } from './attempts.ts'

function setUp(maxAddresses = 10_000) {
  const time = { now: 1_700_000_000_000 }
  const attempts = createAttempts({ clock: () => time.now, free: 3, maxAddresses })
  const wait = (address: string) => {
    const checked = attempts.check(address)
    if (checked.ok) return 0
    assert.equal(checked.error.code, 'too-many-attempts')
    return checked.error.retryAfterSeconds
  }
  const fail = (address: string, times: number) => {
    for (let i = 0; i < times; i += 1) attempts.failed(address)
  }
  return { time, attempts, wait, fail }
}

describe('failed attempts', () => {
  test('cost nothing at first, then twice as long each time, five minutes at most', () => {
    const { wait, fail } = setUp()
    fail('192.0.2.1', 3)
    assert.equal(wait('192.0.2.1'), 0)
    const waits = [1, 2, 3, 4].map(() => {
      fail('192.0.2.1', 1)
      return wait('192.0.2.1')
    })
    assert.deepEqual(waits, [1, 2, 4, 8])
    fail('192.0.2.1', 2000)
    assert.equal(wait('192.0.2.1'), 300)
    assert.equal(wait('192.0.2.2'), 0)
  })

  test('are over when the wait is, forgiven after a quarter of an hour, cleared by a good key', () => {
    const { time, wait, fail, attempts } = setUp()
    fail('192.0.2.1', 4)
    time.now += 1000
    assert.equal(wait('192.0.2.1'), 0)
    fail('192.0.2.1', 1)
    assert.equal(wait('192.0.2.1'), 2)
    time.now += 15 * 60 * 1000
    fail('192.0.2.1', 1)
    assert.equal(wait('192.0.2.1'), 0)
    fail('192.0.2.1', 9)
    attempts.succeeded('192.0.2.1')
    assert.equal(wait('192.0.2.1'), 0)
  })

  test('count an IPv6 subscriber as one, however the address is written', () => {
    const { wait, fail } = setUp()
    fail('2001:db8::1', 2)
    fail('2001:0DB8:0:0:ffff::2', 2)
    assert.ok(wait('2001:db8:0:0:1:2:3:4'))
    assert.equal(wait('2001:db8:0:1::1'), 0)
    fail('::ffff:192.0.2.9', 4)
    assert.ok(wait('192.0.2.9'))
  })

  test('are remembered for a bounded number of addresses, the quietest forgotten first', () => {
    const { wait, fail } = setUp(100)
    fail('192.0.2.1', 9)
    for (let i = 0; i < 99; i += 1) fail(`198.51.100.${i}`, 1)
    fail('192.0.2.1', 1)
    for (let i = 0; i < 99; i += 1) fail(`203.0.113.${i}`, 1)
    assert.ok(wait('192.0.2.1'))
    fail('203.0.113.200', 1)
    assert.equal(wait('192.0.2.1'), 0)
  })
})
