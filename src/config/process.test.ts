import { deepEqual, equal, ok } from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { loadProcessConfig, processLocation, readConfigFromDisk } from '../config.ts'

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'ecluse-config-'))
  t.after(() => rmSync(path, { recursive: true }))
  return path
}

describe('the configuration of a process', () => {
  test('reads a real file, and a secret in a real file beside it', (t) => {
    const home = folder(t)
    const yaml =
      'discover: false\ndestinations: [{id: x, url: "https://h/v1", key: "${file:k}", models: [{name: m}]}]'
    writeFileSync(join(home, 'ecluse.yaml'), yaml)
    writeFileSync(join(home, 'k'), 'value\n', { mode: 0o600 })
    const loaded = loadProcessConfig({ home, config: join(home, 'ecluse.yaml') })
    ok(loaded.ok)
    equal(loaded.value.credentials.get('x')?.reveal(), 'value')
    deepEqual(loaded.value.warnings, [])
    chmodSync(join(home, 'k'), 0o644)
    const again = loadProcessConfig({ home, config: join(home, 'ecluse.yaml') })
    deepEqual(again.ok && again.value.warnings.map(({ code }) => code), ['secret-file-exposed'])
  })

  test('a folder in place of the file is unreadable, not absent', (t) => {
    const home = folder(t)
    mkdirSync(join(home, 'ecluse.yaml'))
    const loaded = loadProcessConfig({ home, config: join(home, 'ecluse.yaml') })
    deepEqual(!loaded.ok && loaded.error.map(({ code }) => code), ['file-unreadable'])
  })

  test('a secret cannot be read from a device or from a name that is not there', (t) => {
    const home = folder(t)
    deepEqual(readConfigFromDisk('/dev/zero'), { ok: false, error: 'unreadable' })
    deepEqual(readConfigFromDisk(join(home, 'none')), { ok: false, error: 'missing' })
  })

  test('knows where it looks before it looks', (t) => {
    const home = folder(t)
    deepEqual(processLocation({ home, config: '/x/a.yaml' }), {
      home,
      file: '/x/a.yaml',
      folder: '/x',
      named: true,
    })
  })
})
