import assert from 'node:assert/strict'
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { arch, platform } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { filesOf } from '../store/manifest.ts'
import { storePaths } from '../store/store-layout.ts'
import { codeOf, folder, pull, sha256, value } from './testing/get.ts'
import { registry, type TestLayer } from './testing/registry.ts'
import { tar } from './testing/tar.ts'

void describe('registries and stores', () => {
  test('an artefact comes layer by layer, with a token, under the digest of its manifest', async (t) => {
    const dir = await folder(t)
    const { host, digest } = await registry(t, [
      [
        'application/vnd.cncf.model.weight.v1.raw',
        Buffer.from('w'),
        { 'org.cncf.model.filepath': 'm.safetensors' },
      ],
      ['application/vnd.docker.ai.license', Buffer.from('MIT')],
    ])
    const manifest = value(await pull(dir, `oci:${host}/library/small`))
    assert.deepEqual(manifest.aliasDigests, [digest])
    assert.equal(manifest.source.reference, `${host}/library/small@sha256:${digest}`)
    assert.deepEqual(
      filesOf(manifest).map(({ path }) => path),
      ['m.safetensors', 'LICENSE'],
    )
  })

  test('descriptions of artefacts are kept, and name the licence', async (t) => {
    const layer: TestLayer = [
      'application/vnd.kitops.modelkit.model.v1.tar',
      tar([{ name: 'm.safetensors', content: Buffer.from('w') }]),
    ]
    const descriptions = [
      [
        'application/vnd.kitops.modelkit.config.v1+json',
        { package: { license: 'MIT' }, model: { license: 'Apache-2.0' } },
        'Apache-2.0',
      ],
      ['application/vnd.cncf.model.config.v1+json', { descriptor: { licenses: ['MIT'] } }, 'MIT'],
      [
        'application/vnd.cncf.model.config.v1+json',
        { descriptor: { licenses: ['MIT', 'Apache-2.0'] } },
        null,
      ],
      [
        'application/vnd.cncf.model.config.v1+json',
        { descriptor: { licenses: ['a\u001bb'] } },
        null,
      ],
      ['application/vnd.kitops.modelkit.config.v1+json', ['nothing'], null],
    ] as const
    for (const [type, said, licence] of descriptions) {
      const config: TestLayer = [type, Buffer.from(JSON.stringify(said))]
      const { host } = await registry(t, [layer], { config })
      const manifest = value(await pull(await folder(t), `oci:${host}/library/small`))
      assert.equal(filesOf(manifest).length, 2)
      assert.equal(manifest.licence, licence)
    }
  })

  test('a container image is no model', async (t) => {
    for (const type of [
      'application/vnd.oci.image.layer.v1.tar+gzip',
      'application/vnd.docker.image.rootfs.diff.tar.gzip',
    ]) {
      const { host } = await registry(t, [[type, Buffer.from('w')]])
      const refused = await pull(await folder(t), `oci:${host}/library/small`)
      assert.equal(codeOf(refused), 'not-a-model')
    }
  })

  test('of several artefacts the one for this machine is taken, and otherwise none', async (t) => {
    const raw = (text: string): TestLayer => [
      'application/vnd.cncf.model.weight.v1.raw',
      Buffer.from(text),
      { 'org.cncf.model.filepath': 'm.safetensors' },
    ]
    const on = (os: string, architecture: string) => ({ platform: { os, architecture } })
    const here = on(
      platform() === 'win32' ? 'windows' : platform(),
      arch() === 'x64' ? 'amd64' : arch(),
    )
    const attestation = {
      ...on('unknown', 'unknown'),
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
    }
    const single = await registry(t, [], {
      listed: [
        [[raw('one')], on('plan9', 'mips')],
        [[raw('two')], attestation],
      ],
    })
    const manifest = value(await pull(await folder(t), `oci:${single.host}/library/small`))
    assert.equal(manifest.digest, sha256(Buffer.from('one')))
    assert.deepEqual(manifest.aliasDigests, [single.digests[0]])
    const platforms = await registry(t, [], {
      listed: [
        [[raw('other')], on('plan9', 'mips')],
        [[raw('here')], here],
      ],
    })
    const chosen = value(await pull(await folder(t), `oci:${platforms.host}/library/small`))
    assert.equal(chosen.digest, sha256(Buffer.from('here')))
    const typed = await registry(t, [], {
      listed: [
        [[raw('image')], here],
        [[raw('model')], { artifactType: 'application/vnd.cncf.model.manifest.v1+json' }],
      ],
    })
    const model = value(await pull(await folder(t), `oci:${typed.host}/library/small`))
    assert.equal(model.digest, sha256(Buffer.from('model')))
    const named = (name: string) => ({
      annotations: { 'org.opencontainers.image.ref.name': name },
    })
    const sizes = await registry(t, [], {
      listed: [
        [[raw('q4')], named('q4')],
        [[raw('q8')], named('q8\u001b[31m')],
      ],
    })
    const refused = await pull(await folder(t), `oci:${sizes.host}/library/small`)
    assert.ok(!refused.ok)
    assert.equal(refused.error.code, 'index-ambiguous')
    const choices = String(refused.error.detail?.['choices'])
    for (const digest of sizes.digests) assert.ok(choices.includes(`sha256:${digest}`))
    assert.match(choices, /\(q4\), .*\(q8\\u\{1b\}\[31m\)$/)
    const asked = await pull(
      await folder(t),
      `oci:${sizes.host}/library/small@sha256:${sizes.digests[1]}`,
    )
    assert.equal(value(asked).digest, sha256(Buffer.from('q8')))
    const broken = await registry(t, [], {
      listed: [[[raw('x')], { digest: `sha256:${'0'.repeat(64)}` }]],
    })
    const absent = await pull(await folder(t), `oci:${broken.host}/library/small`)
    assert.equal(codeOf(absent), 'artefact-not-found')
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
