import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import { randomBytes } from '../open-identity.fixture.ts'
import { createTransactions, ownPlace } from './transaction.ts'

const asked = {
  provider: 'company',
  redirectUri: 'https://ai.example/api/sign-in/callback/company',
  returnTo: '/',
  cli: null,
}

function setUp(fill = 1) {
  const time = { now: 1_800_000_000_000 }
  const key = createSecretKey(Buffer.alloc(32, fill))
  return { time, transactions: createTransactions({ key, clock: () => time.now, randomBytes }) }
}

test('a transaction is found by the browser that holds it, under its own state, for ten minutes, once', () => {
  const { time, transactions } = setUp()
  const one = transactions.begin(asked)
  const other = transactions.begin(asked)
  assert.equal(new Set([one.state, one.nonce, one.verifier, other.state]).size, 4)
  const { name, value } = transactions.cookieOf(one)
  const cookies = new Map([[name, value]])
  assert.deepEqual(transactions.find(cookies, one.state), one)
  assert.equal(transactions.find(cookies, other.state), null)
  assert.equal(transactions.find(new Map(), one.state), null)
  // two tabs: each has its own
  const second = transactions.cookieOf(other)
  const both = new Map([
    [name, value],
    [second.name, second.value],
  ])
  assert.deepEqual(transactions.find(both, other.state), other)
  assert.equal(transactions.complete(one), true)
  assert.equal(transactions.complete(one), false)
  assert.equal(transactions.find(cookies, one.state), null)
  time.now += 10 * 60_000
  assert.equal(transactions.find(both, other.state), null)
})

test('a cookie that was changed, made elsewhere, or put under another name is none', () => {
  const { transactions } = setUp()
  const one = transactions.begin(asked)
  const { name, value } = transactions.cookieOf(one)
  const foreign = setUp(2).transactions.cookieOf(one)
  const other = transactions.cookieOf(transactions.begin(asked))
  for (const wrong of ['', 'x', value.slice(1), `A${value.slice(1)}`, foreign.value, other.value]) {
    if (wrong === value) continue
    assert.equal(transactions.find(new Map([[name, wrong]]), one.state), null)
  }
  assert.ok(!Buffer.from(value, 'base64url').toString('latin1').includes(one.verifier))
})

test('the only places to come back to are screens of our own page', () => {
  for (const place of ['/', '/app/', '/app/decisions', '/app/a-b/c.d'])
    assert.equal(ownPlace(place), place)
  for (const place of [
    '',
    'x',
    '//x',
    '/x',
    '/app',
    '/app//x',
    '/app/?x',
    '/app/\\x',
    '/api/keys',
    'https://x',
    null,
    7,
  ]) {
    assert.equal(ownPlace(place), '/', String(place))
  }
})
