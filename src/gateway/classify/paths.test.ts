import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Finding } from '#kernel/label.ts'
import type { TextPart } from '#kernel/text-part.ts'
import { pathsWithoutMatches } from './paths.ts'

const key = (path: string, text: string): TextPart => ({ path, text, kind: 'key' })
const text = (path: string): TextPart => ({ path, text: 'x', kind: 'text' })
const foundIn = (part: number): Finding => ({
  type: 'EMAIL_ADDRESS',
  rule: 'email',
  part,
  start: 0,
  end: 1,
  confidence: 1,
  because: [],
})

test('a key in which something was found is hidden in its own path and below it, and nowhere else', () => {
  const parts = [
    key('metadata.a.b@x.org', 'a.b@x.org'),
    text('metadata.a.b@x.org.note.0'),
    text('metadata.a.bc'),
    text('messages.0.content'),
  ]
  const pathOf = pathsWithoutMatches(parts, [foundIn(0), foundIn(1), foundIn(3)])
  assert.deepEqual(
    parts.map((_, part) => pathOf(part)),
    ['metadata.*', 'metadata.*.note.0', 'metadata.a.bc', 'messages.0.content'],
  )
})

test('a hidden key below a hidden key leaves neither', () => {
  const parts = [key('a@x', 'a@x'), key('a@x.b@y', 'b@y'), text('a@x.b@y.c')]
  const pathOf = pathsWithoutMatches(parts, [foundIn(0), foundIn(1)])
  assert.equal(pathOf(2), '*.*.c')
})

test('a path longer than anybody reads is not shown', () => {
  const parts = [text(`a.${'b'.repeat(1000)}`)]
  assert.equal(pathsWithoutMatches(parts, [])(0), '*')
})
