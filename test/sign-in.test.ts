import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { Browser } from '../src/identity/oidc/provider.fixture.ts'
import { readEvent } from '../src/ledger/read-event.ts'
import { openStore } from '../src/store/sqlite/open.ts'
import { testHome } from './support/gateway.ts'
import { runProgram, startProgram } from './support/process.ts'
import { providerConfig, signInSetting, type SignInSetting } from './support/sign-in.ts'

const sessionOf = async ({ api }: SignInSetting, browser: Browser) => {
  const answer = await api(browser, '/api/session')
  return answer.status === 200
    ? ((await answer.json()) as { name: string; scopes: string[]; person: string })
    : answer.status
}

/** The database as another process reads it. */
function reading(t: TestContext, { gateway }: SignInSetting) {
  const opened = openStore({ path: `${gateway.home}/ecluse.db`, readOnly: true })
  assert.ok(opened.ok)
  t.after(() => opened.value.close())
  return opened.value
}

async function events(t: TestContext, setting: SignInSetting): Promise<readonly string[]> {
  const store = reading(t, setting)
  const said: string[] = []
  const page = await store.ledger.read({ tenant: 'default', limit: 500 })
  assert.ok(page.ok)
  for (const record of page.value.rows.toSorted((a, b) => a.seq - b.seq)) {
    const event = readEvent(record.payload)
    if (event?.type === 'sign-in') said.push(`sign-in ${event.outcome} ${event.code}`)
    if (event?.type === 'admin') said.push(`admin ${event.action} by ${event.actor}`)
  }
  return said
}

test('somebody in the right group signs in, is somebody here, and leaves again', async (t) => {
  const setting = await signInSetting(t)
  const { signIn, api, url } = setting
  const { browser, at, answer } = await signIn()
  assert.equal(at, '/')
  const lines = answer.headers.getSetCookie()
  const session = lines.find((line) => line.startsWith('ecluse_session='))
  assert.match(session ?? '', /HttpOnly; SameSite=Strict/)
  // the cookie of the transaction is gone
  assert.ok(lines.some((line) => /^ecluse_sign_in_\w{8}=; .*SameSite=Lax; Max-Age=0/.test(line)))
  const who = await sessionOf(setting, browser)
  assert.ok(typeof who === 'object')
  assert.deepEqual([who.name, who.scopes], ['Ada Lovelace', ['owner']])
  assert.equal((await api(browser, '/api/keys')).status, 200)
  const left = await api(browser, '/api/session', { method: 'DELETE' })
  const { next } = (await left.json()) as { next: string }
  assert.match(next, /\/session\/end\?/)
  assert.equal(new URL(next).searchParams.get('post_logout_redirect_uri'), `${url}/`)
  assert.equal(await sessionOf(setting, browser), 401)
  assert.deepEqual(await events(t, setting), [
    'admin person-created by oidc:company',
    'sign-in opened null',
    'sign-in closed null',
  ])
})

test('groups that changed count at the next sign-in, and somebody without any is turned away', async (t) => {
  const setting = await signInSetting(t)
  const { signIn, real } = setting
  const first = await signIn()
  const ada = real.accounts.get('ada')
  assert.ok(ada)
  ada.groups = ['readers']
  const second = await signIn()
  for (const { browser } of [first, second]) {
    // what somebody may do is theirs, not their session's: the first one has no more than the second
    const who = await sessionOf(setting, browser)
    assert.deepEqual(typeof who === 'object' && who.scopes, ['read-only'])
  }
  ada.groups = []
  const third = await signIn()
  assert.equal(third.answer.status, 403)
  assert.equal(third.answer.headers.get('x-ecluse-error'), 'sign-in-not-allowed')
  assert.match(await third.answer.text(), /no-role/)
  const who = await sessionOf(setting, first.browser)
  assert.deepEqual(typeof who === 'object' && who.scopes, [])
  assert.deepEqual(await events(t, setting), [
    'admin person-created by oidc:company',
    'sign-in opened null',
    'admin person-changed by oidc:company',
    'sign-in opened null',
    'admin person-changed by oidc:company',
    'sign-in refused sign-in-not-allowed',
  ])
})

test('an answer that comes twice, elsewhere, late or altered opens nothing', async (t) => {
  const setting = await signInSetting(t)
  const { url } = setting
  const visit = async (browser: Browser): Promise<string> =>
    browser.follow(`${url}/api/sign-in/start/company`, `${url}/api/sign-in/callback/`)
  const refused = async (browser: Browser, at: string): Promise<string | null> => {
    const answer = await browser.get(at)
    assert.equal(browser.cookie(url, 'ecluse_session'), undefined)
    return answer.headers.get('x-ecluse-error')
  }
  const ada = new Browser()
  const back = await visit(ada)
  // another browser was given the address: login CSRF
  assert.equal(await refused(new Browser(), back), 'sign-in-expired')
  // the answer under another provider's address
  assert.equal(
    await refused(ada, back.replace('/callback/company', '/callback/other')),
    'sign-in-expired',
  )
  const again = new Browser()
  const other = await visit(again)
  const state = new URL(back).searchParams.get('state') ?? ''
  const swapped = new URL(other)
  swapped.searchParams.set('state', state)
  assert.equal(await refused(again, swapped.href), 'sign-in-expired')
  const issued = new Browser()
  const mixed = new URL(await visit(issued))
  mixed.searchParams.set('iss', 'https://evil.example')
  assert.equal(await refused(issued, mixed.href), 'sign-in-invalid')
  // used once: the same code and cookie once more
  const good = new Browser()
  const last = await visit(good)
  const name = 'ecluse_sign_in_'
  const kept = good.cookie(url, name)
  assert.equal((await good.get(last)).status, 303)
  const replay = new Browser()
  const digest = await cookieName(new URL(last).searchParams.get('state') ?? '')
  replay.set(url, digest, kept ?? '')
  assert.equal(await refused(replay, last), 'sign-in-expired')
})

const cookieName = async (state: string): Promise<string> => {
  const { transactionCookie } = await import('../src/identity/oidc/transaction.ts')
  return transactionCookie(state)
}

test('nobody is sent to a place that is not ours', async (t) => {
  const { url } = await signInSetting(t)
  for (const place of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/app/../..//evil',
    '/api/keys',
    'javascript:alert(1)',
  ]) {
    const browser = new Browser()
    const start = `${url}/api/sign-in/start/company?return=${encodeURIComponent(place)}`
    const back = await browser.follow(start, `${url}/api/sign-in/callback/`)
    assert.equal((await browser.get(back)).headers.get('location'), '/', place)
  }
  const browser = new Browser()
  const start = `${url}/api/sign-in/start/company?return=/app/decisions`
  const back = await browser.follow(start, `${url}/api/sign-in/callback/`)
  assert.equal((await browser.get(back)).headers.get('location'), '/app/decisions')
  for (const port of ['80', '0', '99999', 'x', '127.0.0.1:9@evil.example']) {
    const random = 'a'.repeat(43)
    const asked = new URLSearchParams({ cli: port, challenge: random, state: random })
    const answer = await fetch(`${url}/api/sign-in/start/company?${asked.toString()}`, {
      redirect: 'manual',
    })
    assert.equal(answer.status, 400, port)
  }
})

test('who is disabled stays out, wherever they are signed in', async (t) => {
  const setting = await signInSetting(t)
  const { signIn, gateway, api } = setting
  const { browser } = await signIn()
  const who = await sessionOf(setting, browser)
  assert.ok(typeof who === 'object')
  const store = openStore({ path: `${gateway.home}/ecluse.db` })
  assert.ok(store.ok)
  assert.ok(await store.value.people.disable('default', who.person, Date.now()))
  await store.value.close()
  assert.equal((await api(browser, '/api/status')).status, 403)
  const again = await signIn()
  assert.equal(again.answer.headers.get('x-ecluse-error'), 'access-disabled')
})

test('by invitation only, an address opens once, and only when the provider vouches for it', async (t) => {
  const setting = await signInSetting(t, 'people: invited')
  const { signIn, gateway, real } = setting
  const stranger = await signIn()
  assert.equal(stranger.answer.headers.get('x-ecluse-error'), 'sign-in-not-invited')
  const opened = openStore({ path: `${gateway.home}/ecluse.db` })
  assert.ok(opened.ok)
  const { people } = opened.value
  const invited = {
    tenant: 'default',
    id: 'ada',
    name: 'ada',
    email: 'ada@example.org',
    issuer: null,
    subject: null,
    roles: ['developer'] as const,
    team: null,
    createdAt: 0,
    createdBy: 'local',
    disabledAt: null,
    lastSeenAt: null,
  }
  assert.ok(await people.insert(invited))
  await opened.value.close()
  const ada = real.accounts.get('ada')
  assert.ok(ada)
  ada.email_verified = false
  const unverified = await signIn()
  assert.equal(unverified.answer.headers.get('x-ecluse-error'), 'sign-in-not-invited')
  ada.email_verified = true
  const { browser } = await signIn()
  const who = await sessionOf(setting, browser)
  // nothing maps roles: an administrator gave them
  assert.deepEqual(typeof who === 'object' && [who.person, who.scopes], ['ada', ['developer']])
  // the address is taken: somebody else with it at the same provider is somebody else
  real.accounts.set('eve', { ...ada, sub: 'eve' })
  const eve = new Browser()
  eve.set(real.issuer, 'login', 'eve')
  const taken = await signIn(eve)
  assert.match(await taken.answer.text(), /email-taken/)
})

test('a provider that is away lets nobody new in, and ends nothing', async (t) => {
  const setting = await signInSetting(t)
  const { signIn, real, url } = setting
  const { browser } = await signIn()
  real.isDown = true
  const back = new Browser()
  const begun = await back.get(`${url}/api/sign-in/start/company`)
  // its discovery document is known: the browser will see for itself
  assert.equal(begun.status, 303)
  assert.equal(typeof (await sessionOf(setting, browser)), 'object')
})

test('a logout at the provider ends the session here', async (t) => {
  const setting = await signInSetting(t)
  const { signIn, api, real } = setting
  const first = await signIn()
  const second = await signIn()
  const left = await api(first.browser, '/api/session', { method: 'DELETE' })
  const { next } = (await left.json()) as { next: string }
  const asked = await second.browser.get(next.replace(/id_token_hint=[^&]*&?/, ''))
  const form = await asked.text()
  const action = /action="([^"]+)"/.exec(form)?.[1] ?? ''
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(form)?.[1] ?? ''
  assert.ok(action.startsWith(real.issuer))
  await second.browser.get(action, {
    method: 'POST',
    body: new URLSearchParams({ xsrf, logout: 'yes' }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  assert.equal(await sessionOf(setting, second.browser), 401)
})

test('a logout token that is none is refused, and ends nothing', async (t) => {
  const setting = await signInSetting(t)
  const { signIn, url } = setting
  const { browser } = await signIn()
  const send = (body: string, type = 'application/x-www-form-urlencoded') =>
    fetch(`${url}/api/sign-in/back-channel-logout/company`, {
      method: 'POST',
      body,
      headers: { 'content-type': type },
    })
  for (const token of ['', 'x', 'eyJhbGciOiJub25lIn0.e30.']) {
    const answer = await send(`logout_token=${token}`)
    assert.deepEqual([answer.status, await answer.json()], [400, { error: 'invalid_request' }])
  }
  assert.equal((await send('{}', 'application/json')).status, 415)
  assert.equal(typeof (await sessionOf(setting, browser)), 'object')
})

test('only addresses of the named domains are let in', async (t) => {
  const setting = await signInSetting(
    t,
    'email_domains: [example.org]\n      default_roles: [developer]',
  )
  const { signIn, real } = setting
  const ada = real.accounts.get('ada')
  assert.ok(ada)
  const reasons: string[] = []
  for (const [email, verified] of [
    ['ada@example.org', false],
    ['ada@example.org.evil.example', true],
    ['ada@evil.example', true],
    ['example.org', true],
  ] as const) {
    ada.email = email
    ada.email_verified = verified
    const { answer } = await signIn()
    reasons.push(/\((email-[a-z]+)\)/.exec(await answer.text())?.[1] ?? 'let in')
  }
  assert.deepEqual(reasons, [
    'email-unverified',
    'email-domain',
    'email-domain',
    'email-unverified',
  ])
  ada.email = 'Ada@Example.ORG'
  ada.email_verified = true
  assert.equal((await signIn()).answer.status, 303)
})

test('a provider that is added to the file can be signed in with after a reload', async (t) => {
  const home = testHome(t)
  const file = join(home, 'ecluse.yaml')
  const [without = ''] = providerConfig('http://127.0.0.1:9', '').split('sign_in:')
  writeFileSync(file, without)
  const env = { ECLUSE_HOME: home, CLOUD_KEY: 'test-cloud-key' }
  const program = startProgram(t, ['serve', '--listen', '127.0.0.1:0', '--json'], env)
  const [line] = await program.until(/^\{"url".*\}$/m)
  const { url }: { url: string } = JSON.parse(line)
  const providers = async (): Promise<unknown> => (await fetch(`${url}/api/sign-in`)).json()
  assert.deepEqual(await providers(), { providers: [] })
  const unknown = await fetch(`${url}/api/sign-in/start/company`)
  assert.equal(unknown.status, 404)
  writeFileSync(file, providerConfig('http://127.0.0.1:9', 'default_roles: [developer]'))
  const reloaded = await runProgram(t, ['reload', '--json'], env)
  assert.equal(reloaded.code, 0, reloaded.text)
  const company = { id: 'company', name: 'Company account' }
  assert.deepEqual(await providers(), { providers: [company] })
  // nobody answers at that address
  const away = await fetch(`${url}/api/sign-in/start/company`)
  assert.equal(away.headers.get('x-ecluse-error'), 'sign-in-unavailable')
  assert.match(await away.text(), /does not answer/)
})
