import { deepEqual, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Destination } from '#kernel/destination.ts'
import { VENDORS } from '../vendors.ts'
import { LOCAL_SERVERS, withoutConfigured } from './discover-local.ts'
import { jsonServer } from './local-server-for-test.ts'
import { discoverOn, ollamaServer, tag, vllmModels, vllmServer } from './local-servers.fixture.ts'

const propsOf = (nCtx: number) => ({
  default_generation_settings: { n_ctx: nCtx, params: { temperature: 0.8 } },
  total_slots: 4,
  model_alias: 'qwen',
  model_path: '/models/Qwen3-0.6B-Q8_0.gguf',
  modalities: { vision: false, audio: false },
  chat_template: '{{ messages }}',
  build_info: 'b8681-Debian',
})

const llamaModels = (...ids: string[]) => ({
  models: [],
  object: 'list',
  data: ids.map((id) => ({
    id,
    object: 'model',
    created: 1,
    owned_by: 'llamacpp',
    meta: { n_ctx_train: 40_960 },
  })),
})

const lmStudioServer = jsonServer({
  '/api/v0/models': {
    object: 'list',
    data: [
      {
        id: 'qwen2-vl-7b-instruct',
        object: 'model',
        type: 'vlm',
        publisher: 'mlx-community',
        arch: 'qwen2_vl',
        compatibility_type: 'mlx',
        quantization: '4bit',
        state: 'not-loaded',
        max_context_length: 32_768,
      },
      { id: 'far-away', object: 'model', type: 'llm', state: 'loaded' },
      { id: 'shim', type: 'llm', state: 'loaded', compatibility_type: 'api' },
      {
        id: 'loaded',
        type: 'llm',
        state: 'loaded',
        compatibility_type: 'gguf',
        max_context_length: 32_768,
        loaded_context_length: 4096,
      },
      { id: 'nomic', object: 'model', type: 'embeddings', state: 'loaded' },
    ],
  },
  '/v1/models': { object: 'list', data: [{ id: 'x', owned_by: 'organization_owner' }] },
})

describe('servers on their usual ports', () => {
  test('are all found at once, discovered and not trusted', async (t) => {
    const found = await discoverOn(t, {
      11434: ollamaServer,
      9931: jsonServer({ '/props': propsOf(8192), '/v1/models': llamaModels('qwen') }),
      8080: jsonServer({ '/props': propsOf(4096), '/v1/models': llamaModels('phi') }),
      1234: lmStudioServer,
      8000: vllmServer,
    })
    deepEqual(
      found.map(({ id, address }) => [id, address.kind === 'url' && address.baseUrl]),
      [
        ['ollama', 'http://127.0.0.1:11434/v1'],
        ['llama-server', 'http://127.0.0.1:9931/v1'],
        ['llama-server-8080', 'http://127.0.0.1:8080/v1'],
        ['lm-studio', 'http://127.0.0.1:1234/v1'],
        ['vllm', 'http://127.0.0.1:8000/v1'],
      ],
    )
    for (const { state, origin, clearance, zone, jurisdiction, dialect } of found) {
      deepEqual(
        { state, origin, clearance, zone, jurisdiction, dialect },
        {
          state: 'discovered',
          origin: 'discovered',
          clearance: 'public',
          zone: 'device',
          jurisdiction: 'local',
          dialect: 'openai',
        },
      )
    }
  })

  test('nothing listening means nothing found', async (t) => {
    deepEqual(await discoverOn(t, {}), [])
  })

  test('agree with the ports of vendors.json', () => {
    const ports = new Set(LOCAL_SERVERS.map(({ port }) => port))
    for (const id of ['ollama', 'llama-server', 'llamafile', 'lm-studio', 'vllm']) {
      const port = VENDORS.find((vendor) => vendor.id === id)?.localPort
      ok(port !== undefined && ports.has(port), id)
    }
  })
})

describe('Ollama', () => {
  test('only models whose weights lie on this disk are local; embedding models are left out', async (t) => {
    const [ollama] = await discoverOn(t, { 11434: ollamaServer })
    deepEqual(
      ollama?.models.map(({ name, zone }) => [name, zone]),
      [
        ['llama3.2:1b', undefined],
        ['gpt-oss:120b-cloud', 'api'],
        ['by-suffix:120b-cloud', 'api'],
        ['by-tag:cloud', 'api'],
        ['by-host:latest', 'api'],
        ['by-origin:latest', 'api'],
        ['by-size:latest', 'api'],
        ['by-no-size:latest', 'api'],
        ['by-format:latest', 'api'],
        ['by-no-details:latest', 'api'],
      ],
    )
  })

  test('without models it is found all the same, in no zone of our own: it may forward whatever comes later', async (t) => {
    const empty = jsonServer({ '/api/version': { version: '0.17.4' }, '/api/tags': { models: [] } })
    const [ollama] = await discoverOn(t, { 11434: empty })
    deepEqual(
      [ollama?.id, ollama?.models, ollama?.zone, ollama?.jurisdiction],
      ['ollama', [], 'api', 'unknown'],
    )
  })
})

describe('half a server', () => {
  test('is left out: each of the two answers has to be there', async (t) => {
    const halves: readonly (readonly [number, string, unknown])[] = [
      [11434, '/api/version', { version: '0.17.4' }],
      [11434, '/api/tags', { models: [tag('m')] }],
      [9931, '/props', propsOf(1)],
      [9931, '/v1/models', llamaModels('m')],
      [8000, '/version', { version: '0.20.1' }],
      [8000, '/v1/models', vllmModels],
    ]
    for (const [port, path, answer] of halves) {
      deepEqual(await discoverOn(t, { [port]: jsonServer({ [path]: answer }) }), [], path)
    }
  })
})

describe('llama-server and llamafile', () => {
  test('a model given as a file is served under its short name, with the context of the server', async (t) => {
    const file = '/models/Qwen3-0.6B-Q8_0.gguf'
    const listener = jsonServer({ '/props': propsOf(8192), '/v1/models': llamaModels(file) })
    const [found] = await discoverOn(t, { 9931: listener })
    deepEqual(found?.models, [{ name: 'Qwen3-0.6B-Q8_0', upstream: file, contextTokens: 8192 }])
  })

  test('a llamafile is told apart by the file it serves', async (t) => {
    const models = llamaModels('Llama-3.2-1B.Q6_K.llamafile')
    const [found] = await discoverOn(t, {
      8080: jsonServer({ '/props': propsOf(0), '/v1/models': models }),
    })
    deepEqual(
      [found?.id, found?.models],
      ['llamafile', [{ name: 'Llama-3.2-1B.Q6_K', upstream: 'Llama-3.2-1B.Q6_K.llamafile' }]],
    )
  })

  test('two on both ports have two ids, whatever they serve', async (t) => {
    const models = llamaModels('a.llamafile')
    const listener = jsonServer({ '/props': propsOf(0), '/v1/models': models })
    const found = await discoverOn(t, { 9931: listener, 8080: listener })
    deepEqual(
      found.map(({ id }) => id),
      ['llamafile-9931', 'llamafile'],
    )
  })

  test('models that only embed are left out', async (t) => {
    const models = {
      ...llamaModels('bge', 'qwen', 'unsaid'),
      models: [{ capabilities: ['embedding'] }, { capabilities: ['completion'] }, {}],
    }
    const listener = jsonServer({ '/props': propsOf(512), '/v1/models': models })
    const [found] = await discoverOn(t, { 9931: listener })
    deepEqual(
      found?.models.map(({ name }) => name),
      ['qwen', 'unsaid'],
    )
  })

  test('a server that lists models of others is not one', async (t) => {
    const models = { object: 'list', data: [{ id: 'gpt', owned_by: 'openai' }] }
    const listener = jsonServer({ '/props': propsOf(1), '/v1/models': models })
    deepEqual(await discoverOn(t, { 8080: listener, 9931: listener }), [])
  })
})

describe('LM Studio', () => {
  test('chat models with weights here are local, the others are api', async (t) => {
    const [found] = await discoverOn(t, { 1234: lmStudioServer })
    deepEqual(found?.models, [
      { name: 'qwen2-vl-7b-instruct', upstream: 'qwen2-vl-7b-instruct', contextTokens: 32_768 },
      { name: 'far-away', upstream: 'far-away', zone: 'api' },
      { name: 'shim', upstream: 'shim', zone: 'api' },
      { name: 'loaded', upstream: 'loaded', contextTokens: 4096 },
    ])
  })

  test('an old version is known by the owner of its models, whose place is unknown', async (t) => {
    const list = [
      { id: 'm', owned_by: 'organization_owner' },
      { id: 'text-embedding-nomic', owned_by: 'organization_owner' },
    ]
    const [found] = await discoverOn(t, {
      1234: jsonServer({
        // it answers 200 with an error on a wrong path
        '/api/v0/models': { error: 'Unexpected endpoint or method' },
        '/v1/models': { object: 'list', data: list },
      }),
    })
    deepEqual(found?.models, [{ name: 'm', upstream: 'm', zone: 'api' }])
  })
})

describe('withoutConfigured', () => {
  test('what the file names or addresses is not discovered a second time', async (t) => {
    const found = await discoverOn(t, { 11434: ollamaServer, 8000: vllmServer })
    const [ollama] = found
    ok(ollama)
    const ids = (configured: readonly Destination[]) =>
      withoutConfigured(found, configured).map(({ id }) => id)
    deepEqual(ids([]), ['ollama', 'vllm'])
    deepEqual(ids([{ ...ollama, address: { kind: 'socket', path: '/x' } }]), ['vllm'])
    const other = { ...ollama, id: 'mine' }
    for (const baseUrl of ['http://localhost:11434/v1', 'http://[::1]:11434']) {
      deepEqual(ids([{ ...other, address: { kind: 'url', baseUrl } }]), ['vllm'])
    }
    const far = { kind: 'url', baseUrl: 'https://10.0.0.1:11434/v1' } as const
    deepEqual(ids([{ ...other, address: far }]), ['ollama', 'vllm'])
  })
})
