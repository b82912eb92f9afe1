import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerBlocks } from './answer-blocks.ts'

test('fenced code stands apart from the text, without the blank lines of Markdown', () => {
  assert.deepEqual(answerBlocks('One.\n\n```ts\nlet a\n\nlet b\n```\n\nTwo.'), [
    { kind: 'text', text: 'One.' },
    { kind: 'code', text: 'let a\n\nlet b' },
    { kind: 'text', text: 'Two.' },
  ])
})

test('a fence that is still open while the answer streams is already code', () => {
  assert.deepEqual(answerBlocks('```\nlet a'), [{ kind: 'code', text: 'let a' }])
})

test('an empty answer has nothing to show', () => {
  assert.deepEqual(answerBlocks(''), [])
})
