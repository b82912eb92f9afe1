import assert from 'node:assert/strict'
import { test } from 'node:test'
import { questionText } from './question-text.ts'

test('the draft stands at the end of the conversation, at the offset that is told', () => {
  const before = [
    { role: 'user', content: 'Bonjour 🚤' },
    { role: 'assistant', content: 'Oui ?' },
  ] as const
  const { text, draftStart } = questionText(before, 'le brouillon')
  assert.equal(text.slice(draftStart), 'le brouillon')
  assert.ok(text.startsWith('Bonjour 🚤\n\nOui ?\n\n'))
})

test('a first question stands alone', () => {
  assert.deepEqual(questionText([], 'a'), { text: 'a', draftStart: 0 })
})
