import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'

// Plain JavaScript, because it runs before anything is installed: its shape is stated here.
const module: {
  ensureWebBuilt: (options: {
    root: string
    onStatus: (line: string) => void
  }) => Promise<'fresh' | 'built'>
} = await import(new URL('build-web.mjs', import.meta.url).href)

const lock: {
  takeLock: (path: string, options: object) => Promise<(() => void) | null>
} = await import(new URL('../bin/lock.mjs', import.meta.url).href)

async function takeLock(path: string): Promise<() => void> {
  mkdirSync(dirname(path), { recursive: true })
  const release = await lock.takeLock(path, { patienceMs: 0, onWait: () => {} })
  assert.ok(release)
  return release
}

/** A page whose build copies one file, or fails when that file says so. */
const BUILD = `
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
const out = process.argv[process.argv.indexOf('--outDir') + 1]
const text = readFileSync('src/page.txt', 'utf8')
mkdirSync(out, { recursive: true })
if (text === 'broken') throw new Error('the build is broken')
writeFileSync(out + '/index.html', text)
`

function clone(t: TestContext): { root: string; write: (text: string) => void } {
  const root = mkdtempSync(join(tmpdir(), 'ecluse-web-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  const web = join(root, 'web')
  mkdirSync(join(web, 'src'), { recursive: true })
  writeFileSync(join(web, 'build.mjs'), BUILD)
  const manifest = { name: 'page', version: '1.0.0', scripts: { build: 'node build.mjs' } }
  const locked = { ...manifest, lockfileVersion: 3, requires: true, packages: { '': manifest } }
  writeFileSync(join(web, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(web, 'package-lock.json'), JSON.stringify(locked))
  return { root, write: (text) => writeFileSync(join(web, 'src', 'page.txt'), text) }
}

const page = (root: string): string => readFileSync(join(root, 'web', 'dist', 'index.html'), 'utf8')
const build = (root: string): Promise<'fresh' | 'built'> =>
  module.ensureWebBuilt({ root, onStatus: () => {} })

describe('the page', () => {
  test('is built once, and again when a source changed', async (t) => {
    const { root, write } = clone(t)
    write('one')
    assert.equal(await build(root), 'built')
    assert.equal(page(root), 'one')
    assert.equal(await build(root), 'fresh')
    write('two')
    assert.equal(await build(root), 'built')
    assert.equal(page(root), 'two')
  })

  test('stays as it was when a build fails, and the failure is told', async (t) => {
    const { root, write } = clone(t)
    write('good')
    await build(root)
    write('broken')
    await assert.rejects(build(root), /the build is broken/)
    assert.equal(page(root), 'good')
    assert.deepEqual(readdirSync(join(root, '.ecluse')), [])
  })

  test('is built once when two ask at the same time', async (t) => {
    const { root, write } = clone(t)
    write('one')
    const states = await Promise.all([build(root), build(root)])
    assert.deepEqual(states.toSorted(), ['built', 'fresh'])
  })

  test('is no longer built when the gateway that asked for it is gone', async (t) => {
    const { root, write } = clone(t)
    write('one')
    for (const folder of ['bin', 'scripts']) {
      cpSync(new URL(`../${folder}`, import.meta.url), join(root, folder), { recursive: true })
    }
    const holder = await takeLock(join(root, '.ecluse', 'building-web'))
    t.after(holder)
    const script = join(root, 'scripts', 'build-web.mjs')
    const building = spawn(process.execPath, [script], {
      stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
    })
    // it waits for the one that builds already
    await once(building.stdout ?? building, 'data')
    building.disconnect()
    assert.deepEqual(await once(building, 'exit'), [2, null])
  })
})
