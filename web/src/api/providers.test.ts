import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHttp } from './http.ts'
import { signInProviders, startOf } from './providers.ts'
import { signOut } from './session.ts'

const httpOf = (answer: Response) =>
  createHttp({
    network: () => Promise.resolve(answer),
    language: () => 'en',
    signedOut: () => assert.fail('nobody was signed out'),
  })

test('providers are read, and what the page cannot read is a failure', async () => {
  const { signal } = new AbortController()
  const providers = [{ id: 'company', name: 'Company account' }]
  const read = await signInProviders(httpOf(Response.json({ providers })), signal)
  assert.deepEqual(read, providers)
  await assert.rejects(signInProviders(httpOf(Response.json({ providers: 'x' })), signal))
})

test('the way out to a provider names it and the place to come back to', () => {
  const url = new URL(startOf({ id: 'a b' }, '/app/decisions?x=1'), 'http://here')
  assert.equal(url.pathname, '/api/sign-in/start/a%20b')
  assert.equal(url.searchParams.get('return'), '/app/decisions?x=1')
})

test('signing out tells where to end the session at the provider, where there is such a place', async () => {
  const next = 'https://sso.example/logout?id_token_hint=x'
  assert.equal(await signOut(httpOf(Response.json({ next }))), next)
  assert.equal(await signOut(httpOf(new Response(null, { status: 204 }))), null)
  assert.equal(await signOut(httpOf(Response.json({ next: 'javascript:alert(1)' }))), null)
})
