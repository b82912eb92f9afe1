import type { RequestListener } from 'node:http'
import type { TestContext } from 'node:test'
import type { Destination } from '#kernel/destination.ts'
import { discoverLocal } from './discover-local.ts'
import { getOn, jsonServer, startServer } from './local-server-for-test.ts'

/** Long enough that only a server that never answers can exceed it. */
const PATIENT_MS = 5_000

export async function discoverOn(
  t: TestContext,
  servers: Readonly<Record<number, RequestListener>>,
  timeoutMs = PATIENT_MS,
): Promise<readonly Destination[]> {
  const ports: Record<number, number> = {}
  for (const [port, listener] of Object.entries(servers)) {
    ports[Number(port)] = await startServer(t, listener)
  }
  return discoverLocal({ get: getOn(ports, timeoutMs), timeoutMs })
}

export const tag = (name: string, more: object = {}) => ({
  name,
  model: name,
  modified_at: '2026-08-21T10:00:00.000000000+02:00',
  size: 1_321_098_329,
  digest: 'baf6a787fdffd633537aa2eb51cfd54cb93ff08e28040095462bb63daf552878',
  details: {
    parent_model: '',
    format: 'gguf',
    family: 'llama',
    families: ['llama'],
    parameter_size: '1.2B',
    quantization_level: 'Q8_0',
  },
  ...more,
})

export const ollamaServer = jsonServer({
  '/api/version': { version: '0.17.4' },
  '/api/tags': {
    models: [
      tag('llama3.2:1b'),
      // as it is told, then each sign alone
      tag('gpt-oss:120b-cloud', { size: 384, remote_host: 'https://ollama.com:443', details: {} }),
      tag('by-suffix:120b-cloud'),
      tag('by-tag:cloud'),
      tag('by-host:latest', { remote_host: 'https://ollama.com:443' }),
      tag('by-origin:latest', { remote_model: 'gpt-oss:120b' }),
      tag('by-size:latest', { size: 384 }),
      tag('by-no-size:latest', { size: undefined }),
      tag('by-format:latest', { details: { format: '', family: 'llama' } }),
      tag('by-no-details:latest', { details: undefined }),
      tag('all-minilm:latest', { details: { format: 'gguf', family: 'bert' } }),
      tag('embed:latest', { capabilities: ['embedding'] }),
      tag('bad\u0000name'),
    ],
  },
})

export const vllmModels = {
  object: 'list',
  data: [
    {
      id: 'mistralai/Ministral-8B',
      object: 'model',
      created: 1_790_000_000,
      owned_by: 'vllm',
      root: 'mistralai/Ministral-8B',
      parent: null,
      max_model_len: 32_768,
      permission: [],
    },
  ],
}
export const vllmServer = jsonServer({
  '/version': { version: '0.20.1' },
  '/v1/models': vllmModels,
})
