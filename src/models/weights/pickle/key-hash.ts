import { FALSE, isGlobal, NONE, TRUE, type Value } from './value.ts'

/** Modulus of numeric hashes on 64 bits (CPython Include/cpython/pyhash.h, _PyHASH_MODULUS). */
const MODULUS = 2n ** 61n - 1n
/** Constants of the hash of tuples (CPython Objects/tupleobject.c, from xxHash; 3.8 and later). */
const PRIME_1 = 11_400_714_785_074_694_791n
const PRIME_2 = 14_029_467_366_897_019_727n
const PRIME_5 = 2_870_177_450_012_600_261n
/** What `None` hashes to since CPython 3.12. */
const HASH_OF_NONE = 0xfc_a8_64_20n
/** Larger keys than these are not computed. */
const MOST_ITEMS = 16
const MOST_WEIGHT = 64

/** Calls whose results hash by their numbers, which a writer chooses. */
const NUMERIC = new Set(
  'Size Decimal Fraction complex UUID int long float tuple frozenset range xrange slice timedelta'.split(
    ' ',
  ),
)

/**
 * The low bits of the hash that CPython gives a key. `random`: of texts, bytes and identities, which nobody can make
 * collide; `unknown`: of what is not computed here.
 */
export function keyHash(key: Value): number | 'random' | 'unknown' {
  const hash = hashOf(key)
  return typeof hash === 'bigint'
    ? Number(hash & 0xff_ff_ff_ffn) ^ Number((hash >> 32n) & 0xff_ff_ff_ffn)
    : hash
}

function hashOf(key: Value): bigint | 'random' | 'unknown' {
  if (typeof key === 'string') return 'random'
  if (typeof key === 'number')
    return Number.isInteger(key) ? hashOfWhole(BigInt(key)) : hashOfFloat(key)
  switch (key.kind) {
    case 'long':
      return hashOfWhole(fromHex(key.hex))
    case 'tuple':
      return key.count > MOST_ITEMS || key.weight > MOST_WEIGHT ? 'unknown' : hashOfTuple(key.items)
    case 'bulk':
      return key.of === 'bytes' ? 'random' : 'unknown'
    case 'call':
      return isGlobal(key.callee) && NUMERIC.has(key.callee.name) ? 'unknown' : 'random'
    case 'opaque':
      if (key === NONE) return HASH_OF_NONE
      return key === TRUE ? 1n : key === FALSE ? 0n : 'unknown'
    default:
      return 'random'
  }
}

function hashOfWhole(value: bigint): bigint {
  const hash = value < 0n ? -(-value % MODULUS) : value % MODULUS
  return BigInt.asUintN(64, hash === -1n ? -2n : hash)
}

/** A fraction is its mantissa times a power of two, of which only the remainder by 61 counts. */
function hashOfFloat(value: number): bigint {
  if (!Number.isFinite(value))
    return value > 0 ? 314_159n : value < 0 ? BigInt.asUintN(64, -314_159n) : 0n
  let mantissa = Math.abs(value)
  let exponent = 0
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2
    exponent -= 1
  }
  const shift = BigInt(((exponent % 61) + 61) % 61)
  const hash = (BigInt(mantissa) << shift) % MODULUS
  return BigInt.asUintN(64, value < 0 ? -hash : hash)
}

function hashOfTuple(items: readonly Value[]): bigint | 'random' | 'unknown' {
  let hash = PRIME_5
  let isUnknown = false
  for (const item of items) {
    const lane = hashOf(item)
    // one part that nobody can choose makes the whole one so
    if (lane === 'random') return lane
    if (lane === 'unknown') {
      isUnknown = true
      continue
    }
    hash = BigInt.asUintN(64, hash + lane * PRIME_2)
    hash = BigInt.asUintN(64, (hash << 31n) | (hash >> 33n))
    hash = BigInt.asUintN(64, hash * PRIME_1)
  }
  if (isUnknown) return 'unknown'
  hash = BigInt.asUintN(64, hash + (BigInt(items.length) ^ PRIME_5 ^ 3_527_539n))
  return hash === 2n ** 64n - 1n ? 1_546_275_796n : hash
}

/** Little-endian two's complement, as LONG1 writes it. */
function fromHex(hex: string): bigint {
  if (hex === '') return 0n
  const bytes = Buffer.from(hex, 'hex').toReversed()
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString('hex')}`))
}
