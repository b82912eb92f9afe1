import assert from 'node:assert/strict'
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { filesOf } from '../manifest.ts'
import { storePaths } from '../store-layout.ts'
import { folder, pull, sha256, value } from './testing/get.ts'
import { registry } from './testing/registry.ts'

void describe('registries and stores', () => {
  test('an artefact comes layer by layer, with a token, under the digest of its manifest', async (t) => {
    const dir = await folder(t)
    const { url, digest } = await registry(t, [
      [
        'application/vnd.cncf.model.weight.v1.raw',
        Buffer.from('w'),
        { 'org.cncf.model.filepath': 'm.safetensors' },
      ],
      ['application/vnd.docker.ai.license', Buffer.from('MIT')],
    ])
    const host = new URL(url).host
    const manifest = value(await pull(dir, `oci:${host}/library/small`))
    assert.deepEqual(manifest.aliasDigests, [digest])
    assert.deepEqual(
      filesOf(manifest).map(({ path }) => path),
      ['m.safetensors', 'LICENSE'],
    )
    const tar = await registry(t, [
      ['application/vnd.cncf.model.weight.v1.tar+gzip', Buffer.from('w')],
    ])
    const refused = await pull(dir, `oci:${new URL(tar.url).host}/library/small`)
    assert.equal(refused.ok ? null : refused.error.code, 'layer-unsupported')
  })

  test('the Ollama of this machine gives what its own manifest lists, verified', async (t) => {
    const dir = await folder(t)
    const store = join(dir, 'ollama')
    const bytes = Buffer.from('weights')
    const at = join(store, 'manifests', '127.0.0.1:1', 'library', 'small')
    await mkdir(at, { recursive: true })
    await mkdir(join(store, 'blobs'))
    const layer = {
      mediaType: 'application/vnd.ollama.image.model',
      digest: `sha256:${sha256(bytes)}`,
      size: 7,
    }
    await writeFile(join(at, 'latest'), JSON.stringify({ layers: [layer] }))
    await writeFile(join(store, 'blobs', `sha256-${sha256(bytes)}`), bytes)
    assert.equal(value(await pull(dir, 'ollama-store:small')).digest, sha256(bytes))
    await rm(storePaths(dir).blob(sha256(bytes)))
    await writeFile(join(store, 'blobs', `sha256-${sha256(bytes)}`), 'WEIGHTS')
    const refused = await pull(dir, 'ollama-store:small')
    assert.equal(refused.ok ? null : refused.error.code, 'digest-mismatch')
  })

  test('a folder is taken whole; one with a link is not', async (t) => {
    const [dir, from] = [await folder(t), await folder(t)]
    await mkdir(join(from, 'a'))
    await writeFile(join(from, 'a', 'x.safetensors'), 'x')
    await writeFile(join(from, 'README.md'), 'r')
    const manifest = value(await pull(dir, `folder:${from}`, { name: 'mine' }))
    assert.deepEqual([filesOf(manifest).length, manifest.attested], [2, false])
    await symlink('/etc/passwd', join(from, 'passwd'))
    const refused = await pull(dir, `folder:${from}`, { name: 'mine' })
    assert.equal(refused.ok ? null : refused.error.code, 'folder-unusable')
  })
})
