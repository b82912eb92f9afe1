import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseJsonBody } from './json-body.ts'

const codeOf = (bytes: Uint8Array, depth = 64): string => {
  const read = parseJsonBody(bytes, depth)
  return read.ok ? 'ok' : read.error.code
}
const bytes = (text: string): Uint8Array => Buffer.from(text)

test('only one JSON object in UTF-8 is a body', () => {
  assert.equal(codeOf(bytes('{"a":1}')), 'ok')
  for (const text of ['', '[]', '1', 'null', '"x"', '{', '{"a":1}{}', '{a:1}', '\ufeff{}']) {
    assert.equal(codeOf(bytes(text)), 'malformed-json', text)
  }
  assert.equal(codeOf(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)), 'invalid-utf8')
})

test('a number that could not be kept exactly is refused', () => {
  for (const number of [
    '9007199254740993',
    '-9007199254740993',
    '1e400',
    '12345678901234567890',
    '1e21',
  ]) {
    assert.equal(codeOf(bytes(`{"a":[${number}]}`)), 'unsafe-number', number)
  }
  assert.equal(codeOf(bytes('{"a":[9007199254740991, 0.1, -0, 1e-7]}')), 'ok')
})

test('nesting beyond the limit is refused, a hundred thousand levels too', () => {
  const nested = (levels: number): Uint8Array =>
    bytes(`{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`)
  assert.equal(codeOf(nested(63)), 'ok')
  assert.equal(codeOf(nested(64)), 'too-deep')
  assert.equal(codeOf(nested(100_000)), 'too-deep')
})

test('of two equal keys the last one is kept, and nothing of the first one survives', () => {
  const read = parseJsonBody(bytes('{"a":"first","a":"last"}'), 8)
  assert.ok(read.ok)
  assert.equal(JSON.stringify(read.value), '{"a":"last"}')
})

test('a key named __proto__ is data like any other', () => {
  const read = parseJsonBody(bytes('{"__proto__":{"x":1}}'), 8)
  assert.ok(read.ok)
  assert.deepEqual(Object.keys(read.value), ['__proto__'])
})
