import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { randomBytes } from '../open-identity.fixture.ts'
import type { Application, Person, Team } from '../ports.ts'
import { ISSUER, newPair, START, testIssuer, token } from './issuer.fixture.ts'
import type { TokenIssuerSettings } from './settings.ts'
import { createTokenCallers } from './token-callers.ts'
import { TOKEN_ALGORITHMS } from '#kernel/token-algorithms.ts'

const made = { tenant: 'default', createdAt: 0, createdBy: 'local', disabledAt: null }

async function setUp(over: Partial<TokenIssuerSettings> = {}, maxRemembered = 100) {
  const issuer = await testIssuer()
  const settings: TokenIssuerSettings = {
    id: 'ci',
    issuer: ISSUER,
    audience: 'ecluse',
    jwksUrl: null,
    jwks: null,
    reach: 'public',
    algorithms: TOKEN_ALGORITHMS,
    type: null,
    maxAgeSeconds: 3600,
    skewSeconds: 30,
    require: new Map(),
    application: null,
    claims: { application: null, person: null, team: null, roles: null },
    roles: new Map(),
    defaultRoles: ['inference'],
    tenant: 'default',
    ...over,
  }
  const house = {
    organisation: { ...made, id: 'default', name: 'default' },
    applications: new Map<string, Application>(),
    people: new Map<string, Person>(),
    teams: new Map<string, Team>(),
    reads: 0,
    issuers: [{ settings, keys: issuer.keys }],
  }
  const callers = createTokenCallers({
    issuers: () => house.issuers,
    organisations: {
      byId: () => {
        house.reads += 1
        return Promise.resolve(house.organisation)
      },
    },
    applications: { byId: (_, id) => Promise.resolve(house.applications.get(id) ?? null) },
    teams: { byId: (_, id) => Promise.resolve(house.teams.get(id) ?? null) },
    people: {
      bySubject: (_, __, subject) =>
        Promise.resolve([...house.people.values()].find((one) => one.subject === subject) ?? null),
      withState: (_, id) => {
        const person = house.people.get(id)
        return Promise.resolve(
          person ? { person, disabled: person.disabledAt === null ? null : 'person' } : null,
        )
      },
    },
    clock: () => issuer.time.now,
    randomBytes,
    maxRemembered,
  })
  const codeOf = async (text: string): Promise<string> => {
    const caller = await callers.authenticate(text)
    if (caller.ok) return 'let in'
    const { code, detail } = caller.error
    return detail?.['reason'] === undefined ? code : `${code} ${detail['reason']}`
  }
  return { ...issuer, house, callers, codeOf, settings }
}

const application = (over: Partial<Application> = {}): Application => ({
  ...made,
  id: 'nightly',
  name: 'Nightly jobs',
  team: 'research',
  purpose: 'reports',
  roles: [],
  ...over,
})

const person = (over: Partial<Person> = {}): Person => ({
  ...made,
  id: 'p-1',
  name: 'Ada',
  email: null,
  issuer: ISSUER,
  subject: 'ada',
  roles: ['developer'],
  team: null,
  lastSeenAt: null,
  ...over,
})

describe('a caller by token', () => {
  test('may what its issuer is given by configuration, and no more', async () => {
    const { callers, first } = await setUp()
    const caller = await callers.authenticate(await token(first))
    assert.ok(caller.ok)
    assert.equal(caller.value.keyId, 'jwt:ci')
    assert.deepEqual(caller.value.permissions, ['inference', 'status.read'])
  })

  test('is refused with a code that does not change, whatever is wrong', async () => {
    const { codeOf, first } = await setUp()
    const now = START / 1000
    const stranger = await newPair('first')
    const cases = [
      [await token(stranger), 'token-untrusted signature'],
      [await token(await newPair('other')), 'token-untrusted unknown-key'],
      [await token(first, { iss: 'https://evil.example' }), 'token-untrusted issuer'],
      [await token(first, { aud: 'other' }), 'token-untrusted audience'],
      [await token(first, { exp: now - 60 }), 'token-expired'],
      [await token(first, { iat: now - 7200, exp: now + 60 }), 'token-expired'],
      [await token(first, { nbf: now + 60 }), 'token-early'],
      [await token(first, { padding: 'x'.repeat(9000) }), 'token-malformed'],
      ['ey.ey.ey', 'token-malformed'],
      [
        'eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIn0.',
        'token-untrusted algorithm',
      ],
    ] as const
    for (const [text, code] of cases) assert.equal(await codeOf(text), code, code)
  })

  test('of an issuer that cannot be reached is asked to come again', async () => {
    const { codeOf, first, state } = await setUp()
    state.isDown = true
    assert.equal(await codeOf(await token(first)), 'token-keys-unavailable')
  })

  test('stands for its application: unknown or disabled is refused, and its rights are the limit', async () => {
    const { callers, codeOf, first, house } = await setUp({
      claims: { application: 'azp', person: null, team: null, roles: 'roles' },
      roles: new Map([['boss', 'owner']]),
    })
    const text = await token(first, { azp: 'nightly', roles: 'boss' })
    assert.equal(await codeOf(text), 'token-unmapped application')
    assert.equal(await codeOf(await token(first)), 'token-unmapped application')
    house.applications.set('nightly', application())
    assert.equal(await codeOf(text), 'token-unmapped team')
    house.teams.set('research', { ...made, id: 'research', name: 'Research' })
    const caller = await callers.authenticate(text)
    assert.ok(caller.ok)
    assert.deepEqual(
      [caller.value.keyId, caller.value.team, caller.value.purpose, caller.value.application],
      ['jwt:ci:nightly', 'research', 'reports', 'nightly'],
    )
    // an owner by its claim, and still a program without roles
    assert.deepEqual(caller.value.permissions, ['inference', 'classify', 'status.read'])
  })

  test('that is disabled is refused at once where that is told, within half a minute where not, and ends what runs', async () => {
    const setting = await setUp({ application: 'nightly' })
    const { callers, codeOf, first, house, time } = setting
    house.teams.set('research', { ...made, id: 'research', name: 'Research' })
    house.applications.set('nightly', application())
    const text = await token(first)
    const caller = await callers.authenticate(text)
    assert.ok(caller.ok)
    const recheck = callers.recheckOf(caller.value)
    assert.equal(await recheck?.(), null)
    house.applications.set('nightly', application({ disabledAt: 1 }))
    assert.equal(await codeOf(text), 'let in')
    assert.deepEqual((await recheck?.())?.code, 'access-disabled')
    callers.forgetAll()
    assert.equal(await codeOf(text), 'access-disabled')
    house.applications.set('nightly', application())
    assert.equal(await codeOf(text), 'let in')
    house.applications.delete('nightly')
    time.now += 30_000
    assert.equal(await codeOf(text), 'token-unmapped application')
  })

  test('stands for a person who has signed in here, and may no more than they', async () => {
    const { callers, codeOf, first, house } = await setUp({
      claims: { application: null, person: 'sub', team: null, roles: null },
      defaultRoles: ['owner'],
    })
    const text = await token(first, { sub: 'ada' })
    assert.equal(await codeOf(text), 'token-unmapped person')
    house.people.set('p-1', person())
    const caller = await callers.authenticate(text)
    assert.ok(caller.ok)
    assert.equal(caller.value.person, 'p-1')
    assert.ok(caller.value.permissions.includes('inference'))
    assert.ok(!caller.value.permissions.includes('keys.write'))
    house.people.set('p-1', person({ disabledAt: 1 }))
    callers.forgetAll()
    assert.equal(await codeOf(text), 'access-disabled')
  })

  test('must have the claims that are asked for: everybody can have a token of a public issuer', async () => {
    const { codeOf, first } = await setUp({ require: new Map([['repository_owner', ['acme']]]) })
    assert.equal(await codeOf(await token(first)), 'token-untrusted claims')
    assert.equal(
      await codeOf(await token(first, { repository_owner: 'eve' })),
      'token-untrusted claims',
    )
    assert.equal(await codeOf(await token(first, { repository_owner: 'acme' })), 'let in')
  })

  test('seen before costs no look at the keys or the database, until it ends', async () => {
    const { codeOf, first, house, state, time } = await setUp()
    const text = await token(first)
    for (let i = 0; i < 50; i += 1) assert.equal(await codeOf(text), 'let in')
    assert.deepEqual([state.reads, house.reads], [1, 1])
    time.now += 30_000
    assert.equal(await codeOf(text), 'let in')
    assert.deepEqual([state.reads, house.reads], [1, 2])
    time.now += 301_000
    assert.equal(await codeOf(text), 'token-expired')
  })

  test('is told from another one that begins or ends alike', async () => {
    const { codeOf, first } = await setUp()
    const text = await token(first)
    assert.equal(await codeOf(text), 'let in')
    // the last character carries bits that count for nothing: the one before it is changed
    const end = text.at(-2) === 'A' ? 'B' : 'A'
    const altered = `${text.slice(0, -2)}${end}${text.slice(-1)}`
    for (const other of [`${text}x`, text.slice(0, -2), altered]) {
      assert.notEqual(await codeOf(other), 'let in')
    }
  })

  test('is forgotten with its issuer, and at the bound', async () => {
    const { codeOf, first, house } = await setUp({}, 3)
    const text = await token(first)
    assert.equal(await codeOf(text), 'let in')
    for (let i = 0; i < 3; i += 1) await codeOf(await token(first, { jti: `t-${i}` }))
    const before = house.reads
    assert.equal(await codeOf(text), 'let in')
    assert.equal(house.reads, before + 1)
    house.issuers = []
    assert.equal(await codeOf(text), 'token-untrusted issuer')
  })

  test('of an issuer with two audiences is the one that it was made for', async () => {
    const { callers, first, house, settings } = await setUp()
    const [one] = house.issuers
    assert.ok(one)
    house.issuers = [
      { ...one, settings: { ...settings, id: 'a', audience: 'a' } },
      { ...one, settings: { ...settings, id: 'b', audience: 'b' } },
    ]
    const caller = await callers.authenticate(await token(first, { aud: 'b' }))
    assert.ok(caller.ok)
    assert.equal(caller.value.keyId, 'jwt:b')
  })
})
