import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import {
  mkdir,
  mkdtemp,
  open,
  readdir,
  rename,
  rmdir,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import { filesOf } from '../store/manifest.ts'
import { pullModel } from '../pull/pull.ts'
import { storePaths } from '../store/store-layout.ts'
import { mixesScripts } from './mixed-scripts.ts'
import { isSafeName } from './safe-name.ts'
import { codeOf, folder, ports, pull, serve, sha256, value } from './testing/get.ts'
import { hub } from './testing/hub.ts'
import { descriptor, type TestLayer } from './testing/registry.ts'

const run = promisify(execFile)
const GIB = 1024 ** 3

const reasonOf = (result: Awaited<ReturnType<typeof pull>>): unknown =>
  result.ok ? 'pulled' : result.error.detail?.['reason']

void describe('a folder', () => {
  test('with links out of it, in circles or to nothing, or with pipes, is not taken in', async (t) => {
    const cases: readonly (readonly [string, (at: string) => Promise<unknown>])[] = [
      ['symlink-outside', (at) => symlink('/etc/passwd', join(at, 'x'))],
      ['symlink-outside', (at) => symlink('../..', join(at, 'x'))],
      ['symlink-outside', (at) => symlink('absent', join(at, 'x'))],
      ['symlink', (at) => symlink('m.safetensors', join(at, 'x'))],
      ['symlink', (at) => symlink('.', join(at, 'x'))],
      ['symlink-cycle', (at) => symlink('x', join(at, 'x'))],
      ['not-a-regular-file', (at) => run('mkfifo', [join(at, 'x')])],
    ]
    for (const [reason, make] of cases) {
      const from = await folder(t)
      await writeFile(join(from, 'm.safetensors'), 'w')
      await make(from)
      const refused = await pull(await folder(t), `folder:${from}`, { name: 'm' })
      assert.equal(codeOf(refused), 'folder-unusable', reason)
      assert.equal(reasonOf(refused), reason)
    }
    const absent = await pull(await folder(t), 'folder:/absent', { name: 'm' })
    assert.equal(codeOf(absent), 'folder-unusable')
  })

  test('with names that mislead is not taken in', async (t) => {
    const names = [
      'a\nb',
      'a\tb',
      'a\u001b[31m',
      'a\u202eb',
      'a\u200bb',
      '\ufeffa',
      'a\\b',
      'con',
      'com1.txt',
      'LPT¹',
      'conin$',
      'a ',
      'a.',
      'a:b',
      'a?',
    ]
    for (const name of names) {
      const from = await folder(t)
      await writeFile(join(from, name), 'w')
      const refused = await pull(await folder(t), `folder:${from}`, { name: 'm' })
      assert.equal(reasonOf(refused), 'unsafe-name', JSON.stringify(name))
    }
    assert.ok(!isSafeName('a'.repeat(256)) && isSafeName('a'.repeat(255)))
    assert.ok(!isSafeName(`${'a/'.repeat(520)}a`))
    assert.ok(!isSafeName('a\0b'))
  })

  test('with names that some system takes for one is not taken in', async (t) => {
    const pairs = [
      ['Model.safetensors', 'model.safetensors'],
      ['caf\u00e9', 'cafe\u0301'],
      ['a', '\uff41'],
      ['x/a', 'X/a'],
    ] as const
    for (const pair of pairs) {
      const from = await folder(t)
      for (const name of pair) {
        await mkdir(join(from, name, '..'), { recursive: true })
        await writeFile(join(from, name), name)
      }
      const refused = await pull(await folder(t), `folder:${from}`, { name: 'm' })
      assert.equal(codeOf(refused), 'names-clash', pair.join())
      const made = await hub(t, {
        files: Object.fromEntries(pair.map((name) => [name, Buffer.from(name)])),
      })
      const fromHub = await pull(await folder(t), 'hf:acme/small', { hub: made.url })
      assert.equal(codeOf(fromHub), 'names-clash', pair.join())
      assert.ok(!made.seen.some((line) => line.includes('resolve')))
    }
  })

  test('with letters of several alphabets in one word is not taken in, and with words of one alphabet each it is', async (t) => {
    const mixed = ['mod\u0435l.gguf', '\u0391dapter.json', 'x/\u0440ytorch.bin', 'weights\u0430/a']
    for (const name of mixed) {
      const from = await folder(t)
      await mkdir(join(from, name, '..'), { recursive: true })
      await writeFile(join(from, name), 'w')
      const refused = await pull(await folder(t), `folder:${from}`, { name: 'm' })
      assert.equal(codeOf(refused), 'name-mixes-scripts', name)
      const made = await hub(t, { files: { [name]: Buffer.from(name) } })
      const fromHub = await pull(await folder(t), 'hf:acme/small', { hub: made.url })
      assert.equal(codeOf(fromHub), 'name-mixes-scripts', name)
      assert.ok(!made.seen.some((line) => line.includes('resolve')))
    }
    const fine = [
      '\u043c\u043e\u0434\u0435\u043b\u044c-Q4_K_M.gguf',
      '\u0441\u0430\u0439\u0433\u0430 7b/\u03b1-\u03b2.txt',
      'caf\u00e9 d\u00e9j\u00e0 5 \u00b5s.md',
      '\u6a21\u578bmodel.txt',
      'I\u0307stanbul.txt',
    ]
    for (const name of fine) assert.equal(mixesScripts(name), false, name)
    const from = await folder(t)
    await writeFile(join(from, fine[0] ?? ''), 'w')
    assert.notEqual(
      codeOf(await pull(await folder(t), `folder:${from}`, { name: 'm' })),
      'name-mixes-scripts',
    )
  })

  test('whose files were renamed is kept once, and another model where their order is another', async (t) => {
    const [dir, from] = [await folder(t), await folder(t)]
    await writeFile(join(from, 'a.safetensors'), 'w')
    await writeFile(join(from, 'b.json'), '{}')
    const before = value(await pull(dir, `folder:${from}`, { name: 'm' }))
    await rename(join(from, 'b.json'), join(from, 'c.json'))
    const after = value(await pull(dir, `folder:${from}`, { name: 'n' }))
    // the digest of a set is that of its files in the order of their names (OpenSSF Model Signing)
    assert.equal(after.digest, before.digest)
    assert.deepEqual(
      filesOf(after).map(({ path }) => path),
      ['a.safetensors', 'c.json'],
    )
    await rename(join(from, 'c.json'), join(from, '0.json'))
    const turned = value(await pull(dir, `folder:${from}`, { name: 'o' }))
    assert.notEqual(turned.digest, before.digest)
    const blobs = await readdir(storePaths(dir).blobs)
    assert.equal(blobs.filter((name) => !name.includes('.')).length, 2)
  })
})

void describe('files with holes', () => {
  test('count with their full size before they are copied', async (t) => {
    const from = await folder(t)
    await writeFile(join(from, 'm.safetensors'), 'w')
    await truncate(join(from, 'm.safetensors'), 40 * GIB)
    const small = { ...ports, freeBytes: async () => 30 * GIB }
    const dir = await folder(t)
    assert.equal(codeOf(await pull(dir, `folder:${from}`, { name: 'm' }, small)), 'disk-full')
    assert.deepEqual(await readdir(storePaths(dir).partial), [])
    const one = pullModel(
      { dir, from: join(from, 'm.safetensors') },
      [],
      small,
      () => undefined,
      new AbortController().signal,
    )
    assert.equal(codeOf(await one), 'disk-full')
  })

  test('take no more room in the store than where they were, and stop when told to', async (t) => {
    const [dir, from] = [await folder(t), await folder(t)]
    const path = join(from, 'm.safetensors')
    await writeFile(path, 'begin')
    await truncate(path, GIB)
    const file = await open(path, 'r+')
    await file.write('middle', GIB / 2)
    await file.close()
    const manifest = value(await pull(dir, `folder:${from}`, { name: 'm' }))
    const { size, blocks } = await stat(storePaths(dir).blob(manifest.digest))
    assert.equal(size, GIB)
    assert.ok(blocks * 512 < 16 * 1024 * 1024, `${blocks} blocks`)
    const stop = new AbortController()
    const stopped = pullModel(
      { dir, from: path, name: 'n' },
      [],
      ports,
      (progress) => {
        if (progress.phase === 'downloading' && progress.received > 1e6) stop.abort()
      },
      stop.signal,
    )
    assert.equal(codeOf(await stopped), 'interrupted')
    assert.deepEqual(await readdir(storePaths(dir).partial), [])
  })
})

/** A file system of so many megabytes, which goes with the test; null where nobody may make one. */
async function smallDisk(t: TestContext, megabytes: number): Promise<string | null> {
  const at = await mkdtemp(join(tmpdir(), 'ecluse-disk-'))
  const options = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', at]
  const isThere = await run('mount', options).then(
    () => true,
    () => false,
  )
  t.after(async () => {
    if (isThere) await run('umount', [at])
    await rmdir(at)
  })
  return isThere ? at : null
}

void describe('a disk that fills up', () => {
  test('ends a pull with nothing half installed, and more room finishes it', async (t) => {
    const dir = await smallDisk(t, 8)
    if (dir === null) return t.skip('no file system can be mounted here')
    const bytes = Buffer.alloc(6 * 1024 * 1024, 'w')
    const layers = ['a', 'b'].map((name): TestLayer => [
      'application/vnd.cncf.model.weight.v1.raw',
      Buffer.concat([bytes, Buffer.from(name)]),
      { 'org.cncf.model.filepath': `${name}.safetensors` },
    ])
    const manifest = JSON.stringify({ layers: layers.map(descriptor) })
    const url = await serve(t, (request, response) => {
      if (request.url?.includes('/manifests/')) return void response.end(manifest)
      const found = layers.find(([, one]) => request.url?.endsWith(sha256(one)))
      response.setHeader('etag', '"v1"')
      response.end(found?.[1])
    })
    // the figure lies, as it does when somebody else writes meanwhile
    const hopeful = { ...ports, freeBytes: async () => 1e12 }
    const reference = `oci:${new URL(url).host}/library/small`
    assert.equal(codeOf(await pull(dir, reference, {}, hopeful)), 'disk-full')
    assert.deepEqual(await readdir(storePaths(dir).manifests), [])
    for (const name of await readdir(storePaths(dir).blobs))
      assert.match(name, /^sha256-[0-9a-f]{64}(?:\.verified)?$/)
    await run('mount', ['-o', 'remount,size=32m', dir])
    assert.equal(filesOf(value(await pull(dir, reference, {}, hopeful))).length, 2)
    assert.deepEqual(await readdir(storePaths(dir).partial), [])

    const from = await folder(t)
    await writeFile(join(from, 'c.safetensors'), Buffer.alloc(40 * 1024 * 1024, 'c'))
    const full = await pull(dir, `folder:${from}`, { name: 'c' }, hopeful)
    assert.equal(codeOf(full), 'disk-full')
    assert.deepEqual(await readdir(storePaths(dir).partial), [])
  })
})
