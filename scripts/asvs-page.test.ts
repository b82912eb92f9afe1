import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { z } from 'zod'

const ROOT = join(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const Standard = z.object({
  source: z.url(),
  retrieved: z.iso.date(),
  requirements: z.array(z.string()),
})
const ROW = /^\| (V[\d.]+) \| (.+) \|$/
const TEST = /`([\w./-]+\.test\.ts)::([^`]+)`/g
/** What a line without a test must begin with. */
const REASON =
  /^(?:Does not apply|Delegated|Deployment|Documentation|Process|Design|Accepted|Open)\b.{14,}/

const rows = read('docs/asvs.md')
  .split('\n')
  .flatMap((line) => {
    const [, id, answer] = ROW.exec(line) ?? []
    return id !== undefined && answer !== undefined ? [{ id, answer }] : []
  })

test('docs/asvs.md has one line for every requirement of level 2, in their order', () => {
  const { requirements } = Standard.parse(JSON.parse(read('data/asvs-level-2.json')))
  assert.deepEqual(
    rows.map(({ id }) => id),
    requirements,
  )
})

test('every line names a test that exists, or says why there is none', () => {
  for (const { id, answer } of rows) {
    const tests = [...answer.matchAll(TEST)]
    if (tests.length === 0) assert.match(answer, REASON, id)
    for (const [, file = '', name = ''] of tests) {
      assert.ok(existsSync(join(ROOT, file)), `${id}: ${file}`)
      const text = read(file)
      const isThere = text.includes(name) || text.includes(name.replaceAll("'", "\\'"))
      assert.ok(isThere, `${id}: ${file} has no test "${name}"`)
    }
  }
})
