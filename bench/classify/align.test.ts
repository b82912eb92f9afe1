import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alignReplaced, CLOSE, OPEN } from './align.ts'

const mark = (name: string): string => `${OPEN}${name}${CLOSE}`
const told = (text: string, replaced: string): readonly string[] =>
  alignReplaced(text, replaced).map(({ start, end, type }) => `${type}:${text.slice(start, end)}`)

test('what was replaced is found by what stands around it', () => {
  const text = 'Write to camille@x.fr, not to jean@x.fr.'
  assert.deepEqual(told(text, `Write to ${mark('e')}, not to ${mark('e')}.`), [
    'e:camille@x.fr',
    'e:jean@x.fr',
  ])
  assert.deepEqual(told(text, `${mark('n')} to camille@x.fr, not to jean@x.fr${mark('d')}`), [
    'n:Write',
    'd:.',
  ])
})

test('a text that nothing was replaced in has no spans, and one replaced as a whole has one', () => {
  assert.deepEqual(told('abc', 'abc'), [])
  assert.deepEqual(told('abc', mark('x')), ['x:abc'])
  assert.deepEqual(told('', ''), [])
})
