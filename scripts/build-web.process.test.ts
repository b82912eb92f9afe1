import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'

// Plain JavaScript, because it runs before anything is installed: its shape is stated here.
const module: {
  ensureWebBuilt: (options: {
    root: string
    onStatus: (line: string) => void
  }) => Promise<'fresh' | 'built'>
} = await import(new URL('build-web.mjs', import.meta.url).href)

/** A page whose build copies one file, or fails when that file says so. */
const BUILD = `
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
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
  const lock = { ...manifest, lockfileVersion: 3, requires: true, packages: { '': manifest } }
  writeFileSync(join(web, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(web, 'package-lock.json'), JSON.stringify(lock))
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
})
