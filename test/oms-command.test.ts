import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'

const PROGRAM = resolve(import.meta.dirname, '../bin/ecluse.mjs')

test('the words of the conformance suite sign and verify, and exit codes tell no from could not', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'ecluse-oms-'))
  t.after(() => rm(home, { recursive: true, force: true }))
  const model = join(home, 'a model')
  await mkdir(join(model, 'sub'), { recursive: true })
  await writeFile(join(model, 'weights.bin'), 'weights')
  await writeFile(join(model, 'sub/ignore-me'), 'x')
  for (const name of ['right', 'wrong']) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    const pem = { format: 'pem' } as const
    await writeFile(join(home, `${name}.key`), privateKey.export({ type: 'pkcs8', ...pem }))
    await writeFile(join(home, `${name}.pub`), publicKey.export({ type: 'spki', ...pem }))
  }
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [PROGRAM, ...args], {
      env: { PATH: process.env['PATH'] ?? '', ECLUSE_HOME: join(home, 'home') },
      encoding: 'utf8',
    })
  const bundle = join(model, 'model.sig')
  const paths = ['--model-path', model, '--ignore-paths', join(model, 'sub/ignore-me')]
  const signed = run(
    'oms',
    'sign-model',
    '--method',
    'key',
    ...paths,
    '--output-bundle',
    bundle,
    '--private-key',
    join(home, 'right.key'),
  )
  assert.equal(signed.status, 0, signed.stderr)
  const verify = (key: string, ...more: string[]) =>
    run(
      'oms',
      'verify-model',
      '--method',
      'key',
      ...paths,
      '--bundle',
      bundle,
      '--public-key',
      join(home, key),
      ...more,
    )
  assert.equal(verify('right.pub').status, 0)
  assert.equal(verify('wrong.pub').status, 1)
  assert.equal(verify('none.pub').status, 2)
  await writeFile(join(model, 'extra.bin'), 'x')
  const refused = verify('right.pub', '--json')
  assert.equal(refused.status, 1)
  const { error } = JSON.parse(refused.stdout)
  assert.equal(error.code, 'files-differ')
  assert.deepEqual(error.differences.added, ['extra.bin'])
  assert.equal(verify('right.pub', '--ignore-unsigned-files').status, 0)
  assert.equal(run('models', 'verify', model, '--public-key', join(home, 'right.pub')).status, 1)
  assert.equal(run('models', 'verify').status, 3)
  assert.equal(run('models', 'verify', model).status, 3)
  assert.equal(run('models', 'nothing').status, 3)
  assert.equal(run('oms', 'sign-model', '--method', 'pgp', '--model-path', model).status, 3)
  // words of the suite that need services online, or a root that is not on board
  const staging = ['--use-staging', '--identity', 'a@b.example', '--identity-provider', 'https://c']
  const keylessly = ['--method', 'sigstore', '--model-path', model, '--bundle', bundle]
  assert.equal(run('oms', 'verify-model', ...keylessly, ...staging).status, 3)
  assert.equal(run('oms', 'verify-model', ...keylessly, ...staging.slice(1)).status, 1)
  const vague = ['--identity-pattern', '*', '--identity-provider', 'https://c']
  assert.equal(run('oms', 'verify-model', ...keylessly, ...vague).status, 3)
  const keyless = run(
    'oms',
    'sign-model',
    '--method',
    'sigstore',
    '--model-path',
    model,
    '--identity-token',
    'x',
    '--use-staging',
  )
  assert.equal(keyless.status, 2)
})
