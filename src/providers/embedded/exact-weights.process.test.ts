import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { findModel } from '#models/store/find-model.ts'
import type { Manifest } from '#models/store/manifest.ts'
import { storePaths } from '#models/store/store-layout.ts'
import { STARTER, starterModelDir } from '#models/starter/starter-model.fixture.ts'
import { startEngine } from './engine.fixture.ts'

const models = await starterModelDir()
const skip = 'skip' in models ? models.skip : false

describe('an engine that is told which weights were decided for', { skip }, () => {
  let dir: string
  let engine: Awaited<ReturnType<typeof startEngine>>
  let first: Manifest
  let second: Manifest
  const put = (manifest: Manifest): Promise<void> =>
    writeFile(storePaths(dir).manifest(manifest.name), JSON.stringify(manifest))

  before(async () => {
    const source = 'dir' in models ? models.dir : ''
    const whole = await findModel(source, STARTER)
    assert.ok(whole)
    dir = await mkdtemp(join(tmpdir(), 'ecluse-exact-'))
    const paths = storePaths(dir)
    await mkdir(paths.blobs)
    await mkdir(paths.manifests)
    const bytes = await readFile(storePaths(source).blob(whole.digest))
    // the same model but for the last byte of its last tensor
    const other = Buffer.from(bytes)
    other.writeUInt8(other.readUInt8(other.length - 1) ^ 1, other.length - 1)
    const digest = createHash('sha256').update(other).digest('hex')
    await writeFile(paths.blob(digest), other)
    await writeFile(paths.blob(whole.digest), bytes)
    first = { ...whole, name: 'mine', aliases: [] }
    second = { ...first, digest }
    await put(first)
    engine = await startEngine({ modelsDir: dir, recheck: 'quick' })
  })
  after(async () => {
    await engine.stop()
    await rm(dir, { recursive: true, force: true })
  })

  const asked = async (weights: string): Promise<number> => {
    const { status } = await engine.agent
      .request({
        origin: 'http://engine',
        path: '/v1/chat/completions',
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-ecluse-weights': weights },
        body: JSON.stringify({
          model: 'mine',
          max_tokens: 1,
          messages: [{ role: 'user', content: 'Hello' }],
        }),
      })
      .then(async (answer) => {
        await answer.body.dump()
        return { status: answer.statusCode }
      })
    return status
  }
  const inMemory = async (): Promise<number> => (await engine.ps()).models.length

  test('loads and serves those, and no others that the name stands for by now', async () => {
    assert.equal(await asked('none'), 503)
    assert.equal(await asked(second.digest), 503)
    assert.equal(await inMemory(), 0, 'nothing was loaded for it')
    assert.equal(await asked(first.digest), 200)
    await put(second)
    // neither the weights in memory under the new decision, nor the new ones under the old
    assert.equal(await asked(first.digest), 503)
    assert.equal(await asked(second.digest), 200)
    const unloaded = await engine.call('/unload', { model: 'mine' })
    assert.equal(unloaded.status, 200)
    assert.equal(await inMemory(), 0)
  })

  test('lets go of what it loaded when the store has no such model any more', async () => {
    assert.equal(await asked(second.digest), 200)
    await rm(storePaths(dir).manifest('mine'))
    assert.equal((await engine.call('/unload', { model: 'mine' })).status, 200)
    assert.equal(await inMemory(), 0)
    assert.equal((await engine.call('/unload', { model: 'mine' })).status, 404)
    await put(second)
  })

  test('does not keep what was loaded while its file was written to', async () => {
    const path = storePaths(dir).blob(second.digest)
    const enough = new AbortController()
    const touching = (async () => {
      while (!enough.signal.aborted) await utimes(path, new Date(), new Date())
    })()
    const status = await asked(second.digest)
    enough.abort()
    await touching
    assert.equal(status, 503)
    assert.equal(await asked(second.digest), 200)
  })
})
