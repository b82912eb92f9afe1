import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { readYaml } from './yaml-document.ts'

const codes = (text: string): readonly string[] =>
  readYaml(text, 'f').problems.map(({ code }) => code)

const SIGNS = '{}[]:-,&*!|>%@`"\'#\n\t ab1?~$'.split('')

describe('readYaml', () => {
  test('reads plain values; a key without a value is absent; yes and NO are texts', () => {
    const { value, problems } = readYaml('a: 1\nb: [x, true]\nc:\nd: NO\ne: "1"\nf: ~\n', 'f')
    deepEqual(problems, [])
    deepEqual(value, { a: 1, b: ['x', true], c: undefined, d: 'NO', e: '1', f: undefined })
  })

  test('knows the line and column of keys, of list entries and of what is not there', () => {
    const { place } = readYaml('a:\n  b:\n    - x\n    - c: 1\n', 'f')
    deepEqual(place(['a', 'b']), { line: 2, column: 3 })
    deepEqual(place(['a', 'b', 1, 'c']), { line: 4, column: 7 })
    deepEqual(place(['a', 'b', 1, 'missing']), { line: 4, column: 7 })
    deepEqual(place(['nowhere']), { line: 1, column: 1 })
  })

  test('refuses duplicates, anchors, aliases, merges of them, tags and several documents', () => {
    deepEqual(codes('a: 1\n"a": 2'), ['duplicate-key'])
    deepEqual(codes('a: {b: 1, b: 2}\nc: 1\nc: 2'), ['duplicate-key', 'duplicate-key'])
    deepEqual(codes('a: &x 1\nb: *x'), ['anchor-refused', 'anchor-refused'])
    deepEqual(codes('&x a: 1'), ['anchor-refused'])
    deepEqual(codes('a: !!binary aGk='), ['tag-refused'])
    deepEqual(codes('a: !custom 1'), ['tag-refused'])
    deepEqual(codes('--- {}\n--- {}'), ['several-documents'])
    deepEqual(codes('? [1]\n: 2'), ['malformed-yaml'])
    deepEqual(codes('\ta: 1'), ['malformed-yaml'])
  })

  test('a bomb of aliases is refused without being expanded', () => {
    const rows = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < 30; i++) rows.push(`a${i}: &a${i} [${`*a${i - 1}, `.repeat(9)}]`)
    const { value, problems } = readYaml(rows.join('\n'), 'f')
    ok(problems.length > 0 && problems.every(({ code }) => code === 'anchor-refused'))
    deepEqual(
      Object.values(value ?? {})
        .flat()
        .filter(Boolean),
      [],
    )
  })

  test('any text is either read or refused, never thrown at', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 60, unit: 'binary' }),
      fc.string({ maxLength: 60, unit: fc.constantFrom(...SIGNS) }),
    )
    fc.assert(
      fc.property(text, (source) => {
        const { problems, place } = readYaml(source, 'f')
        for (const { line, column } of problems) ok((line ?? 0) >= 1 && (column ?? 0) >= 1)
        ok(place(['x']).line >= 1)
      }),
      { numRuns: 500 },
    )
  })

  test('what JSON writes is read back: YAML is a superset', () => {
    const key = fc.string({ maxLength: 8, unit: 'grapheme-ascii' })
    const leaf = fc.oneof(fc.boolean(), fc.integer(), fc.string({ maxLength: 12 }))
    const tree = fc.dictionary(key, fc.oneof(leaf, fc.array(leaf), fc.dictionary(key, leaf)))
    fc.assert(
      fc.property(tree, (value) => {
        const read = readYaml(JSON.stringify(value), 'f')
        deepEqual(read.problems, [])
        equal(JSON.stringify(read.value), JSON.stringify(value))
      }),
      { numRuns: 200 },
    )
  })
})
