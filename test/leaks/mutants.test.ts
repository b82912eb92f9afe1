import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { MUTANTS } from './mutants.ts'
import { copyProgram, leaksOf, spoilt } from './try-mutants.ts'

// all of them: `node test/leaks/try-mutants.ts`

test('every check that a mutant takes away is still where it was', () => {
  for (const { exit, edits } of MUTANTS) {
    for (const edit of edits) {
      const text = readFileSync(new URL(`../../${edit.file}`, import.meta.url), 'utf8')
      assert.notEqual(spoilt(text, edit, edit.file), text, exit)
    }
  }
})

test('the exchanges notice when an exit has lost its check', async () => {
  const { folder, remove } = copyProgram()
  try {
    for (const exit of [
      'providers: any choice',
      'cache key: any body',
      'content vault: not sealed',
    ]) {
      const mutant = MUTANTS.find((one) => one.exit === exit)
      assert.ok(mutant)
      assert.notDeepEqual(await leaksOf(folder, mutant, 1500), [], exit)
    }
  } finally {
    remove()
  }
})
