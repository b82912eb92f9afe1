import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { dropFiles } from './drop-files.ts'
import { storePaths } from './store-layout.ts'

const DIGEST = 'a'.repeat(64)
const NOW = Date.parse('2026-11-22T12:00:00Z')

test('a folder of names or claims that cannot be read may hold any: no file is dropped then', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'ecluse-drop-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  const { blobs, blob, manifests, partial } = storePaths(dir)
  await mkdir(blobs, { recursive: true })
  await writeFile(blob(DIGEST), 'weights')
  for (const folder of [manifests, partial]) {
    // what stands where the folder should cannot be listed, whoever asks
    await writeFile(folder, '')
    await dropFiles(dir, [DIGEST], NOW)
    assert.equal((await readdir(blobs)).length, 1, folder)
    await rm(folder)
  }
  await dropFiles(dir, [DIGEST], NOW)
  assert.deepEqual(await readdir(blobs), [])
})
