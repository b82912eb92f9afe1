import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { findModel } from '#models/store/find-model.ts'
import { splitGguf } from '#models/getting/testing/split-gguf.ts'
import { filesOf } from '#models/store/manifest.ts'
import { machinePorts } from '#models/pull/pull-ports.ts'
import { pullModel } from '#models/pull/pull.ts'
import { removeModel } from '#models/store/remove-model.ts'
import { STARTER, starterModelDir } from '#models/starter/starter-model.fixture.ts'
import { storePaths } from '#models/store/store-layout.ts'
import { blobTree } from '#models/weights/blob-tree.ts'
import { scanTree } from '#models/weights/scan-tree.ts'
import { startEngine } from './engine.fixture.ts'

const models = await starterModelDir()
const skip = 'skip' in models ? models.skip : false

const question = {
  messages: [{ role: 'user' as const, content: 'What is the capital of France?' }],
  temperature: 0,
  seed: 1,
  max_tokens: 12,
}

describe('weights in several files', { skip }, () => {
  let dir: string
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ecluse-shards-'))
  })
  after(() => rm(dir, { recursive: true, force: true }))

  test('are one model that answers as the whole does, until one of them changes', async () => {
    const source = 'dir' in models ? models.dir : ''
    const whole = await findModel(source, STARTER)
    assert.ok(whole)
    const parts = splitGguf(await readFile(storePaths(source).blob(whole.digest)), 3)
    const from = join(dir, 'from')
    const store = join(dir, 'store')
    const names = parts.map((_, at) => `Small-0000${at + 1}-of-00003.gguf`)
    await mkdir(from)
    for (const [at, part] of parts.entries()) await writeFile(join(from, names[at] ?? ''), part)
    await writeFile(join(from, 'other.gguf'), 'not of this model')
    const pull = () =>
      pullModel(
        { dir: store, from: join(from, names[1] ?? '') },
        [],
        machinePorts(Date.now, randomUUID, {}),
        () => undefined,
        new AbortController().signal,
      )
    const pulled = await pull()
    assert.ok(pulled.ok, JSON.stringify(pulled))
    const manifest = pulled.value
    assert.deepEqual(
      [manifest.name, manifest.format, manifest.parameters, manifest.architecture],
      ['small', 'gguf', whole.parameters, 'llama'],
    )
    assert.deepEqual(
      filesOf(manifest).map(({ path }) => path),
      names,
    )
    const { blob } = storePaths(store)
    const report = scanTree({
      root: 'small',
      tree: blobTree(filesOf(manifest).map((file) => ({ ...file, at: blob(file.digest) }))),
    })
    assert.deepEqual([report.verdict, report.servable], ['clean', true])

    const plain = await startEngine({ modelsDir: source })
    const expected = await plain.openai.chat.completions.create({ model: STARTER, ...question })
    await plain.stop()
    const engine = await startEngine({ modelsDir: store })
    try {
      const answer = await engine.openai.chat.completions.create({ model: 'small', ...question })
      assert.equal(answer.choices[0]?.message.content, expected.choices[0]?.message.content)
      const folder = storePaths(store).linked(manifest.digest)
      assert.deepEqual((await readdir(folder)).toSorted(), names)
      assert.match(await readlink(join(folder, names[0] ?? '')), /^\.\.[/\\]\.\.[/\\]blobs/)
      // the second file is changed: the model is not loaded again
      await engine.call('/unload', { model: 'small' })
      const [, second] = filesOf(manifest)
      assert.ok(second)
      await writeFile(blob(second.digest), 'changed')
      const refused = await engine.call('/v1/chat/completions', { model: 'small', ...question })
      assert.equal(refused.status, 503)
      assert.match(refused.text, /model-not-ready/)
    } finally {
      await engine.stop()
    }
    await removeModel(store, 'small')
    for (const place of ['blobs', 'linked', 'manifests'])
      assert.deepEqual(await readdir(join(store, place)), [], place)
    await rm(join(from, names[2] ?? ''))
    const refused = await pull()
    assert.deepEqual(refused.ok ? 'pulled' : refused.error, {
      code: 'shards-missing',
      detail: { missing: 'Small-00003-of-00003.gguf' },
    })
  })
})
