import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { canonicalJson, type JsonValue } from '#kernel/canonical-json.ts'
import { EVENT_TYPES } from './event.ts'
import { GENESIS, hex, leafHash, recordHash, recordHeader } from './hash.ts'
import { readEvent } from './read-event.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const header = fc.record({
  id: fc.uuid(),
  tenant: fc.string({ unit: 'binary' }),
  writer: fc.string({ unit: 'binary' }),
  seq: fc.integer({ min: 1, max: 2 ** 40 }),
  at: fc.maxSafeNat(),
  type: fc.constantFrom(...EVENT_TYPES),
  prev: bytes(32),
  leaf: bytes(32),
})

describe('the hash of a record', () => {
  test('is over the canonical JSON of its header', () => {
    fc.assert(
      fc.property(header, (record) => {
        const { tenant, writer, seq, at, type, id } = record
        const [prev, leaf] = [hex(record.prev), hex(record.leaf)]
        const canonical = canonicalJson({ v: 1, tenant, writer, seq, at, type, id, prev, leaf })
        assert.equal(recordHeader(record), canonical)
        assert.equal(
          hex(recordHash(record)),
          createHash('sha256').update(canonical, 'utf8').digest('hex'),
        )
      }),
    )
  })

  test('differs as soon as one field differs', () => {
    fc.assert(
      fc.property(header, header, (a, b) => {
        const same = canonicalJson(plain(a)) === canonicalJson(plain(b))
        assert.equal(hex(recordHash(a)) === hex(recordHash(b)), same)
      }),
    )
  })
})

test('the leaf is the same whatever the order of the keys', () => {
  const salt = new Uint8Array(16)
  fc.assert(
    fc.property(fc.jsonValue(), fc.infiniteStream(fc.nat()), (value, picks) => {
      const json = value as JsonValue
      const leaf = hex(leafHash(salt, canonicalJson(json)))
      assert.equal(hex(leafHash(salt, canonicalJson(shuffled(json, picks)))), leaf)
    }),
  )
})

test('canonical JSON is JSON: every string and number as JSON.stringify writes it', () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ stringUnit: 'binary' }),
      fc.string({ unit: 'binary' }),
      (value, text) => {
        const json = value as JsonValue
        assert.deepEqual(JSON.parse(canonicalJson(json)), JSON.parse(JSON.stringify(json)))
        assert.equal(canonicalJson(text), JSON.stringify(text))
        assert.equal(
          canonicalJson(text.charAt(0) + '\ud800'),
          JSON.stringify(text.charAt(0) + '\ud800'),
        )
      },
    ),
  )
  assert.equal(
    canonicalJson({ b: [1e21, -0, 0.1], a: undefined, 'a"': null }),
    '{"a\\"":null,"b":[1e+21,0,0.1]}',
  )
  assert.throws(() => canonicalJson([Number.NaN]), TypeError)
})

test('every version of every event ever written still reads and hashes as it did', () => {
  const folder = new URL('golden/', import.meta.url)
  const names = readdirSync(folder)
  for (const type of EVENT_TYPES) assert.ok(names.includes(`${type}-v1.json`), type)
  for (const name of names) {
    const golden = JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
    const { payload, salt, header } = golden
    assert.equal(canonicalJson(JSON.parse(payload)), payload, name)
    const leaf = leafHash(Buffer.from(salt, 'hex'), payload)
    assert.equal(hex(leaf), golden.leaf, name)
    assert.equal(hex(recordHash({ ...header, prev: GENESIS, leaf })), golden.hash, name)
    assert.deepEqual(readEvent(payload), JSON.parse(payload), name)
  }
})

const plain = (record: { prev: Uint8Array; leaf: Uint8Array; id: string }) => ({
  ...record,
  prev: hex(record.prev),
  leaf: hex(record.leaf),
})

function shuffled(value: JsonValue, picks: Iterator<number>): JsonValue {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item: JsonValue) => shuffled(item, picks))
  const entries = Object.entries(value).map(
    ([key, field]) => [key, field === undefined ? field : shuffled(field, picks)] as const,
  )
  return Object.fromEntries(
    entries
      .map((entry) => [Number(picks.next().value), entry] as const)
      .sort(([a], [b]) => a - b)
      .map(([, entry]) => entry),
  )
}
