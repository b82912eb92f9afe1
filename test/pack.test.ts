import assert from 'node:assert/strict'
import { spawnSync, type SpawnSyncReturns } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'

const root = join(import.meta.dirname, '..')
const LIMIT_MS = 240_000

describe('the packed tarball', () => {
  test('installs in an empty folder, small, and answers --version', (t) => {
    const folder = scratch(t)
    const tarball = pack(folder)
    const home = scratch(t)
    const installed = npm(home, [
      'install',
      '--ignore-scripts',
      '--omit=dev',
      '--no-audit',
      '--no-fund',
      // Without it npm would look for a project in the folders above.
      '--prefix',
      home,
      join(folder, tarball),
    ])
    assert.equal(installed.status, 0, installed.stderr)

    const version = spawnSync(join(home, 'node_modules', '.bin', 'ecluse'), ['--version'], {
      encoding: 'utf8',
      timeout: LIMIT_MS,
      env: { ...process.env, ECLUSE_HOME: join(home, 'data') },
    })
    assert.equal(version.status, 0, version.stderr)
    assert.match(version.stdout, new RegExp(`\\b${packageVersion().replaceAll('.', '\\.')}\\b`))
    assert.equal(version.stderr, '')

    assert.equal(scanInThread(home), 'IBAN_CODE', 'large texts are read by a thread of the package')

    const engines = engineFolders(home)
    const heavy = engines.filter((name) => /cuda|vulkan/.test(name))
    assert.deepEqual(heavy, [], 'the GPU parts of the engine come on request only')

    const contents = filesOf(join(home, 'node_modules', 'ecluse'))
    assert.ok(contents.includes('LICENSE') && contents.includes(join('dist', 'main.js')))
    const surplus = contents.filter((path) => /\.test\.|\.ts$|(^|[/\\])(src|cases)[/\\]/.test(path))
    assert.deepEqual(surplus, [], 'neither sources nor tests are packed')
  })
})

function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'ecluse-pack-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function pack(destination: string): string {
  const packed = npm(root, ['run', 'pack', '--', '--pack-destination', destination])
  assert.equal(packed.status, 0, packed.stderr)
  const tarball = readdirSync(destination).find((name) => name.endsWith('.tgz'))
  assert.ok(tarball, packed.stdout)
  return tarball
}

/** The type of what a thread of the installed package finds. */
function scanInThread(home: string): string {
  const module = pathToFileURL(join(home, 'node_modules', 'ecluse', 'dist', 'main', 'scan-pool.js'))
  const script = `
    import { ScanPool } from ${JSON.stringify(module.href)}
    const text = 'FR76 3000 6000 0112 3456 7890 189'
    const blocks = [{ from: 0, to: text.length, isForced: false }]
    const pool = new ScanPool({ size: 1 })
    const { spotted } = await pool.run({ text, blocks, key: '', stepBudget: 1e6 })
    await pool.close()
    process.stdout.write(spotted[0]?.type ?? 'nothing')`
  const args = ['--input-type=module', '-e', script]
  return spawnSync(process.execPath, args, { encoding: 'utf8', timeout: LIMIT_MS }).stdout
}

function npm(cwd: string, args: readonly string[]): SpawnSyncReturns<string> {
  // What an outer `npm test` says of its own project must not reach this one.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith('npm_')),
  )
  return spawnSync('npm', args, { cwd, encoding: 'utf8', timeout: LIMIT_MS, env })
}

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  assert.ok(typeof manifest === 'object' && manifest !== null && 'version' in manifest)
  return String(manifest.version)
}

function engineFolders(home: string): readonly string[] {
  const folder = join(home, 'node_modules', '@node-llama-cpp')
  return existsSync(folder) ? readdirSync(folder) : []
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => !path.startsWith('node_modules'),
  )
}
