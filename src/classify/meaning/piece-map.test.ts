import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { pieceIndex, PieceMap } from './piece-map.ts'
import { plain } from './plain.ts'
import { PATTERNS } from './reading.ts'

const SENTENCES = ['sentences', 'held-out'].flatMap(
  (name) =>
    JSON.parse(readFileSync(`${import.meta.dirname}/cases/${name}.json`, 'utf8')) as readonly {
      readonly text: string
    }[],
)

test('a pattern that matches in a sentence is told for it', () => {
  const patterns = Object.entries(PATTERNS)
  const index = pieceIndex(patterns.map(([, pattern]) => pattern))
  for (const { text } of SENTENCES) {
    const told = new PieceMap(text, index).within(0, text.length)
    for (const [i, [name, pattern]] of patterns.entries()) {
      if (pattern.test(text) || pattern.test(plain(text)))
        assert.ok((told & (1 << i)) !== 0, `${name}: ${text}`)
    }
  }
})

test('most patterns are not searched for in a sentence that has none of their words', () => {
  const text = 'cancer\n'
  const told = new PieceMap(text, pieceIndex(Object.values(PATTERNS))).within(0, text.length)
  const count = told.toString(2).replaceAll('0', '').length
  assert.ok(count < 4, `${count} patterns`)
})
