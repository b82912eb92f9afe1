import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { shippedCatalogue } from '../src/models/catalogue/family.ts'
import { withRows } from './catalogue-page.ts'

test('docs/catalogue.md lists every row of the catalogue as it is graded now', () => {
  const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'catalogue.md'), 'utf8')
  assert.equal(page, withRows(page), 'run: node scripts/write-catalogue-page.ts')
  for (const { id } of shippedCatalogue().families) assert.ok(page.includes(`\`${id}\``), id)
})
