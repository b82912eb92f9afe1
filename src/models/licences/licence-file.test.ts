import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { LONGEST_TEXT } from './fingerprint.ts'
import { judge } from './judge.ts'
import { licenceNameAmong } from './licence-file.ts'
import { FRENCH, TEXT_ONLY } from './company.fixture.ts'
import { claimsOfFolder } from './read-claims.ts'

test('a licence file that cannot be read, or is too long, is no absent one: the tag is not believed', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'ecluse-licence-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'README.md'), '---\nlicense: mit\n---\n')
  const reasons = async (): Promise<readonly string[]> => {
    const { claims } = await claimsOfFolder(folder, 'mine')
    return judge(claims, FRENCH, TEXT_ONLY).reasons
  }
  assert.deepEqual(await reasons(), [])
  await writeFile(join(folder, 'LICENSE'), 'x '.repeat(LONGEST_TEXT))
  assert.deepEqual(await reasons(), ['licence-unknown'])
})

test('the licence of a model is that of its weights, where its code has another', () => {
  assert.equal(licenceNameAmong(['LICENSE-CODE', 'LICENSE-MODEL', 'README.md']), 'LICENSE-MODEL')
  assert.equal(licenceNameAmong(['LICENSE-CODE', 'LICENSE']), 'LICENSE')
  assert.equal(licenceNameAmong(['licence.txt']), 'licence.txt')
  assert.equal(licenceNameAmong(['config.json']), null)
})
