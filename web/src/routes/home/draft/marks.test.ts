import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { carriedOver, inDraft, runs } from './marks.ts'

const range = (length: number) =>
  fc
    .tuple(fc.nat(length), fc.nat(length))
    .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }))

test('marks cut the text without losing or adding a character, whatever the ranges', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 40 }),
      fc.array(range(60), { maxLength: 6 }),
      (text, ranges) => {
        assert.equal(
          runs(text, ranges)
            .map((run) => run.text)
            .join(''),
          text,
        )
      },
    ),
  )
})

test('exactly the characters of a finding are marked', () => {
  assert.deepEqual(runs('a bc d', [{ start: 2, end: 4 }]), [
    { text: 'a ', marked: false },
    { text: 'bc', marked: true },
    { text: ' d', marked: false },
  ])
})

test('findings of earlier turns are not marked in the draft', () => {
  const ranges = [
    { start: 0, end: 4 },
    { start: 8, end: 12 },
    { start: 12, end: 14 },
  ]
  assert.deepEqual(inDraft(ranges, 10), [
    { start: 0, end: 2 },
    { start: 2, end: 4 },
  ])
})

test('while the next reading is awaited, marks stay on the words they were made for', () => {
  const older = 'mail a@b.fr now'
  const found = [{ start: 5, end: 11 }]
  const words = (now: string) =>
    carriedOver(found, older, now).map(({ start, end }) => now.slice(start, end))
  assert.deepEqual(words('mail a@b.fr now!'), ['a@b.fr'])
  assert.deepEqual(words('Please mail a@b.fr now'), ['a@b.fr'])
  assert.deepEqual(words('mail a@bc.fr now'), [])
  assert.deepEqual(words(''), [])
})

test('a carried mark always covers the same characters as before', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 20 }),
      fc.string({ maxLength: 20 }),
      range(20),
      (older, now, found) => {
        const end = Math.min(found.end, older.length)
        const start = Math.min(found.start, end)
        for (const kept of carriedOver([{ start, end }], older, now)) {
          assert.equal(now.slice(kept.start, kept.end), older.slice(start, end))
        }
      },
    ),
  )
})
