import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test, type TestContext } from 'node:test'
import { openOutboundFetch } from '#providers/outbound-fetch.ts'
import { createProvider, type AuthorizationRequest } from './provider.ts'
import { Browser, CLIENT, realProvider, type RealProviderOptions } from './provider.fixture.ts'
import type { ProviderSettings } from './settings.ts'

const REDIRECT = 'http://127.0.0.1:9/api/sign-in/callback/company'
const START = 1_800_000_000_000

const text = (): string => randomBytes(32).toString('base64url')

async function setUp(t: TestContext, over: Partial<RealProviderOptions> = {}) {
  const real = await realProvider(t, { redirectUris: [REDIRECT], ...over })
  real.accounts.set('ada', {
    sub: 'ada',
    email: 'ada@example.org',
    email_verified: true,
    name: 'Ada',
    groups: ['ai-admins'],
  })
  const outbound = openOutboundFetch({ reach: 'private' })
  t.after(() => outbound.close())
  const settings: ProviderSettings = {
    id: 'company',
    name: 'Company',
    issuer: real.issuer,
    clientId: CLIENT.id,
    clientSecret: { reveal: () => CLIENT.secret },
    scopes: ['openid', 'profile', 'email'],
    reach: 'private',
    groupsClaim: 'groups',
    roles: new Map([['ai-admins', 'owner']]),
    teams: new Map(),
    defaultRoles: [],
    emailDomains: [],
    trustEmail: false,
    require: new Map(),
    people: 'create',
    tenant: 'default',
    sessionMs: 3_600_000,
    refreshMs: null,
    skewSeconds: 30,
  }
  const time = { skew: 0 }
  const clock = () => Date.now() + time.skew
  const open = (changes: Partial<ProviderSettings> = {}) =>
    createProvider({ settings: { ...settings, ...changes }, fetch: outbound.fetch, clock })
  const provider = open()
  const request = (): AuthorizationRequest => ({
    redirectUri: REDIRECT,
    state: text(),
    nonce: text(),
    verifier: text(),
  })
  /** Signs in at the provider's own pages and comes back with the address of the callback. */
  const visit = async (asked: AuthorizationRequest, browser = new Browser()): Promise<URL> => {
    const url = await provider.authorizationUrl(asked)
    assert.ok(url.ok)
    return new URL(await browser.follow(url.value, REDIRECT))
  }
  return { real, provider, open, request, visit, time, settings }
}

describe('a provider', () => {
  test('vouches for who signed in there, and PKCE, state and nonce travel', async (t) => {
    const { provider, request, visit } = await setUp(t)
    const asked = request()
    const url = await provider.authorizationUrl(asked)
    assert.ok(url.ok)
    const sent = new URL(url.value).searchParams
    assert.equal(sent.get('code_challenge_method'), 'S256')
    assert.equal(sent.get('redirect_uri'), REDIRECT)
    assert.ok(!url.value.includes(asked.verifier))
    const told = await provider.exchange(await visit(asked), asked)
    assert.ok(told.ok)
    assert.equal(told.value.subject, 'ada')
    assert.deepEqual(told.value.claims['groups'], ['ai-admins'])
    assert.equal(told.value.claims['email_verified'], true)
  })

  test('says the same whether claims stand in the token or in user info', async (t) => {
    const { provider, request, visit, real } = await setUp(t, { claimsInToken: true })
    const asked = request()
    const told = await provider.exchange(await visit(asked), asked)
    assert.ok(told.ok)
    assert.deepEqual(told.value.claims['groups'], ['ai-admins'])
    assert.ok(!real.asked.includes('/me'))
  })

  test('is not believed about a wrong nonce, state, verifier or issuer, nor twice about one code', async (t) => {
    const { provider, request, visit } = await setUp(t)
    const asked = request()
    const other = request()
    const back = await visit(asked)
    const problems: unknown[] = []
    const attempt = async (url: URL, over: Partial<AuthorizationRequest>): Promise<void> => {
      const told = await provider.exchange(url, { ...asked, ...over })
      problems.push(told.ok ? 'believed' : told.error)
    }
    await attempt(back, { state: other.state })
    const mixedUp = new URL(back)
    mixedUp.searchParams.set('iss', 'https://evil.example')
    await attempt(mixedUp, {})
    const without = new URL(back)
    without.searchParams.delete('iss')
    await attempt(without, {})
    assert.deepEqual(problems.splice(0), ['invalid', 'invalid', 'invalid'])
    // none of those reached the provider: the code is still good, until its nonce does not fit
    await attempt(back, { nonce: other.nonce })
    await attempt(back, {})
    assert.deepEqual(problems.splice(0), ['invalid', 'invalid'])
    const second = request()
    const again = await visit(second)
    assert.deepEqual(await provider.exchange(again, { ...second, verifier: other.verifier }), {
      ok: false,
      error: 'invalid',
    })
    const third = request()
    const good = await visit(third)
    assert.ok((await provider.exchange(good, third)).ok)
    assert.deepEqual(await provider.exchange(good, third), { ok: false, error: 'invalid' })
  })

  test('that says no is told apart from one that does not know us', async (t) => {
    const { provider, open, request, visit, real } = await setUp(t)
    const browser = new Browser()
    browser.set(real.issuer, 'login', 'deny')
    const asked = request()
    const denied = await provider.exchange(await visit(asked, browser), asked)
    assert.deepEqual(denied, { ok: false, error: 'denied' })
    const wrong = open({ clientSecret: { reveal: () => 'another-secret' } })
    const second = request()
    const told = await wrong.exchange(await visit(second), second)
    assert.deepEqual(told, { ok: false, error: 'misconfigured' })
  })

  test('may roll its keys over: the next sign-in is believed, and nothing that others signed', async (t) => {
    const { provider, request, visit, real, time } = await setUp(t)
    const signIn = async () => {
      const asked = request()
      return provider.exchange(await visit(asked), asked)
    }
    assert.ok((await signIn()).ok)
    await real.rollOver()
    // just read: an unknown key is looked for again only after the cooldown
    assert.deepEqual(await signIn(), { ok: false, error: 'invalid' })
    time.skew += 31_000
    // clocks differ by as much as is allowed: the token itself is new
    assert.ok((await signIn()).ok)
  })

  test('whose token was changed on the way is not believed', async (t) => {
    const { provider, request, visit, real } = await setUp(t)
    real.meddle = (path, body) => {
      if (path !== '/token') return body
      const tokens = JSON.parse(body) as { id_token: string }
      const [head, payload = '', signature] = tokens.id_token.split('.')
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object
      const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'eve' })).toString('base64url')
      return JSON.stringify({ ...tokens, id_token: `${head}.${forged}.${signature}` })
    }
    const asked = request()
    const told = await provider.exchange(await visit(asked), asked)
    assert.deepEqual(told, { ok: false, error: 'invalid' })
  })

  test('that is away is told as away, before and after it was first seen', async (t) => {
    const { provider, open, request, visit, real } = await setUp(t)
    real.isDown = true
    const fresh = open()
    assert.deepEqual(await fresh.authorizationUrl(request()), { ok: false, error: 'unreachable' })
    real.isDown = false
    assert.ok((await fresh.authorizationUrl(request())).ok)
    const asked = request()
    const back = await visit(asked)
    real.isDown = true
    assert.deepEqual(await provider.exchange(back, asked), { ok: false, error: 'unreachable' })
  })

  test('under another issuer than it says, or on a private address that is not configured, is not used', async (t) => {
    const { open, request, real, settings } = await setUp(t)
    const other = open({ issuer: real.issuer.replace('127.0.0.1', 'localhost') })
    assert.deepEqual(await other.authorizationUrl(request()), { ok: false, error: 'invalid' })
    const outbound = openOutboundFetch({ reach: 'public' })
    t.after(() => outbound.close())
    const strict = createProvider({ settings, fetch: outbound.fetch, clock: () => START })
    assert.deepEqual(await strict.authorizationUrl(request()), { ok: false, error: 'unreachable' })
  })

  test('is asked again about somebody, and what it says now counts', async (t) => {
    const { provider, request, visit, real } = await setUp(t, { issuesRefreshTokens: true })
    const asked = request()
    const first = await provider.exchange(await visit(asked), asked)
    assert.ok(first.ok)
    const { refreshToken } = first.value
    assert.ok(refreshToken)
    real.accounts.set('ada', {
      sub: 'ada',
      email: 'ada@example.org',
      email_verified: true,
      groups: [],
    })
    const second = await provider.refresh(refreshToken, first.value)
    assert.ok(second.ok)
    assert.deepEqual(second.value.claims['groups'], [])
    assert.notEqual(second.value.refreshToken, refreshToken)
    // a rotated token that comes again is a stolen one
    assert.deepEqual(await provider.refresh(refreshToken, first.value), {
      ok: false,
      error: 'invalid',
    })
    real.accounts.delete('ada')
    const third = await provider.refresh(second.value.refreshToken ?? '', second.value)
    assert.ok(!third.ok && third.error === 'invalid')
  })

  test('ends its own session when asked, and comes back', async (t) => {
    const { provider, request, visit } = await setUp(t, { logoutUris: ['http://127.0.0.1:9/'] })
    const asked = request()
    const told = await provider.exchange(await visit(asked), asked)
    assert.ok(told.ok)
    const url = new URL((await provider.logoutUrl(told.value.idToken, 'http://127.0.0.1:9/')) ?? '')
    assert.equal(url.searchParams.get('id_token_hint'), told.value.idToken)
    assert.equal((await fetch(url)).status, 200)
  })
})
