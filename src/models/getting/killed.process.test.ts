import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, test } from 'node:test'
import { findModel, listModels } from '../store/find-model.ts'
import { filesOf } from '../store/manifest.ts'
import { storePaths } from '../store/store-layout.ts'
import { findGarbage, removeGarbage } from './collect-garbage.ts'
import { codeOf, folder, pull, sha256, value } from './testing/get.ts'
import { COMMIT, hub } from './testing/hub.ts'

const CHILD = join(import.meta.dirname, 'testing', 'pull.child.ts')

/** Runs a step in a process, killed without warning after so many lines; how it ended, null when it was killed before. */
async function run(
  args: readonly string[],
  killAfter = Infinity,
  heapMib = 64,
): Promise<{ readonly ended: string | null; readonly lines: number }> {
  const child = spawn(process.execPath, [`--max-old-space-size=${heapMib}`, CHILD, ...args])
  child.stderr.pipe(process.stderr)
  let [lines, ended]: [number, string | null] = [0, null]
  for await (const line of createInterface(child.stdout)) {
    lines += 1
    if (line.startsWith('end ')) ended = line.slice('end '.length)
    if (lines === killAfter) child.kill('SIGKILL')
  }
  return { ended, lines }
}

/** Whether everything that the store shows is what it says it is. */
async function soundStore(dir: string): Promise<void> {
  const paths = storePaths(dir)
  const names: readonly string[] = await readdir(paths.blobs).catch(() => [])
  for (const name of names.filter((one) => /^sha256-[0-9a-f]{64}$/.test(one)))
    assert.equal(`sha256-${sha256(await readFile(join(paths.blobs, name)))}`, name)
  const models = await listModels(dir)
  const manifests = await readdir(paths.manifests).catch(() => [])
  assert.equal(models.length, manifests.filter((name) => name.endsWith('.json')).length)
  for (const { digest } of models.flatMap(filesOf)) assert.ok(names.includes(`sha256-${digest}`))
}

const bytesOf = (at: number): Buffer =>
  Buffer.concat(
    Array.from({ length: 8192 }, (_, n) => createHash('sha256').update(`${at} ${n}`).digest()),
  )

async function manyFiles(dir: string, count: number): Promise<string> {
  await mkdir(dir, { recursive: true })
  for (let at = 0; at < count; at++) await writeFile(join(dir, `${at}.safetensors`), bytesOf(at))
  return dir
}

/** The lines after which a step is killed: early, in the middle, late. */
const MOMENTS = [1, 2, 4, 8, 13, 21] as const

void describe('a process that is killed', () => {
  test('while it fetches, leaves what it had, and the next goes on from there', async (t) => {
    const dir = await folder(t)
    const files = { 'a.safetensors': bytesOf(1), 'b.safetensors': bytesOf(2), 'c.json': bytesOf(3) }
    // each answer with weights breaks off after 100,000 bytes, so that there is a moment in between
    const { url, seen } = await hub(t, { files, breaks: 6 })
    for (const killAfter of [2, 4, 6]) {
      const { ended } = await run(['pull', dir, 'hf:acme/small', url], killAfter)
      if (ended !== null) assert.match(ended, /^(?:pulled|source-unreachable)/)
      else assert.equal(await findModel(dir, 'm'), null)
      await soundStore(dir)
    }
    const { ended } = await run(['pull', dir, 'hf:acme/small', url])
    assert.match(ended ?? '', /^pulled/)
    await soundStore(dir)
    const manifest = await findModel(dir, 'm')
    assert.equal(manifest?.source.reference, `acme/small@${COMMIT}`)
    const starts = seen.flatMap((line) => / from (\d+) /.exec(line)?.[1] ?? [])
    assert.ok(
      starts.some((from) => Number(from) > 0),
      starts.join(),
    )
    assert.deepEqual(await readdir(storePaths(dir).partial), [])
  })

  test('while it installs, leaves a store that is sound, and the next finishes', async (t) => {
    const dir = await folder(t)
    const from = await manyFiles(await folder(t), 12)
    let killed = 0
    for (const killAfter of MOMENTS) {
      const { ended } = await run(['pull', dir, `folder:${from}`], killAfter)
      assert.ok(ended === null || ended.startsWith('pulled'))
      killed += ended === null ? 1 : 0
      await soundStore(dir)
    }
    assert.ok(killed >= 3, `${killed} were killed before their end`)
    assert.match((await run(['pull', dir, `folder:${from}`])).ended ?? '', /^pulled/)
    await soundStore(dir)
    // what the killed ones had begun is found later, and nothing else
    const garbage = await findGarbage(dir, Date.now() + 7_200_000)
    assert.ok(garbage !== 'unreadable-manifest')
    assert.ok(garbage.every(({ path }) => /^(?:partial|manifests)[/\\]/.test(path)))
    await removeGarbage(dir, garbage, Date.now() + 7_200_000)
    assert.deepEqual(await findGarbage(dir, Date.now() + 7_200_000), [])
    assert.equal(filesOf((await findModel(dir, 'm')) ?? assert.fail()).length, 12)
  })

  test('while it collects garbage, has taken nothing that is used', async (t) => {
    const dir = await folder(t)
    const kept = await manyFiles(await folder(t), 3)
    value(await pull(dir, `folder:${kept}`, { name: 'kept' }))
    const gone = await manyFiles(await folder(t), 12)
    value(await pull(dir, `folder:${gone}`, { name: 'gone' }))
    await rm(storePaths(dir).manifest('gone'))
    for (const killAfter of [1, 2, 3, 5]) {
      await run(['gc', dir], killAfter)
      await soundStore(dir)
    }
    assert.match((await run(['gc', dir])).ended ?? '', /^done/)
    await soundStore(dir)
    assert.deepEqual(await findGarbage(dir, Date.now() + 7_200_000), [])
    assert.equal((await listModels(dir)).length, 1)
  })

  test('while it exports or imports, leaves no bundle and no model that is not whole', async (t) => {
    const [dir, other, place] = [await folder(t), await folder(t), await folder(t)]
    const from = await manyFiles(await folder(t), 12)
    const manifest = value(await pull(dir, `folder:${from}`, { name: 'm' }))
    const bundle = join(place, 'm.tar')
    for (const killAfter of MOMENTS) {
      const { ended } = await run(['export', dir, 'm', bundle], killAfter)
      if (ended === null) assert.ok(!(await readdir(place)).includes('m.tar'))
      await soundStore(dir)
    }
    assert.match((await run(['export', dir, 'm', bundle])).ended ?? '', /^pulled/)
    // neither what was begun nor who was at it
    assert.deepEqual(await readdir(place), ['m.tar'])
    for (const killAfter of MOMENTS) {
      const { ended } = await run(['import', other, bundle], killAfter)
      if (ended === null) assert.deepEqual(await listModels(other), [])
      await soundStore(other)
      for (const { name } of await listModels(other)) {
        await rm(storePaths(other).manifest(name))
      }
    }
    assert.match((await run(['import', other, bundle])).ended ?? '', /^pulled/)
    assert.equal((await findModel(other, 'm'))?.digest, manifest.digest)
    await soundStore(other)
  })
})

void describe('a model of five thousand files', () => {
  test('is taken in within a heap of 64 MiB', async (t) => {
    const [dir, from] = [await folder(t), await folder(t)]
    const COUNT = 5000
    for (let at = 1; at <= COUNT; at++) {
      const five = String(at).padStart(5, '0')
      await writeFile(join(from, `m-${five}-of-0${COUNT}.safetensors`), `shard ${at}`)
    }
    const { ended } = await run(['pull', dir, `folder:${from}`])
    assert.match(ended ?? '', /^pulled/)
    const manifest = await findModel(dir, 'm')
    assert.equal(manifest?.files.length, COUNT)
    await rm(join(from, 'm-02500-of-05000.safetensors'))
    const refused = await pull(dir, `folder:${from}`, { name: 'other' })
    assert.equal(codeOf(refused), 'shards-missing')
  })
})
