import { crc32, deflateRawSync } from 'node:zlib'
import { bytes, global, proto, STOP, text, u32, type Piece } from './build-pickle.ts'
import { message } from './build-weights.ts'
import { centralHeader, endRecord, localHeader } from './build-zip.ts'
import type { Sample } from './corpus.ts'
import type { RuleCode } from '../rules.ts'

const pickle = (
  name: string,
  rule: RuleCode | null,
  ...pieces: readonly (Piece | number)[]
): Sample => ({
  name: `bombs/${name}.pkl`,
  bytes: bytes(proto(4), ...pieces, STOP),
  rule,
})

const TUPLE1 = 0x85
const TUPLE2 = 0x86
const EMPTY_SET = 0x8f
const ADD_ITEMS = 0x90
const FROZEN_SET = 0x91
const DUP = '2'

/** A tuple of itself twice, so many times: 2^times items when it is hashed. */
const doubled = (times: number): Buffer =>
  bytes(')', ...Array.from({ length: times }, () => bytes(DUP, TUPLE2)))
const many = (count: number, one: (index: number) => Buffer): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_, index) => one(index)))

/** LONG1 of a number of any size. */
function long(value: bigint): Buffer {
  const digits = BigInt.asUintN(128, value).toString(16).padStart(32, '0')
  return bytes(0x8a, 16, Buffer.from(Buffer.from(digits, 'hex').toReversed()))
}

const MODULUS = 2n ** 61n - 1n
const [PRIME_1, PRIME_2, PRIME_5] = [
  11_400_714_785_074_694_791n,
  14_029_467_366_897_019_727n,
  2_870_177_450_012_600_261n,
] as const
const u64 = (value: bigint): bigint => BigInt.asUintN(64, value)

/** Pairs of numbers that CPython hashes to one number: the second is solved for each first. */
function collidingPairs(count: number): Buffer {
  // the inverse of an odd number modulo 2^64, by Newton's steps
  let inverse: bigint = PRIME_2
  for (let step = 0; step < 6; step++) inverse = u64(inverse * (2n - PRIME_2 * inverse))
  const wanted = 12_345n
  const pairs: Buffer[] = []
  for (let first = 1n; pairs.length < count; first++) {
    let hash = u64(PRIME_5 + first * PRIME_2)
    hash = u64(u64((hash << 31n) | (hash >> 33n)) * PRIME_1)
    const second = BigInt.asIntN(64, (wanted - hash) * inverse)
    if (second > -MODULUS && second < MODULUS) {
      pairs.push(bytes(long(first), long(second), TUPLE2, 'N'))
    }
  }
  return Buffer.concat(pairs)
}

/** A frozen set of the one before it and of a tuple with that, so many times. */
const doubledSets = (times: number): Buffer =>
  bytes(
    '(',
    FROZEN_SET,
    many(times, () => bytes('q\x090(h\x09h\x09', TUPLE1, FROZEN_SET)),
  )

const CPU: readonly Sample[] = [
  pickle('doubled-key', 'pickle-bomb', '}', doubled(40), 'Ns'),
  pickle('doubled-key-of-many', 'pickle-bomb', '}(', doubled(40), 'Nu'),
  pickle('doubled-in-set', 'pickle-bomb', EMPTY_SET, '(', doubled(40), ADD_ITEMS),
  pickle('doubled-in-frozen-set', 'pickle-bomb', '(', doubled(40), FROZEN_SET),
  pickle('doubled-in-call', 'pickle-bomb', global('builtins', 'set'), '(]', doubled(40), 'at', 'R'),
  // two of one form: each knows its hash, and they are compared part by part
  pickle('frozen-sets', 'pickle-bomb', EMPTY_SET, '(', doubledSets(40), doubledSets(40), ADD_ITEMS),
  pickle('deep-key', 'pickle-bomb', '}', ')', Buffer.alloc(20_000, TUPLE1), 'Ns'),
  pickle(
    'numbers-of-one-hash',
    'pickle-bomb',
    '}(',
    many(30_000, (index) => bytes(long(BigInt(index + 1) * MODULUS + 7n), 'N')),
    'u',
  ),
  pickle('pairs-of-one-hash', 'pickle-bomb', '}(', collidingPairs(30_000), 'u'),
  pickle(
    'copied-again',
    'pickle-bomb',
    global('builtins', 'list'),
    'q\x00(',
    many(100_000, () => Buffer.from('K\x01', 'latin1')),
    'tq\x01(',
    many(3000, () => bytes('h\x00h\x01', TUPLE1, 'R')),
    't',
  ),
  pickle('digits', 'pickle-bomb', 'L', Buffer.alloc(1_000_000, '7'), 'L\n'),
  pickle(
    'digits-called',
    'pickle-argument',
    global('builtins', 'int'),
    text('7'.repeat(4301)),
    TUPLE1,
    'R',
  ),
  pickle(
    'fraction',
    'pickle-argument',
    global('fractions', 'Fraction'),
    text('1e999999999'),
    TUPLE1,
    'R',
  ),
  pickle(
    'decimals',
    'pickle-cost',
    global('decimal', 'Decimal'),
    'q\x000}(',
    many(20_000, (index) => bytes('h\x00', text(String(index)), TUPLE1, 'RN')),
    'u',
  ),
  pickle(
    'grid-of-pairs',
    null,
    '}(',
    many(40_000, (index) => bytes('J', u32(index >> 8), 'J', u32(index & 255), TUPLE2, 'N')),
    'u',
  ),
  pickle(
    'long-keys',
    null,
    '}(',
    many(40_000, (index) => bytes(long(BigInt(index) * 0x9e37_79b9_7f4an), 'N')),
    'u',
  ),
  pickle(
    'same-keys-again',
    null,
    ']',
    '(',
    many(9000, () => bytes('}(K\x01K\x02', TUPLE2, 'NK\x02K\x03', TUPLE2, 'Nu')),
    'e',
  ),
  pickle('plain-fraction', null, global('fractions', 'Fraction'), text('-3/4'), TUPLE1, 'R'),
  pickle('nested', null, '}', ')', Buffer.alloc(50, TUPLE1), 'Ns'),
]

/** Members each of which holds, quoted in a block of its own stream, the header and the data of the next (Fifield 2019). */
function quotedBomb(count: number): Buffer {
  const kernel = deflateRawSync(Buffer.alloc(1_000_000))
  let data = kernel
  let content = Buffer.alloc(1_000_000)
  const tails: { readonly header: Buffer; readonly central: (offset: number) => Buffer }[] = []
  let file = Buffer.alloc(0)
  for (let index = count - 1; index >= 0; index--) {
    const member = { name: `model-${index}.txt`, content, crc: crc32(content), deflated: true }
    const packed = data
    const header = localHeader(member, packed)
    tails.unshift({ header, central: (offset) => centralHeader(member, packed, offset) })
    file = Buffer.concat([header, data])
    const block = Buffer.from([0, 0, 0, 0, 0])
    block.writeUInt16LE(header.length, 1)
    block.writeUInt16LE(header.length ^ 0xff_ff, 3)
    data = Buffer.concat([block, header, data])
    content = Buffer.concat([header, content])
  }
  // each header begins five bytes, and the one before it, behind the one before
  let offset = 0
  const central = tails.map(({ header, central: make }) => {
    const made = make(offset)
    offset += header.length + 5
    return made
  })
  const directory = Buffer.concat(central)
  return Buffer.concat([file, directory, endRecord(count, directory.length, file.length)])
}

const node = (operator: string): Buffer => message([1, 'x'], [2, operator])

const STRANGERS: readonly Sample[] = [
  {
    name: 'bombs/quoted.zip',
    bytes: quotedBomb(20),
    rule: 'zip-overlap',
    reference: 'Fifield 2019',
  },
  {
    name: 'bombs/operator.pb',
    bytes: message([1, node('MatMul')], [1, node('StealEverything')]),
    rule: 'tensorflow-custom-operator',
  },
  {
    name: 'bombs/operator.pbtxt',
    bytes: Buffer.from(
      'node { name: "a" op: "StealEverything" }\nnode { name: "StealEverything" op: "NoOp" }',
    ),
    rule: 'tensorflow-custom-operator',
  },
  {
    name: 'bombs/function.pb',
    bytes: message(
      [1, node('my_function')],
      [2, message([1, message([1, message([1, 'my_function'])], [3, node('Add')])])],
    ),
    rule: null,
  },
  {
    name: 'bombs/function.pbtxt',
    bytes: Buffer.from(
      'node { op: "f" }\nlibrary { function { signature { name: "f" } node_def { op: "AddV2" } } }',
    ),
    rule: null,
  },
]

/** Files that exhaust their reader without a line of code, and operators that nobody knows; with their harmless likes. */
export const BOMBS: readonly Sample[] = [...CPU, ...STRANGERS]
