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
