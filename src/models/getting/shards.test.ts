import assert from 'node:assert/strict'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { gguf, textValue } from '../gguf/gguf.fixture.ts'
import { listModels } from '../store/find-model.ts'
import { linkShards, weightsPath } from '../store/link-shards.ts'
import { filesOf } from '../store/manifest.ts'
import { pullModel } from '../pull/pull.ts'
import { removeModel } from '../store/remove-model.ts'
import { ggufToLoad, servedWeights } from '../store/served-weights.ts'
import { readShardName, shardSets } from '../store/shard-name.ts'
import { storePaths } from '../store/store-layout.ts'
import { findGarbage } from './collect-garbage.ts'
import { codeOf, folder, ports, pull, sha256, value } from './testing/get.ts'
import { hub } from './testing/hub.ts'
import { registry } from './testing/registry.ts'
import { splitGguf } from './testing/split-gguf.ts'

const WHOLE = Buffer.concat([
  gguf(
    [['general.architecture', textValue('llama')]],
    [
      ['a', [2]],
      ['b', [2]],
      ['c', [2]],
    ],
  ),
  Buffer.alloc(64),
])
const PARTS = splitGguf(WHOLE, 3)
const NAMES = PARTS.map((_, at) => `q4/m-0000${at + 1}-of-00003.gguf`)
const FILES = Object.fromEntries(PARTS.map((part, at) => [NAMES[at] ?? '', part]))
const OTHERS = { 'README.md': Buffer.from('r'), 'q8.gguf': WHOLE }

void describe('weights in several files', () => {
  test('come together when one of them is named, from the Hub', async (t) => {
    const dir = await folder(t)
    const { url } = await hub(t, { files: { ...OTHERS, ...FILES } })
    const manifest = value(await pull(dir, `hf:acme/small:${NAMES[1]}`, { hub: url }))
    assert.deepEqual([manifest.name, manifest.format, manifest.parameters], ['m', 'gguf', 6])
    assert.deepEqual(
      servedWeights(manifest).map(({ path, digest }) => [path, digest]),
      PARTS.map((part, at) => [NAMES[at], sha256(part)]),
    )
    assert.deepEqual((await listModels(dir)).length, 1)
  })

  test('are refused before anything is fetched where one is missing', async (t) => {
    const without = Object.fromEntries(Object.entries(FILES).filter(([name]) => name !== NAMES[2]))
    const { url, seen } = await hub(t, { files: { ...OTHERS, ...without } })
    for (const reference of ['hf:acme/small', `hf:acme/small:${NAMES[0]}`]) {
      const refused = await pull(await folder(t), reference, { hub: url })
      assert.deepEqual(refused.ok ? 0 : refused.error, {
        code: 'shards-missing',
        detail: { missing: NAMES[2] },
      })
    }
    assert.ok(!seen.some((line) => line.includes('resolve')))
    const tensors = { 'model-00002-of-00002.safetensors': Buffer.from('x') }
    const half = await hub(t, { files: tensors })
    assert.equal(
      codeOf(await pull(await folder(t), 'hf:acme/small', { hub: half.url })),
      'shards-missing',
    )
  })

  test('must be by their headers what they are by their names', async (t) => {
    const dir = await folder(t)
    const swapped = { ...FILES, [NAMES[1] ?? '']: PARTS[2] ?? WHOLE, [NAMES[2] ?? '']: WHOLE }
    const { url } = await hub(t, { files: swapped })
    assert.equal(
      codeOf(await pull(dir, `hf:acme/small:${NAMES[0]}`, { hub: url })),
      'shards-disagree',
    )
    const renamed = await hub(t, { files: { 'm.gguf': PARTS[0] ?? WHOLE } })
    assert.equal(codeOf(await pull(dir, 'hf:acme/small', { hub: renamed.url })), 'shards-disagree')
    assert.deepEqual(await listModels(dir), [])
  })

  test('of a Docker model have the order of its layers', async (t) => {
    const layers = PARTS.map((part) => ['application/vnd.docker.ai.gguf.v3', part] as const)
    const { host } = await registry(t, layers)
    const manifest = value(await pull(await folder(t), `oci:${host}/library/small`))
    assert.equal(servedWeights(manifest).length, 3)
    assert.equal(manifest.files[0]?.path, 'model-00001-of-00003.gguf')
    const turned = await registry(t, layers.toReversed())
    assert.equal(
      codeOf(await pull(await folder(t), `oci:${turned.host}/library/small`)),
      'shards-disagree',
    )
  })

  test('are taken from their folder, and not one without the others', async (t) => {
    const [dir, from] = [await folder(t), await folder(t)]
    for (const [at, part] of PARTS.entries())
      await writeFile(join(from, `m-0000${at + 1}-of-00003.gguf`), part)
    const take = (request: { from: string; digest?: string }) =>
      pullModel({ dir, ...request }, [], ports, () => undefined, new AbortController().signal)
    const first = join(from, 'm-00001-of-00003.gguf')
    const manifest = value(await take({ from: first }))
    assert.deepEqual([manifest.name, filesOf(manifest).length], ['m', 3])
    value(await take({ from: first, digest: manifest.digest }))
    assert.equal(codeOf(await take({ from: first, digest: '0'.repeat(64) })), 'digest-mismatch')
    const url = 'https://models.acme.example/m-00001-of-00003.gguf'
    assert.equal(codeOf(await take({ from: url, digest: '0'.repeat(64) })), 'shards-apart')
    const renamed = join(from, 'renamed.gguf')
    await writeFile(renamed, PARTS[0] ?? '')
    assert.equal(codeOf(await take({ from: renamed })), 'shards-apart')
  })

  test('lie beside each other under their names for the engine, and go with the model', async (t) => {
    const dir = await folder(t)
    const { url } = await hub(t, { files: FILES })
    const manifest = value(await pull(dir, 'hf:acme/small', { hub: url }))
    const weights = servedWeights(manifest)
    await Promise.all([1, 2, 3].map(() => linkShards(dir, manifest, weights)))
    const path = weightsPath(dir, manifest, weights)
    for (const [at, part] of PARTS.entries())
      assert.deepEqual(await readFile(path.replace('-00001-', `-0000${at + 1}-`)), part)
    // the stored files are as they were: nothing has to be read again
    assert.deepEqual(await findGarbage(dir, Date.now() + 7_200_000), [])
    await removeModel(dir, manifest.name)
    assert.deepEqual(await readdir(join(dir, 'linked')), [])
    assert.equal(await stat(storePaths(dir).blobs).then(() => true), true)
  })
})

void describe('what an engine loads', () => {
  test('is the one model there is: with eyes or without, never without its adapter', () => {
    const loaded = (...paths: string[]): readonly string[] =>
      ggufToLoad(paths.map((path) => ({ path }))).map(({ path }) => path)
    assert.deepEqual(loaded('a.gguf', 'LICENSE'), ['a.gguf'])
    assert.deepEqual(loaded('a.gguf', 'mmproj-a-f16.gguf'), ['a.gguf'])
    assert.deepEqual(loaded('model.gguf', 'projector.gguf', '1-projector.gguf'), ['model.gguf'])
    assert.deepEqual(loaded('model.gguf', 'adapter.gguf'), [])
    assert.deepEqual(loaded('q4.gguf', 'q8.gguf'), [])
    assert.deepEqual(loaded('a-00002-of-00002.gguf', 'a-00001-of-00002.gguf'), [
      'a-00001-of-00002.gguf',
      'a-00002-of-00002.gguf',
    ])
    assert.deepEqual(loaded('a-00001-of-00002.gguf', 'a-00002-of-00002.gguf', 'b.gguf'), [])
    assert.deepEqual(loaded('projectors-are-us.gguf'), ['projectors-are-us.gguf'])
  })

  test('names of shards are read as they are written, and a million that are missing are few words', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999 }), fc.nat(99_998), (of, more) => {
        const at = 1 + (more % of)
        const five = (count: number): string => String(count).padStart(5, '0')
        const read = readShardName(`a/b-${five(at)}-of-${five(of)}.gguf`)
        assert.deepEqual([read?.stem, read?.at, read?.of], ['a/b', at, of])
      }),
    )
    for (const none of [
      'a-00000-of-00002.gguf',
      'a-00003-of-00002.gguf',
      'a-1-of-2.gguf',
      '-00001-of-00001.gguf',
    ])
      assert.equal(readShardName(none), null, none)
    const [set] = shardSets([{ path: 'm-000001-of-999999.gguf' }])
    assert.equal(set?.missing.length, 5)
  })
})
