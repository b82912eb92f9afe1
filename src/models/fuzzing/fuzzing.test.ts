import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { drawFrom } from '../weights/testing/mutate.ts'
import { allTargets } from './all-targets.ts'
import { mutateJson } from './mutate-json.ts'
import { inputOf, runRound } from './one-round.ts'

const folder = mkdtempSync(join(tmpdir(), 'ecluse-fuzz-'))
const targets = await allTargets(folder)
test.after(() => rmSync(folder, { recursive: true, force: true }))

const ROUNDS = 150

for (const target of targets) {
  test(`${target.name}: whatever it is given, it answers`, async () => {
    const outcomes = new Set<string>()
    for (let round = 0; round < ROUNDS; round++) outcomes.add(await runRound(target, 7, round))
    // one answer alone would mean that nothing was reached
    assert.ok(outcomes.size > 1, [...outcomes].join())
  })
}

test('every parser takes its own seeds, and the same seed spoils them the same way', async () => {
  for (const target of targets) {
    for (const seed of target.seeds.slice(0, 5)) await target.run(seed, drawFrom(1))
    assert.ok(inputOf(target, 3, 4).equals(inputOf(target, 3, 4)), target.name)
  }
  assert.equal(new Set(targets.map(({ name }) => name)).size, targets.length)
})

test('a document spoilt as values is a document still', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.nat(), (text, seed) => {
      const spoilt = mutateJson(text, drawFrom(seed))
      // a key that is special to objects stands in front of what may be a text
      if (!spoilt.includes('__proto__')) assert.doesNotThrow(() => JSON.parse(spoilt))
    }),
  )
})
