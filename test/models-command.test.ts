import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { safetensorsOf } from '../src/models/weights/testing/build-weights.ts'
import { testHome } from './support/gateway.ts'
import { runProgram } from './support/process.ts'

const safetensors = (name: string): Buffer =>
  safetensorsOf(`{"${name}":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}`, Buffer.alloc(4))

/** A home with one model of several files, brought by the command line. */
async function withModel(t: TestContext) {
  const home = testHome(t)
  writeFileSync(join(home, 'ecluse.yaml'), 'discover: false\nengine: {enabled: false}\n')
  const run = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
    runProgram(t, ['models', ...args], { ECLUSE_HOME: home, ...environment })
  const from = join(home, 'from')
  mkdirSync(join(from, 'sub'), { recursive: true })
  writeFileSync(join(from, 'a.safetensors'), safetensors('a'))
  writeFileSync(join(from, 'sub', 'b.safetensors'), safetensors('b'))
  copyFileSync(join(import.meta.dirname, '..', 'LICENSE'), join(from, 'LICENSE'))
  assert.equal((await run(['pull', `folder:${from}`, 'granite-small'])).code, 0)
  return { home, run }
}

test('a stored model of several files is found, scanned, signed and verified by its name, and an unknown one is told as such', async (t) => {
  const { home, run } = await withModel(t)
  const unknown = await run(['show', 'granit-small'])
  assert.equal(unknown.code, 2)
  assert.match(unknown.text, /There is no model granit-small here\. Is it granite-small\?/)
  const french = await run(['export', 'nope', join(home, 'x')], { LANG: 'fr_FR.UTF-8' })
  assert.match(french.text, /Il n'y a pas de modèle nope ici\..*models list/)
  const kinds = await run(['tasks', '--kind', 'notise'])
  assert.equal(kinds.code, 3)
  assert.match(kinds.text, /notice\? Expected: licence, .*territory/)
  const shown = await run(['show', 'granite-small'], { LANG: 'fr_FR.UTF-8' })
  assert.match(shown.text, /analyse +rien trouvé +règles/)
  assert.match(shown.text, /apporté -> en quarantaine +local +fichier/)

  assert.match((await run(['scan', 'granite-small'])).text, /3 files: 3 clean/)
  assert.match((await run(['licence', 'granite-small'])).text, /by its text/)
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const [secret = '', open = '', signature = ''] = ['k.pem', 'k.pub', 'm.sig'].map((name) =>
    join(home, name),
  )
  writeFileSync(secret, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  writeFileSync(open, publicKey.export({ type: 'spki', format: 'pem' }))
  const signed = ['granite-small', '--private-key', secret, '--output-bundle', signature]
  assert.equal((await run(['sign', ...signed])).code, 0)
  const check = ['--bundle', signature, '--public-key', open]
  assert.match((await run(['verify', 'granite-small', ...check])).text, /Verified: 3 files/)
  // the folder that it came from has the same signature, and one byte decides
  writeFileSync(join(home, 'from', 'sub', 'b.safetensors'), safetensors('c'))
  const differs = await run(['verify', join(home, 'from'), ...check])
  assert.equal(differs.code, 1)
  assert.match(differs.text, /changed +sub\/b\.safetensors/)

  // what is revoked does not come back under another name, with another file beside it
  assert.equal((await run(['revoke', 'granite-small', '--reason', 'found out'])).code, 0)
  const again = await run(['pull', `folder:${join(home, 'from')}`, 'innocent'])
  assert.equal(again.code, 1)
  assert.match(again.text, /serves nobody: revoked/)
})
