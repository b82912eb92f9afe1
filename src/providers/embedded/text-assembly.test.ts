import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { TextAssembly } from './text-assembly.ts'

/** Tokens as runs of bytes, as byte-level vocabularies have them. */
const decode = (tokens: readonly Uint8Array[]): string => Buffer.concat(tokens).toString('utf8')

test('a character cut between tokens is shown whole, wherever the cuts are', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
      (text, sizes) => {
        const bytes = Buffer.from(text, 'utf8')
        const assembly = new TextAssembly<Uint8Array>((tokens) => decode(tokens), [])
        let shown = ''
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1
          const piece = assembly.push(bytes.subarray(at, at + size))
          assert.ok(!piece.includes('\uFFFD') || text.includes('\uFFFD'))
          shown += piece
          at += size
        }
        assert.equal(shown + assembly.flush(), bytes.toString('utf8'))
      },
    ),
  )
})

test('a character is whole even when every token before it ended inside one', () => {
  const text = ` ${'𐀀'.repeat(40)}`
  const bytes = Buffer.from(text, 'utf8')
  const assembly = new TextAssembly<Uint8Array>((tokens) => decode(tokens), [])
  let shown = ''
  for (let at = 0; at < bytes.length; at += 2) shown += assembly.push(bytes.subarray(at, at + 2))
  assert.equal(shown + assembly.flush(), text)
})

test('bytes that are no text are shown in the end, and memory stays bounded', () => {
  let most = 0
  const assembly = new TextAssembly<Uint8Array>((tokens) => {
    most = Math.max(most, tokens.length)
    return decode(tokens)
  }, [])
  let shown = ''
  for (let count = 0; count < 100; count++) shown += assembly.push(Buffer.from([0xf0]))
  shown += assembly.flush()
  assert.equal(shown, '\uFFFD'.repeat(100))
  assert.ok(most <= 16)
})
