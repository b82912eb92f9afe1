import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeSpans } from './spans.ts'

test('what stands between backticks is code, a lone backtick is text', () => {
  assert.deepEqual(codeSpans('Run `ecluse ps`, or ` not.'), [
    { code: false, text: 'Run ' },
    { code: true, text: 'ecluse ps' },
    { code: false, text: ', or ` not.' },
  ])
})
