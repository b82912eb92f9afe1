import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { withRules } from './model-scan-page.ts'

test('docs/model-scan.md lists every rule as the scanner has it', () => {
  const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'model-scan.md'), 'utf8')
  assert.equal(page, withRules(page), 'run: node scripts/write-model-scan-page.ts')
})
