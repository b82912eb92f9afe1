import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { storePaths } from './store-layout.ts'
import { isMarkedChanged, reverifyFiles, stampVerified, verifyBlob } from './verify-blob.ts'

test('a file that was written to between its digest and its place in the store is read again', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'ecluse-stamp-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  const paths = storePaths(dir)
  await mkdir(paths.blobs)
  const digest = createHash('sha256').update('right').digest('hex')
  const path = join(dir, 'partial')
  await writeFile(path, 'right')
  const hashed = await stat(path, { bigint: true })
  await writeFile(path, 'wrong')
  await utimes(path, 1, 1)
  await rename(path, paths.blob(digest))
  await stampVerified(dir, digest, hashed)
  assert.equal(await verifyBlob(dir, digest), 'changed')
})

test('files that are gone, changed or cannot be read are told apart, of one file and of several', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'ecluse-verify-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  const paths = storePaths(dir)
  await mkdir(paths.blobs)
  const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')
  const put = async (text: string): Promise<string> => {
    await writeFile(paths.blob(digestOf(text)), text)
    return digestOf(text)
  }
  const [first, second, gone] = [await put('first'), await put('second'), digestOf('gone')]
  assert.equal(await reverifyFiles(dir, [first]), 'verified')
  assert.equal(await reverifyFiles(dir, [first, second]), 'verified')
  assert.equal(await reverifyFiles(dir, [gone]), 'missing')
  assert.equal(await reverifyFiles(dir, [first, gone]), 'missing')
  const folder = digestOf('a folder is no file')
  await mkdir(paths.blob(folder))
  assert.equal(await reverifyFiles(dir, [folder]), 'unreadable')
  assert.equal(await reverifyFiles(dir, [first, folder]), 'unreadable')
  assert.equal(await isMarkedChanged(dir, folder), false, 'nothing is known of its bytes')
  await writeFile(paths.blob(second), 'others')
  assert.equal(await reverifyFiles(dir, [first, second]), 'changed')
  assert.equal(await reverifyFiles(dir, [second]), 'changed')
  await put('second')
  assert.equal(await reverifyFiles(dir, [first, second]), 'verified')
  assert.equal(await isMarkedChanged(dir, second), false)
})
