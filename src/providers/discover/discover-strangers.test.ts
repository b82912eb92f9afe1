import { deepEqual, equal, ok } from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { describe, test } from 'node:test'
import { discoverLocal, LOCAL_SERVERS } from './discover-local.ts'
import { jsonServer } from './local-server-for-test.ts'
import { discoverOn, ollamaServer, vllmModels } from './local-servers.fixture.ts'

describe('what is not a model server', () => {
  const strangers: Readonly<Record<string, RequestListener>> = {
    'a page for every path': (_, response) => response.end('<!doctype html><h1>Hello</h1>'),
    'JSON for every path': (_, response) => response.end('{"status":"ok"}'),
    'an empty answer': (_, response) => response.end(),
    null: (_, response) => response.end('null'),
    'an empty list of models': jsonServer({
      '/version': { version: '1.0' },
      '/v1/models': { object: 'list', data: [] },
    }),
    'an API with a version and more': jsonServer({
      '/version': { version: '1.0', service: 'billing' },
      '/v1/models': vllmModels,
    }),
    'a gateway that lists models of several owners': jsonServer({
      '/version': { version: '1.0' },
      '/v1/models': {
        object: 'list',
        data: [...vllmModels.data, { id: 'gpt-5', owned_by: 'openai' }],
      },
    }),
    'a server that wants a key': (_, response) => {
      response.writeHead(401).end('{"error":"unauthorized"}')
    },
    'a redirect to the right answer': (request, response) => {
      const path = request.url ?? ''
      if (path.startsWith('/there')) {
        response.end(JSON.stringify(path === '/there/version' ? { version: '0.20.1' } : vllmModels))
      } else response.writeHead(307, { location: `/there${path}` }).end()
    },
    'a connection cut in the middle': (_, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{"vers')
      response.destroy()
    },
    'the right answer in more than 64 kB': (request, response) => {
      const right = request.url === '/version' ? { version: '0.20.1' } : vllmModels
      response.end(JSON.stringify(right) + ' '.repeat(70_000))
    },
    'an answer without end': (_, response) => {
      const more = (): void => {
        if (response.destroyed) return
        if (response.write('x'.repeat(16_384))) setImmediate(more)
        else response.once('drain', more)
      }
      more()
    },
  }
  for (const [name, listener] of Object.entries(strangers)) {
    test(`is left out: ${name}`, async (t) => {
      const everywhere = Object.fromEntries(LOCAL_SERVERS.map(({ port }) => [port, listener]))
      deepEqual(await discoverOn(t, everywhere), [])
    })
  }

  test('one that never answers is given up, and the others are found', async (t) => {
    const found = await discoverOn(t, { 11434: ollamaServer, 8000: () => undefined }, 400)
    deepEqual(
      found.map(({ id }) => id),
      ['ollama'],
    )
  })

  test('one that stops in the middle of its answer is given up', async (t) => {
    const stuck: RequestListener = (_, response) => {
      response.writeHead(200)
      response.write('{"version":')
    }
    deepEqual(await discoverOn(t, { 8000: stuck }, 100), [])
  })
})

describe('a get that misbehaves', () => {
  const tools = { timeoutMs: 20 }

  test('by never answering, rejecting or throwing finds nothing and breaks nothing', async () => {
    deepEqual(await discoverLocal({ ...tools, get: () => new Promise(() => undefined) }), [])
    deepEqual(await discoverLocal({ ...tools, get: () => Promise.reject(new Error('x')) }), [])
    const get = () => {
      throw new Error('x')
    }
    deepEqual(await discoverLocal({ ...tools, get }), [])
  })

  test('is told to stop when time is up', async () => {
    const signals: AbortSignal[] = []
    await discoverLocal({
      ...tools,
      get: (_, signal) => {
        signals.push(signal)
        return new Promise(() => undefined)
      },
    })
    equal(signals.length, 10)
    ok(signals.every(({ aborted }) => aborted))
  })
})
