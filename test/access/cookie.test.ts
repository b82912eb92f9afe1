import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildApp } from '#gateway/app.ts'
import { testGateway } from '../support/gateway.ts'

const CONFIG = 'discover: false\nengine: {enabled: false}\n'
const JSON_BODY = { 'content-type': 'application/json' }

test('beyond loopback the cookie is Secure, and its name binds it to the host', async (t) => {
  const gateway = await testGateway(t, CONFIG)
  const settings = {
    hosts: new Set(['gateway.example']),
    bodyBytes: 1024,
    depth: 8,
    secure: true,
    trustedProxies: [],
  }
  const { fastify } = buildApp(gateway.house, settings, null)
  t.after(() => fastify.close())
  const headers = { host: 'gateway.example', ...JSON_BODY }
  const signedIn = await fastify.inject({
    method: 'POST',
    url: '/api/session',
    headers,
    payload: JSON.stringify({ key: gateway.key }),
  })
  const cookie = String(signedIn.headers['set-cookie'])
  assert.match(
    cookie,
    /^__Host-ecluse_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; .*; Secure$/,
  )
  assert.equal(signedIn.headers['strict-transport-security'], 'max-age=31536000')
  const seen = await fastify.inject({
    url: '/api/session',
    headers: { host: 'gateway.example', cookie: cookie.split(';')[0] ?? '' },
  })
  assert.equal(seen.statusCode, 200)
})

test('answers of the admin API are never cached, and carry the headers of the page', async (t) => {
  const gateway = await testGateway(t, CONFIG)
  for (const path of ['/api/status', '/api/keys', '/api/nothing-here']) {
    const { headers } = await fetch(gateway.url + path, {
      headers: { authorization: `Bearer ${gateway.key}` },
    })
    assert.match(headers.get('content-type') ?? '', /^application\/json; charset=utf-8$/, path)
    if (path === '/api/nothing-here') continue
    assert.equal(headers.get('cache-control'), 'no-store', path)
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
    assert.equal(headers.get('referrer-policy'), 'no-referrer', path)
    assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/, path)
    assert.match(headers.get('permissions-policy') ?? '', /camera=\(\), microphone=\(\)/, path)
    assert.equal(headers.get('access-control-allow-origin'), null, path)
  }
})

test('a body of another type than JSON is refused by its type', async (t) => {
  const gateway = await testGateway(t, CONFIG)
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
    const response = await fetch(`${gateway.url}/api/keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.key}`, 'content-type': type },
      body: '{"name":"x"}',
    })
    assert.equal(response.status, 415, type)
  }
})

test('methods that no route has are refused', async (t) => {
  const gateway = await testGateway(t, CONFIG)
  for (const method of ['PATCH', 'OPTIONS', 'HEAD']) {
    const response = await fetch(`${gateway.url}/api/keys`, {
      method,
      headers: { authorization: `Bearer ${gateway.key}` },
    })
    assert.ok(response.status === 404 || response.status === 405, `${method} ${response.status}`)
  }
})
