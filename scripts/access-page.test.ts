import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { accessPage } from './access-page.ts'

test('docs/access.md tells the roles and permissions that the program has', () => {
  const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'access.md'), 'utf8')
  assert.equal(page, accessPage())
})
