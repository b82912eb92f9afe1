import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rememberLanguage, startingLanguage } from './language.ts'

function memory() {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
}

test("the browser's first language that is spoken here is used, English otherwise", () => {
  assert.equal(startingLanguage(null, ['de-DE', 'fr-CA', 'en']), 'fr')
  assert.equal(startingLanguage(null, ['de-DE']), 'en')
})

test('a choice outlives the visit', () => {
  const kept = memory()
  rememberLanguage(kept, 'fr')
  assert.equal(startingLanguage(kept, ['en']), 'fr')
})
