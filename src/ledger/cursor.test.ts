import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { cursorText, parseCursor } from './cursor.ts'

test('a cursor reads back as it was made', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.maxSafeNat(), (id, place) => {
      assert.deepEqual(parseCursor(cursorText({ id, place })), { ok: true, value: { id, place } })
    }),
  )
})

test('anything else is refused, and not repeated in the refusal', () => {
  const id = '01890000-0000-7000-8000-000000000001'
  for (const text of [
    '',
    'abc',
    id,
    `${id}.`,
    `${id}.-1`,
    `${id}.99999999999999999`,
    `${id}.1'--`,
  ]) {
    const refused = parseCursor(text)
    assert.ok(!refused.ok)
    assert.equal(refused.error.code, 'invalid-value')
    assert.equal(refused.error.param, 'before')
  }
})
