import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, chat, cloudConfig, errorOf, testGateway } from './support/gateway.ts'
import { startUpstream } from './support/upstream.ts'

const SURFACES = [
  ['/v1/chat/completions', (text: string) => ask(text)],
  [
    '/v1/messages',
    (text: string) => ({
      model: 'big',
      max_tokens: 9,
      messages: [{ role: 'user', content: text }],
    }),
  ],
  ['/v1/responses', (text: string) => ({ model: 'big', input: text })],
  ['/v1/embeddings', (text: string) => ({ model: 'big', input: [text] })],
  [
    '/v1beta/models/big:generateContent',
    (text: string) => ({ contents: [{ role: 'user', parts: [{ text }] }] }),
  ],
  ['/api/chat', (text: string) => ({ model: 'big', messages: [{ role: 'user', content: text }] })],
] as const

test('the administration of own terms: scopes, answers without a term, refusals that say what to do', async (t) => {
  const upstream = await startUpstream(t)
  const gateway = await testGateway(t, cloudConfig(upstream.url))
  const call = (
    method: string,
    path: string,
    body?: unknown,
    key = gateway.key,
  ): Promise<Response> =>
    fetch(`${gateway.url}/api${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  const made = await call('POST', '/keys', {
    name: 'reader',
    scopes: ['inference', 'audit', 'classify'],
  })
  const { key }: { key: string } = JSON.parse(await made.text())
  for (const [method, path, body] of [
    ['GET', '/terms', undefined],
    ['PUT', '/terms/lists/projects', {}],
    ['POST', '/terms/lists/projects/terms', { terms: ['Projet Aurore'] }],
    ['POST', '/terms/lists/projects/remove', { term: 'Projet Aurore' }],
    ['DELETE', '/terms/lists/projects', undefined],
    ['PUT', '/terms/patterns/codes', { source: 'PRJ-\\d{4}' }],
    ['DELETE', '/terms/patterns/codes', undefined],
    ['PUT', '/documents/plan', { text: 'x' }],
    ['DELETE', '/documents/plan', undefined],
  ] as const) {
    const refused = await call(method, path, body, key)
    assert.equal(refused.status, 403, path)
    assert.equal((await errorOf(refused)).code, 'scope-missing')
  }

  assert.equal(
    (await call('POST', '/terms/lists/projects/terms', { terms: ['Aurore'] })).status,
    404,
  )
  assert.equal((await call('PUT', '/terms/lists/projects', { owner: 'Direction' })).status, 200)
  const added = await call('POST', '/terms/lists/projects/terms', {
    terms: ['Projet Aurore', 'le'],
  })
  const { version, ...counts }: Record<string, unknown> = JSON.parse(await added.text())
  assert.match(String(version), /^[\da-f]{16}$/)
  assert.deepEqual(counts, { added: 1, known: 0, refused: [{ index: 1, code: 'term-too-short' }] })
  for (const [path, body, param] of [
    ['/terms/lists/Not_An_Id', {}, 'id'],
    ['/terms/lists/projects', { match: 'fuzzy' }, 'match'],
    ['/terms/lists/projects', { class: 'top' }, 'class'],
    ['/terms/lists/projects', { klass: 'restricted' }, 'klass'],
    ['/terms/patterns/slow', { source: '(\\w+\\s?)+$' }, 'source'],
    ['/documents/note', { text: 'trois mots seulement' }, 'text'],
  ] as const) {
    const refused = await call('PUT', path, body)
    assert.equal(refused.status, 400, path)
    assert.equal((await errorOf(refused)).param, param)
  }
  const view = await (await call('GET', '/terms')).text()
  assert.ok(view.includes('"terms":1') && view.includes('Direction'))
  assert.ok(!/aurore/i.test(view))

  for (const [path, body] of SURFACES) {
    const answer = await fetch(`${gateway.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body('Que devient le projet AURORE ?')),
    })
    assert.equal(answer.headers.get('x-ecluse-class'), 'confidential', path)
    await answer.text()
  }
  assert.equal(upstream.seen.length, 0)
  const decisions = await (await call('GET', '/decisions')).text()
  assert.ok(decisions.includes('COMPANY_TERM') && !/aurore/i.test(decisions))
  assert.equal((await call('DELETE', '/terms/lists/projects')).status, 200)
  const free = await chat(gateway, { body: ask('Que devient le projet AURORE ?') })
  assert.equal(free.headers.get('x-ecluse-class'), 'public')
})
