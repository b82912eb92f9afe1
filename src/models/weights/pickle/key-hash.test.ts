import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { keyHash } from './key-hash.ts'
import { OPAQUE, TRUE, type Value } from './value.ts'

const tuple = (...items: readonly Value[]): Value => ({
  kind: 'tuple',
  items,
  count: items.length,
  weight: items.length + 1,
  depth: 1,
})
const long = (hex: string): Value => ({ kind: 'long', hex })

/** The 64 bits of a hash, folded as `keyHash` gives them. */
const folded = (hash: bigint): number => Number(hash & 0xff_ff_ff_ffn) ^ Number(hash >> 32n)

suite('keys hash as CPython 3.11 hashes them on 64 bits', () => {
  const cases: readonly (readonly [string, Value, bigint])[] = [
    ['2**61 + 5', long('0500000000000020'), 6n],
    ['(1, 2)', tuple(1, 2), 14_896_688_948_223_909_699n],
    ['0.1', 0.1, 230_584_300_921_369_408n],
    ['(1.5, -1, True)', tuple(1.5, -1, TRUE), 10_978_333_250_181_739_449n],
    ['((3,), -2**62)', tuple(tuple(3), long('00000000000000c0')), 1_398_801_093_431_776_056n],
    ['()', tuple(), 5_740_354_900_026_072_187n],
    ['-2.75e300', -2.75e300, 17_383_850_110_881_778_778n],
    ['5e-324', 5e-324, 16_777_216n],
  ]
  for (const [name, key, hash] of cases) {
    test(name, () => assert.equal(keyHash(key), folded(hash)))
  }

  test('a text anywhere makes the hash one that nobody can choose', () => {
    assert.equal(keyHash(tuple(1, 'a')), 'random')
    assert.equal(keyHash(tuple(OPAQUE, 'a')), 'random')
    assert.equal(keyHash(tuple(OPAQUE, 1)), 'unknown')
  })
})
