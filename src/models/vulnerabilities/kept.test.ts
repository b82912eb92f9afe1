import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readKept } from './kept.ts'

test('imports that are not there are none; a folder that cannot be read is no empty one', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'ecluse-kept-'))
  t.after(() => rm(home, { recursive: true, force: true }))
  const nothing = await readKept(join(home, 'nowhere'))
  assert.deepEqual(nothing, { records: [], statements: [], broken: [] })
  const folder = join(home, 'vulnerabilities')
  await mkdir(folder)
  await writeFile(join(folder, 'records'), 'no folder')
  await assert.rejects(readKept(folder), /ENOTDIR/)
})
