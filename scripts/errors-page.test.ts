import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { REFUSAL_CODES } from '../src/kernel/refusal.ts'
import { LANGUAGES, refusalWording } from '../src/kernel/refusal-messages.ts'
import { errorsPage } from './errors-page.ts'

test('docs/errors.md lists every code that the program has, and no other', () => {
  const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'errors.md'), 'utf8')
  assert.equal(page, errorsPage())
})

test('every refusal says in both languages what happened and what to do', () => {
  for (const code of REFUSAL_CODES) {
    for (const language of LANGUAGES) {
      const { message, remedy } = refusalWording(code, language)
      assert.match(message, /\S.*[.:]$/, `${code} ${language}`)
      assert.match(remedy, /\S/, `${code} ${language}`)
    }
  }
})
