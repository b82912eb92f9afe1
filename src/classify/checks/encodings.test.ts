import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { BIP39_WORDS } from '../data/bip39-english.ts'
import { seedCheck } from '../detectors/seed-phrase/seed-phrase.ts'
import { base58, base58Check } from './base58.ts'
import { segwitCheck } from './bech32.ts'
import { ethereumCheck, keccak256 } from './keccak.ts'
import { cardLinesCheck, mrzDigit, secondLineCheck } from './mrz.ts'

const changed = (value: string, at: number): string => {
  const other = value[at] === '2' ? '3' : '2'
  return value.slice(0, at) + other + value.slice(at + 1)
}
const place = fc.integer({ min: 0, max: 41 })

test('base58 writes leading zeros as ones and knows no other characters', () => {
  assert.deepEqual([...(base58('11') ?? [])], [0, 0])
  assert.deepEqual([...(base58('5Q') ?? [])], [0xff])
  assert.equal(base58('0OIl'), undefined)
})

test('base58check refuses any wrong character', () => {
  // the address of the first block
  const address = '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'
  assert.equal(base58Check(address)?.[0], 0)
  fc.assert(
    fc.property(fc.integer({ min: 1, max: address.length - 1 }), (at) => {
      assert.equal(base58Check(changed(address, at)), undefined)
    }),
  )
})

test('bech32 and bech32m hold for the examples of BIP 173 and BIP 350, and for no neighbour', () => {
  const zero = 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'
  const later = 'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0'
  assert.ok(segwitCheck(zero, 'bc') && segwitCheck(zero.toUpperCase(), 'bc'))
  assert.ok(segwitCheck(later, 'bc') && !segwitCheck(`${zero.slice(0, -1)}T`, 'bc'))
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 41 }), (at) => {
      assert.ok(!segwitCheck(changed(zero, at), 'bc'))
    }),
  )
})

test('Keccak-256 holds for the empty text and for one that Ethereum prints', () => {
  assert.equal(keccak256(''), 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470')
  assert.equal(
    keccak256('testing'),
    '5f16f4c7f149ac4f9510d9cf8cf384038ad348b3bcdc01915f95de12df9d1b02',
  )
})

test('ERC-55 holds for its examples, says nothing of one case and refuses another case', () => {
  const address = '5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'
  assert.equal(ethereumCheck(address), true)
  assert.equal(ethereumCheck('fB6916095ca1df60bB79Ce92cE3Ea74c37c5d359'), true)
  assert.equal(ethereumCheck(address.toLowerCase()), undefined)
  assert.equal(ethereumCheck(address.toUpperCase()), undefined)
  fc.assert(
    fc.property(place, (at) => {
      const char = address[at] ?? '0'
      const swapped = char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase()
      const wrong = address.slice(0, at) + swapped + address.slice(at + 1)
      assert.equal(ethereumCheck(wrong), wrong === address)
    }),
  )
})

test('the word list is that of BIP-39, byte for byte', () => {
  const digest = createHash('sha256')
    .update(`${BIP39_WORDS.join('\n')}\n`)
    .digest('hex')
  assert.equal(digest, '2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda')
})

test('a phrase holds its own digest: the vectors of BIP-39, and one word in sixteen', () => {
  const abandon = Array.from({ length: 11 }, () => 'abandon')
  assert.ok(seedCheck([...abandon, 'about']))
  assert.equal(BIP39_WORDS.filter((word) => seedCheck([...abandon, word])).length, 128)
  assert.ok(seedCheck([...Array.from({ length: 23 }, () => 'zoo'), 'vote']))
})

test('ICAO 9303 digits hold for its specimens, and every wrong digit is refused', () => {
  assert.equal(mrzDigit('520727'), 3)
  assert.equal(mrzDigit('AB2134<<<'), 5)
  const line = 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'
  assert.ok(secondLineCheck(line))
  assert.ok(cardLinesCheck('I<UTOD231458907<<<<<<<<<<<<<<<', '7408122F1204159UTO<<<<<<<<<<<6'))
  for (const at of [1, 2, 13, 14, 15, 16, 21, 22, 23])
    assert.ok(!secondLineCheck(changed(line, at)))
})
