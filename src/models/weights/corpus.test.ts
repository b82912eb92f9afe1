import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { inMemory } from './bytes/byte-source.ts'
import { RULES } from './rules.ts'
import { scanFile } from './scan-file.ts'
import { CORPUS } from './testing/corpus.ts'

const scan = (name: string, bytes: Buffer) =>
  scanFile({ path: name, source: inMemory(bytes) }).report

suite('every attack that was published is named by its rule', () => {
  for (const { name, bytes, rule } of CORPUS.filter((sample) => sample.rule !== null)) {
    test(name, () => {
      const report = scan(name, bytes)
      const rules = report.findings.map((finding) => finding.rule)
      assert.ok(rule !== null && rules.includes(rule), `${rule} not in ${rules.join(', ')}`)
      const { effect } = RULES[rule]
      if (effect === 'forbid') assert.equal(report.verdict, 'forbidden')
      // a note alone changes nothing; something that cannot be read is never clean
      assert.equal(report.verdict === 'clean', effect === 'warn')
      if (effect !== 'warn') assert.equal(report.servable, false)
    })
  }
})

suite('files as their own libraries write them are clean', () => {
  for (const { name, bytes } of CORPUS.filter((sample) => sample.rule === null)) {
    test(name, () => {
      const report = scan(name, bytes)
      assert.deepEqual(
        report.findings.map(({ rule, subject }) => [rule, subject]),
        [],
      )
      assert.equal(report.verdict, 'clean')
    })
  }
})

test('every rule that can be shown with one file is shown by a sample', () => {
  const elsewhere = new Set([
    // told of folders and of comparisons; their own tests show them
    'limit-reached',
    'cannot-be-read',
    'changed-while-scanned',
    'special-file',
    'dangling-link',
    'folder-link',
    'link-outside',
    'folder-skipped',
    'template-drift',
    'template-disagrees',
    'template-no-base',
  ])
  const shown = new Set(
    CORPUS.flatMap(({ name, bytes }) => scan(name, bytes).findings.map(({ rule }) => rule)),
  )
  const missing = Object.keys(RULES).filter(
    (rule) => !elsewhere.has(rule) && !shown.has(rule as keyof typeof RULES),
  )
  assert.deepEqual(missing, [])
})
