import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { z } from 'zod'
import { gguf, textValue } from '../src/models/gguf/gguf.fixture.ts'
import { testHome } from './support/gateway.ts'

const PROGRAM = resolve(import.meta.dirname, '../bin/ecluse.mjs')
const Shown = z.looseObject({
  state: z.string(),
  record: z.looseObject({
    evidence: z.looseObject({ kind: z.string(), detail: z.string() }).nullable(),
  }),
})

test('a site without a network imports what head office approved, as far as it trusts head office', (t) => {
  const [office, site, other] = [testHome(t), testHome(t), testHome(t)]
  const file = join(office, 'ecluse.yaml')
  writeFileSync(file, 'discover: false\n', { mode: 0o600 })
  const run = (home: string, config: string, ...args: string[]) =>
    spawnSync(process.execPath, [PROGRAM, ...args], {
      env: {
        PATH: process.env['PATH'] ?? '',
        ECLUSE_HOME: home,
        ECLUSE_CONFIG: config,
        LANG: 'en_GB.UTF-8',
      },
      encoding: 'utf8',
    })
  const at = (home: string, ...args: string[]) => run(home, file, 'models', ...args)
  const weights = join(office, 'own.gguf')
  writeFileSync(weights, gguf([['general.architecture', textValue('llama')]], []))
  const pulled = run(office, file, 'pull', 'own', '--from', weights, '--json')
  assert.equal(pulled.status, 0, pulled.stderr)
  const { digest } = z.looseObject({ digest: z.string() }).parse(JSON.parse(pulled.stdout))
  // before anybody approved it there, what travels proves nothing
  const early = join(office, 'early.bundle')
  assert.equal(at(office, 'export', 'own', early).status, 0)
  assert.equal(at(office, 'admit', 'own', '--digest', `sha256:${digest}`).status, 0)
  assert.equal(at(office, 'approve', 'own', '--reason', 'reviewed').status, 0)
  const bundle = join(office, 'own.bundle')
  assert.equal(at(office, 'export', 'own', bundle).status, 0)
  const key = join(office, 'office.pub')
  writeFileSync(key, at(office, 'key').stdout)

  const shown = (text: string) => Shown.parse(JSON.parse(text))
  const plain = at(site, 'import', bundle, '--json')
  assert.equal(plain.status, 0, plain.stderr)
  assert.deepEqual(
    [shown(plain.stdout).state, shown(plain.stdout).record.evidence],
    ['scanned', null],
  )
  assert.match(plain.stderr, /key-not-trusted/)
  const nothing = at(site, 'import', early, '--trust-key', key, '--json')
  assert.deepEqual([nothing.status, shown(nothing.stdout).state], [1, 'scanned'])
  const wrong = join(site, 'wrong.pub')
  writeFileSync(wrong, at(site, 'key').stdout)
  const refused = at(site, 'import', bundle, '--trust-key', wrong)
  assert.equal(refused.status, 1, refused.stdout)
  assert.equal(at(site, 'import', bundle, '--trust-key', join(site, 'none')).status, 2)
  const trusted = at(site, 'import', bundle, '--trust-key', key, '--json')
  assert.equal(trusted.status, 0, trusted.stderr)
  const { state, record } = shown(trusted.stdout)
  assert.deepEqual([state, record.evidence?.kind], ['verified', 'house'])
  assert.match(
    record.evidence?.detail ?? '',
    /^given-key \(key [0-9a-f]{16}\): approved by local, 20/,
  )

  // a record that somebody changed on the way
  const bytes = readFileSync(bundle)
  const place = bytes.indexOf('\\"payload\\":\\"') + 40
  bytes.writeUInt8(bytes.readUInt8(place) === 0x41 ? 0x42 : 0x41, place)
  const forged = join(office, 'forged.bundle')
  writeFileSync(forged, bytes)
  const changed = at(other, 'import', forged, '--trust-key', key)
  assert.equal(changed.status, 1, changed.stdout)

  // where the configuration says so, what head office approved is approved
  const config = join(other, 'ecluse.yaml')
  const pem = readFileSync(key, 'utf8').trim().replaceAll('\n', '\n        ')
  writeFileSync(
    config,
    `discover: false
models:
  trusted_houses:
    - name: head-office
      accepts: approved
      public_key: |
        ${pem}
`,
    { mode: 0o600 },
  )
  const approved = run(other, config, 'models', 'import', bundle, '--json')
  assert.equal(approved.status, 0, approved.stderr)
  assert.equal(shown(approved.stdout).state, 'approved')
  assert.match(shown(approved.stdout).record.evidence?.detail ?? '', /^head-office /)
})
