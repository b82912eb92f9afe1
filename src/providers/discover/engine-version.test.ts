import { deepEqual, equal } from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import type { Destination } from '#kernel/destination.ts'
import { reportedEngine, type ReportedEngine } from './engine-version.ts'
import { jsonServer, startServer } from './local-server-for-test.ts'

const at = (port: number, more: Partial<Destination> = {}): Destination => ({
  id: 'one',
  dialect: 'openai',
  address: { kind: 'url', baseUrl: `http://127.0.0.1:${port}/v1` },
  zone: 'on-prem',
  jurisdiction: 'local',
  clearance: 'restricted',
  state: 'enabled',
  origin: 'config',
  models: [],
  ...more,
})

async function engineOf(
  t: TestContext,
  answers: Readonly<Record<string, unknown>>,
): Promise<ReportedEngine | null> {
  return reportedEngine(at(await startServer(t, jsonServer(answers))), null)
}

const models = (owner: string, id = 'm'): object => ({
  object: 'list',
  data: [{ id, owned_by: owner }],
})

describe('reportedEngine', () => {
  const kinds: readonly (readonly [string, string | null, Readonly<Record<string, unknown>>])[] = [
    ['ollama', '0.17.4', { '/api/version': { version: '0.17.4' }, '/api/tags': { models: [] } }],
    ['vllm', '0.14.0', { '/version': { version: '0.14.0' }, '/v1/models': models('vllm') }],
    [
      'llama.cpp',
      'b8146-1a2b3c',
      {
        '/props': { default_generation_settings: { n_ctx: 4096 }, build_info: 'b8146-1a2b3c' },
        '/v1/models': models('llamacpp'),
      },
    ],
    [
      'llamafile',
      null,
      {
        '/props': { default_generation_settings: {}, build_info: 'b1500' },
        '/v1/models': models('llamacpp', 'x.llamafile'),
      },
    ],
    [
      'sglang',
      '0.5.9',
      { '/get_server_info': { version: '0.5.9' }, '/v1/models': models('sglang') },
    ],
    ['tgi', '3.3.6', { '/info': { model_id: 'm', max_total_tokens: 4096, version: '3.3.6' } }],
    [
      'tei',
      '1.9.0',
      {
        '/info': {
          model_id: 'BAAI/bge-large-en-v1.5',
          model_sha: null,
          model_dtype: 'float16',
          model_type: { embedding: { pooling: 'cls' } },
          max_input_length: 512,
          max_batch_tokens: 16_384,
          max_client_batch_size: 32,
          version: '1.9.0',
        },
      },
    ],
    [
      'infinity',
      '0.0.77',
      {
        '/models': { data: [{ id: 'BAAI/bge-m3', owned_by: 'infinity', backend: 'torch' }] },
        '/openapi.json': {
          openapi: '3.1.0',
          info: { title: '\u267e\ufe0f Infinity - Embedding Inference Server', version: '0.0.77' },
        },
      },
    ],
    [
      'localai',
      'v4.9.0',
      {
        '/.well-known/localai.json': {
          version: 'v4.9.0 (3f1d2c9e)',
          endpoints: { models: '/v1/models' },
        },
        '/version': { version: 'v4.9.0 (3f1d2c9e)' },
      },
    ],
    ['lm-studio', null, { '/lmstudio-greeting': { lmstudio: true } }],
    ['triton', '2.59.0', { '/v2': { name: 'triton', version: '2.59.0', extensions: [] } }],
    [
      'litellm',
      '1.83.0',
      { '/health/readiness': { litellm_version: '1.83.0', status: 'healthy' } },
    ],
  ]
  for (const [product, version, answers] of kinds) {
    test(`recognises ${product} by what only it answers, and its version`, async (t) => {
      deepEqual(await engineOf(t, answers), { product, version })
    })
  }

  test('knows LiteLLM by its header where its readiness says nothing, and not by a header that is no version', async (t) => {
    const port = async (version: string): Promise<number> =>
      startServer(t, (_, response) => {
        response.writeHead(401, { 'x-litellm-version': version })
        response.end('{"error": {"message": "no key"}}')
      })
    deepEqual(await reportedEngine(at(await port('1.93.0')), null), {
      product: 'litellm',
      version: '1.93.0',
    })
    deepEqual(await reportedEngine(at(await port('a b; c')), null), {
      product: 'litellm',
      version: null,
    })
  })

  test('lists the adapters that vLLM and llama.cpp have loaded, and nothing that only looks like one', async (t) => {
    const vllm = {
      '/version': { version: '0.33.0' },
      '/v1/models': {
        data: [
          { id: 'base', owned_by: 'vllm', root: 'org/base', parent: null },
          { id: 'legal-fr', owned_by: 'vllm', root: '/adapters/legal', parent: 'base' },
          { id: 'bad\u001b[2J', owned_by: 'vllm', parent: 'base' },
          { id: 'x', owned_by: 'vllm', parent: 7 },
        ],
      },
    }
    deepEqual(await engineOf(t, vllm), {
      product: 'vllm',
      version: '0.33.0',
      adapters: [{ name: 'legal-fr', base: 'base' }],
    })
    const llama = (adapters: unknown): Readonly<Record<string, unknown>> => ({
      '/props': { default_generation_settings: {}, build_info: 'b8146-1a2b3c' },
      '/v1/models': models('llamacpp'),
      '/lora-adapters': adapters,
    })
    const files = [
      { id: 0, path: '/srv/adapters/legal-fr.gguf', scale: 1 },
      { id: 1, path: '/srv/adapters/off.gguf', scale: 0 },
      { id: 2, path: 3, scale: 1 },
    ]
    deepEqual((await engineOf(t, llama(files)))?.adapters, [{ name: 'legal-fr.gguf', base: null }])
    equal((await engineOf(t, llama({ error: 'none' })))?.adapters, undefined)
  })

  test('is not misled by a server that answers yes to everything', async (t) => {
    // LM Studio answers 200 to paths that it does not know
    const port = await startServer(t, (request, response) => {
      response.end(
        request.url === '/lmstudio-greeting'
          ? '{"lmstudio":true}'
          : '{"error":"Unexpected endpoint or method."}',
      )
    })
    deepEqual(await reportedEngine(at(port), null), { product: 'lm-studio', version: null })
    for (const wrong of [
      { '/info': { model_id: 'm', model_type: 'embedding', max_client_batch_size: 1 } },
      { '/info': [] },
      { '/.well-known/localai.json': { version: 7 } },
      { '/lmstudio-greeting': { lmstudio: 'yes' } },
      { '/models': { data: [] } },
      { '/v2': { name: 'other', version: '2.59.0' } },
    ])
      equal(await engineOf(t, wrong), null, JSON.stringify(wrong))
    const hostile = {
      '/.well-known/localai.json': { version: `${'9'.repeat(5_000)} (x)`, endpoints: {} },
    }
    deepEqual(await engineOf(t, hostile), { product: 'localai', version: null })
  })

  test('does not take one for another, nor words for a version', async (t) => {
    // Open WebUI has a version at the same path as Ollama
    equal(await engineOf(t, { '/api/version': { version: '0.6.35' } }), null)
    equal(
      await engineOf(t, { '/version': { version: '1.0' }, '/v1/models': models('someone') }),
      null,
    )
    const words = { '/version': { version: '<script>' }, '/v1/models': models('vllm') }
    deepEqual(await engineOf(t, words), { product: 'vllm', version: null })
    equal(await engineOf(t, {}), null)
  })

  test('asks nobody outside our own zones, and no closed port for long', async (t) => {
    let asked = 0
    const port = await startServer(t, (_, response) => {
      asked += 1
      response.end('{}')
    })
    equal(await reportedEngine(at(port, { zone: 'api' }), 'secret'), null)
    equal(asked, 0)
    equal(await reportedEngine(at(1), null), null)
  })

  test('leaves an answer without end, and one that is no JSON', async (t) => {
    const port = await startServer(t, (request, response) => {
      if (request.url !== '/v1/models') response.end('<html>')
      else {
        response.writeHead(200)
        const more = (): void => {
          if (response.write('x'.repeat(65_536))) setImmediate(more)
          else response.once('drain', more)
        }
        more()
      }
    })
    equal(await reportedEngine(at(port), null), null)
  })
})
