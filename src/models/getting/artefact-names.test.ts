import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { gguf, textValue } from '../gguf/gguf.fixture.ts'
import { filesOf } from '../store/manifest.ts'
import type { PullPorts } from '../pull/pull-ports.ts'
import { storePaths } from '../store/store-layout.ts'
import { folder, ports, pull, value } from './testing/get.ts'
import { registry, type TestLayer } from './testing/registry.ts'

const GGUF = gguf([['general.architecture', textValue('llama')]], [['a', [2, 2]]])
const other = (name: string): Buffer =>
  gguf(
    [
      ['general.architecture', textValue('clip')],
      ['general.name', textValue(name)],
    ],
    [],
  )

/** Ports that find a host of the world on this machine. */
const instead = (hosts: Readonly<Record<string, string>>): PullPorts => ({
  ...ports,
  get: (url, headers, signal) => {
    const here = hosts[url.host]
    assert.ok(here, url.host)
    return ports.get(new URL(`${here}${url.pathname}${url.search}`), headers, signal)
  },
})

void describe('what registries call their files', () => {
  test('a Docker model comes from Docker Hub under its own names', async (t) => {
    const dir = await folder(t)
    const made = await registry(
      t,
      [
        ['application/vnd.docker.ai.gguf.v3', GGUF],
        ['application/vnd.docker.ai.license', Buffer.from('MIT')],
        ['application/vnd.docker.ai.chat.template.jinja', Buffer.from('{{ messages }}')],
        ['application/vnd.docker.ai.mmproj', other('eyes')],
      ],
      {
        name: 'ai/small',
        realm: 'https://auth.docker.io/token',
        config: ['application/vnd.docker.ai.model.config.v0.1+json', Buffer.from('{"config":{}}')],
      },
    )
    const through = instead({ 'registry-1.docker.io': made.url, 'auth.docker.io': made.url })
    const manifest = value(await pull(dir, 'oci:docker.io/ai/small', {}, through))
    assert.equal(manifest.source.reference, `docker.io/ai/small@sha256:${made.digest}`)
    assert.deepEqual(
      filesOf(manifest).map(({ path }) => path),
      ['model.gguf', 'LICENSE', 'chat_template.jinja', 'mmproj.gguf', 'docker-model.json'],
    )
    assert.equal(manifest.architecture, 'llama')
  })

  test('a model of the Ollama registry keeps template, parameters, licences and system text', async (t) => {
    const dir = await folder(t)
    const type = (kind: string): string => `application/vnd.ollama.image.${kind}`
    const layers: readonly TestLayer[] = [
      [type('model'), GGUF],
      [type('projector'), other('eyes')],
      [type('template'), Buffer.from('{{ .Prompt }}')],
      [type('system'), Buffer.from('Be kind.')],
      [type('params'), Buffer.from('{"stop":["x"]}')],
      [type('license'), Buffer.from('first')],
      [type('license'), Buffer.from('second')],
      [type('messages'), Buffer.from('[]')],
    ]
    const { url } = await registry(t, layers, {
      config: ['application/vnd.docker.container.image.v1+json', Buffer.from('{}')],
    })
    const manifest = value(await pull(dir, 'ollama:small', { ollamaRegistry: url }))
    const files = filesOf(manifest)
    assert.deepEqual(
      files.map(({ path }) => path),
      [
        'model.gguf',
        'projector.gguf',
        'template.txt',
        'system.txt',
        'params.json',
        'LICENSE',
        '1-LICENSE',
        'messages.json',
      ],
    )
    for (const [at, { digest }] of files.entries())
      assert.deepEqual(await readFile(storePaths(dir).blob(digest)), layers[at]?.[1])
    assert.equal(manifest.format, 'gguf')
    const twice = await registry(t, [
      [type('model'), GGUF],
      [type('model'), other('second')],
      [type('adapter'), other('adapter')],
    ])
    const several = value(await pull(dir, 'ollama:small', { ollamaRegistry: twice.url }))
    assert.deepEqual(
      filesOf(several).map(({ path }) => path),
      ['model.gguf', '1-model.gguf', 'adapter.gguf'],
    )
    assert.equal(several.format, 'other')
  })
})
