import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { openOutboundFetch } from '#providers/outbound-fetch.ts'
import { err, ok } from '#kernel/result.ts'
import { home, MACHINE, newKey, randomBytes } from '../open-identity.fixture.ts'
import { refreshDue } from './leaving.ts'
import { createProvider } from './provider.ts'
import { Browser, CLIENT, realProvider } from './provider.fixture.ts'
import type { ProviderSettings } from './settings.ts'
import { beginSignIn, finishSignIn, type SignInNote, type SignInParts } from './sign-in.ts'
import { createTransactions } from './transaction.ts'

const REDIRECT = 'http://127.0.0.1:9/api/sign-in/callback/company'
const MINUTE = 60_000

/** A house whose clock a test moves, and a real provider that gives refresh tokens. */
async function setUp(t: TestContext, over: Partial<ProviderSettings> = {}) {
  const house = home(t)
  house.time.now = Date.now()
  // a house whose only owner is the one who signs in keeps her
  const { view: ownerKey } = await newKey(house, { scopes: ['owner'] })
  const real = await realProvider(t, { redirectUris: [REDIRECT], issuesRefreshTokens: true })
  const ada = { sub: 'ada', email: 'ada@example.org', email_verified: true, name: 'Ada' }
  real.accounts.set('ada', { ...ada, groups: ['ai-admins'] })
  const outbound = openOutboundFetch({ reach: 'private' })
  t.after(() => outbound.close())
  const settings: ProviderSettings = {
    id: 'company',
    name: 'Company',
    issuer: real.issuer,
    clientId: CLIENT.id,
    clientSecret: { reveal: () => CLIENT.secret },
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    reach: 'private',
    groupsClaim: 'groups',
    roles: new Map([
      ['ai-admins', 'owner'],
      ['readers', 'read-only'],
    ]),
    teams: new Map([['ai-admins', 'platform']]),
    defaultRoles: [],
    emailDomains: [],
    trustEmail: false,
    require: new Map(),
    people: 'create',
    tenant: 'default',
    sessionMs: 10 * 3_600_000,
    refreshMs: 15 * MINUTE,
    skewSeconds: 30,
    ...over,
  }
  const provider = createProvider({ settings, fetch: outbound.fetch, clock: house.clock })
  const notes: SignInNote[] = []
  const state = { isLedgerBroken: false, providers: new Map([['company', provider]]) }
  const { store, identity, clock } = house
  const key = identity.signInKey
  let ids = 0
  const evidence: SignInParts['evidence'] = () =>
    Promise.resolve(state.isLedgerBroken ? err({ code: 'ledger-unavailable' }) : ok(undefined))
  const parts: SignInParts = {
    providers: () => state.providers,
    transactions: createTransactions({ key, clock, randomBytes }),
    people: store.people,
    teams: store.teams,
    countOwners: (tenant, now) => store.keys.countOwners(tenant, now),
    sessions: identity.sessions,
    keys: identity.keys,
    vouched: store.vouchedSessions,
    codes: store.signInCodes,
    evidence,
    turnedAway: () => {},
    async note(note) {
      notes.push(note)
      return state.isLedgerBroken ? err({ code: 'ledger-unavailable' }) : ok(undefined)
    },
    onChange: () => identity.changed(null),
    key,
    clock,
    newId: () => `id-${(ids += 1)}`,
    randomBytes,
  }
  const finish = async () => {
    const asked = { provider: 'company', redirectUri: REDIRECT, returnTo: '/', cli: null }
    const begun = await beginSignIn(parts, asked)
    assert.ok(begun.ok)
    const back = await new Browser().follow(begun.value.location, REDIRECT)
    const { name, value } = begun.value.cookie
    return finishSignIn(parts, {
      provider: 'company',
      currentUrl: new URL(back),
      cookies: new Map([[name, value]]),
      address: null,
    })
  }
  const signIn = async (): Promise<string> => {
    const finished = await finish()
    assert.ok(finished.ok && finished.value.kind === 'page')
    return finished.value.session.cookieValue
  }
  /** Roles of the session, used on the way so that it does not idle out; or why there are none. */
  const roles = async (cookie: string): Promise<readonly string[] | string> => {
    const caller = await identity.sessions.resolveSession(cookie, null)
    return caller.ok ? caller.value.grants : caller.error.code
  }
  const tokenCalls = () => real.asked.filter((path) => path === '/token').length
  const later = async (ms: number) => {
    house.time.now += ms
    await refreshDue(parts)
  }
  const setGroups = (groups: string[]) => real.accounts.set('ada', { ...ada, groups })
  return {
    ...house,
    real,
    parts,
    state,
    notes,
    finish,
    signIn,
    roles,
    later,
    setGroups,
    tokenCalls,
    ownerKey,
  }
}

describe('somebody who is signed in', () => {
  test('has what their groups say now, a quarter of an hour later at the latest', async (t) => {
    const { signIn, roles, later, setGroups, tokenCalls } = await setUp(t)
    const cookie = await signIn()
    setGroups(['readers'])
    await later(14 * MINUTE)
    assert.deepEqual(await roles(cookie), ['owner'])
    assert.equal(tokenCalls(), 1)
    await later(MINUTE)
    assert.deepEqual(await roles(cookie), ['read-only'])
    // and again, with the token that took the place of the first
    setGroups(['ai-admins', 'readers'])
    await later(15 * MINUTE)
    assert.deepEqual(await roles(cookie), ['owner', 'read-only'])
    assert.equal(tokenCalls(), 3)
  })

  test('is out when they are in no group any more, or gone there', async (t) => {
    const { signIn, roles, later, setGroups, real, notes } = await setUp(t)
    const cookie = await signIn()
    setGroups([])
    await later(15 * MINUTE)
    assert.equal(await roles(cookie), 'missing-key')
    setGroups(['readers'])
    const again = await signIn()
    real.accounts.delete('ada')
    await later(15 * MINUTE)
    assert.equal(await roles(again), 'missing-key')
    assert.deepEqual(
      notes.map(({ outcome, code }) => `${outcome} ${code}`),
      ['opened null', 'closed sign-in-not-allowed', 'opened null', 'closed sign-in-denied'],
    )
  })

  test('stays in while the provider is away, and is asked about when it is back', async (t) => {
    const { signIn, roles, later, setGroups, real } = await setUp(t)
    const cookie = await signIn()
    setGroups(['readers'])
    real.isDown = true
    await later(15 * MINUTE)
    assert.deepEqual(await roles(cookie), ['owner'])
    await later(10 * MINUTE)
    assert.deepEqual(await roles(cookie), ['owner'])
    real.isDown = false
    await later(MINUTE)
    assert.deepEqual(await roles(cookie), ['read-only'])
  })

  test('is asked about by one gateway of several: a refresh token is good once', async (t) => {
    const { signIn, roles, parts, time, tokenCalls } = await setUp(t)
    const cookie = await signIn()
    time.now += 15 * MINUTE
    await Promise.all([1, 2, 3].map(() => refreshDue(parts)))
    assert.equal(tokenCalls(), 2)
    assert.deepEqual(await roles(cookie), ['owner'])
  })

  test('keeps what they had while a change cannot be written down, and gets it afterwards', async (t) => {
    const { signIn, roles, later, setGroups, state } = await setUp(t)
    const cookie = await signIn()
    setGroups(['readers'])
    state.isLedgerBroken = true
    await later(15 * MINUTE)
    assert.deepEqual(await roles(cookie), ['owner'])
    state.isLedgerBroken = false
    await later(15 * MINUTE)
    assert.deepEqual(await roles(cookie), ['read-only'])
  })

  test('is out when nobody vouches for their provider any more', async (t) => {
    const { signIn, roles, later, state } = await setUp(t)
    const cookie = await signIn()
    state.providers = new Map()
    await later(15 * MINUTE)
    assert.equal(await roles(cookie), 'missing-key')
  })
})

test('nobody is let in, and nobody changed, while it cannot be written down', async (t) => {
  const { finish, signIn, state, store, setGroups } = await setUp(t)
  state.isLedgerBroken = true
  const refused = await finish()
  assert.ok(!refused.ok)
  assert.equal(refused.error.refusal.code, 'ledger-unavailable')
  assert.deepEqual(await store.people.list({ tenant: 'default' }), [])
  state.isLedgerBroken = false
  await signIn()
  setGroups(['readers'])
  state.isLedgerBroken = true
  assert.ok(!(await finish()).ok)
  const [ada] = await store.people.list({ tenant: 'default' })
  assert.deepEqual(ada?.roles, ['owner'])
})

test('the last owner of an organisation stays one, whatever the groups say', async (t) => {
  const { signIn, roles, later, setGroups, identity, ownerKey, store } = await setUp(t)
  const cookie = await signIn()
  assert.ok((await identity.keys.revoke(MACHINE, ownerKey.id)).ok)
  setGroups(['readers'])
  await later(15 * MINUTE)
  assert.deepEqual(await roles(cookie), ['owner', 'read-only'])
  // once there is another owner, the groups count
  await newKey({ identity }, { scopes: ['owner'] })
  await later(15 * MINUTE)
  assert.deepEqual(await roles(cookie), ['read-only'])
  assert.deepEqual((await store.people.list({ tenant: 'default' }))[0]?.roles, ['read-only'])
})

test('the team of a group counts once somebody has made it', async (t) => {
  const { signIn, store } = await setUp(t)
  await signIn()
  const teamOf = async () => (await store.people.list({ tenant: 'default' }))[0]?.team
  assert.equal(await teamOf(), null)
  const team = { id: 'platform', name: 'Platform', tenant: 'default', createdAt: 0 }
  assert.ok(await store.teams.insert({ ...team, createdBy: 'local', disabledAt: null }))
  await signIn()
  assert.equal(await teamOf(), 'platform')
})

test('tokens of the provider are readable in no column of the database', async (t) => {
  const { signIn, parts, clock } = await setUp(t)
  await signIn()
  const [session] = await parts.vouched.due(clock() + 16 * MINUTE, 10)
  assert.ok(session)
  const stored = Buffer.from(session.sealed).toString('latin1')
  assert.ok(!/eyJ|refreshToken|idToken/.test(stored))
})
