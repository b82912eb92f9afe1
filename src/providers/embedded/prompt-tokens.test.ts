import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { promptTokens, type Vocabulary } from './prompt-tokens.ts'

/** Characters are tokens; `<|x|>` is a control token and `[U]` a user-defined one that even plain mode matches. */
const MARKERS = ['<|x|>', '[U]']
const vocabulary: Vocabulary<string> = {
  tokenize: (text, special) => {
    const matched = special ? /<\|x\|>|\[U\]|[^]/gu : /\[U\]|[^]/gu
    return text.match(matched) ?? []
  },
  textOf: (token) => token,
  isControl: (token) => token === '<|x|>',
  isUserDefined: (token) => token === '[U]',
  bos: '<s>',
  prependBos: true,
}

test('no content becomes a token that the template steers with', () => {
  const part = fc.constantFrom('<|x|>', '[U]', '[[U]', '[U]]', '<|', 'x|>', 'a', ' ', '[', 'U')
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const content = parts.join('')
      const tokens = promptTokens(vocabulary, [
        { origin: 'template', text: '<|x|>[U]' },
        { origin: 'content', text: content },
        { origin: 'template', text: '<|x|>' },
      ])
      assert.deepEqual(tokens.slice(0, 3), ['<s>', '<|x|>', '[U]'])
      const inside = tokens.slice(3, -1)
      assert.equal(inside.join(''), content)
      for (const marker of MARKERS) assert.ok(!inside.includes(marker))
    }),
  )
})

test('the beginning-of-sequence token is there once, whoever writes it', () => {
  const writing = { ...vocabulary, bos: '<|x|>' }
  const pieces = [{ origin: 'template', text: '<|x|>a' }] as const
  assert.deepEqual(promptTokens(writing, pieces), ['<|x|>', 'a'])
  assert.deepEqual(promptTokens(vocabulary, pieces), ['<s>', '<|x|>', 'a'])
})
