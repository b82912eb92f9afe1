import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as z from 'zod/mini'
import { ApiError } from './failure.ts'
import { createHttp, urlOf } from './http.ts'
import type { Http } from './http.ts'

const Shape = z.object({ name: z.string() })

const answering = (
  response: () => Response | Promise<Response>,
  signedOut: () => void = () => undefined,
): Http => createHttp({ network: async () => response(), language: () => 'fr', signedOut })

const failureOf = async (call: Promise<unknown>): Promise<ApiError> => {
  try {
    await call
  } catch (thrown) {
    if (thrown instanceof ApiError) return thrown
    throw thrown
  }
  throw new Error('the call succeeded')
}

test('an answer is checked, and what it has beyond its shape is left aside', async () => {
  const http = answering(() => Response.json({ name: 'admin', more: 1 }))
  assert.deepEqual(await http.json({ path: '/x' }, Shape), { name: 'admin' })
})

test('a refusal keeps its code, message, remedy, status and headers', async () => {
  const body = {
    error: { code: 'invalid-key', message: 'Unknown.', remedy: 'Check it.', param: null },
  }
  const http = answering(() =>
    Response.json(body, { status: 401, headers: { 'x-ecluse-class': 'public' } }),
  )
  const { failure, status, headers } = await failureOf(http.json({ path: '/x' }, Shape))
  assert.deepEqual(failure, { code: 'invalid-key', message: 'Unknown.', remedy: 'Check it.' })
  assert.equal(status, 401)
  assert.equal(headers.get('x-ecluse-class'), 'public')
})

test('an answer of another shape, no JSON at all, and an error page are told as unexpected', async () => {
  const answers = [
    () => Response.json({ nom: 'admin' }),
    () => new Response('<html>', { status: 200 }),
    () => new Response('<html>', { status: 502 }),
  ]
  for (const answer of answers) {
    const { failure } = await failureOf(answering(answer).json({ path: '/x' }, Shape))
    assert.equal(failure.code, 'unexpected-answer')
  }
})

test('a gateway that does not answer is told as unreachable', async () => {
  const http = answering(() => Promise.reject(new TypeError('fetch failed')))
  const { failure, status } = await failureOf(http.json({ path: '/x' }, Shape))
  assert.equal(failure.code, 'unreachable')
  assert.equal(status, 0)
})

test('giving up is not a failure of the gateway', async () => {
  const http = answering(() => Promise.reject(new DOMException('gone', 'AbortError')))
  await assert.rejects(http.json({ path: '/x' }, Shape), { name: 'AbortError' })
})

test('the language of the page and the JSON body are sent along, the cookie only to the same origin', async () => {
  let seen: { url: string; init: RequestInit } | null = null
  const http = createHttp({
    network: async (url, init) => {
      seen = { url, init }
      return Response.json({ name: 'x' })
    },
    language: () => 'fr',
    signedOut: () => undefined,
  })
  await http.json({ method: 'POST', path: '/api/x', body: { a: 1 } }, Shape)
  assert.ok(seen)
  const { url, init } = seen as { url: string; init: RequestInit }
  const headers = new Headers(init.headers)
  assert.equal(url, '/api/x')
  assert.equal(init.body, '{"a":1}')
  assert.equal(init.credentials, 'same-origin')
  assert.equal(headers.get('accept-language'), 'fr')
  assert.equal(headers.get('content-type'), 'application/json')
})

test('a query leaves out what is not asked and escapes what is', () => {
  assert.equal(urlOf({ path: '/a', query: { b: null } }), '/a')
  assert.equal(urlOf({ path: '/a', query: { b: 'c d&e', f: null } }), '/a?b=c+d%26e')
})

test("a session that is over is told once per answer, somebody else's credentials are not", async () => {
  let told = 0
  const refusing = (code: string) =>
    answering(
      () => Response.json({ error: { code, message: 'No.' } }, { status: 401 }),
      () => {
        told += 1
      },
    )
  await failureOf(refusing('invalid-key').json({ path: '/api/status' }, Shape))
  await failureOf(refusing('key-expired').open({ path: '/v1/chat/completions' }))
  assert.equal(told, 2)
  await failureOf(refusing('destination-credentials').open({ path: '/v1/chat/completions' }))
  assert.equal(told, 2)
})

test('our own code is told, whatever the dialect of the surface calls it', async () => {
  const http = answering(() =>
    Response.json(
      { error: { code: 'model_not_found', message: 'No such model. List them.', param: null } },
      { status: 404, headers: { 'x-ecluse-error': 'unknown-model' } },
    ),
  )
  const { failure } = await failureOf(http.open({ path: '/v1/chat/completions' }))
  assert.deepEqual(failure, {
    code: 'unknown-model',
    message: 'No such model. List them.',
    remedy: null,
  })
})
