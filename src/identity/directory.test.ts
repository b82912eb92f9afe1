import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { NO_RESTRICTIONS } from '#kernel/exchange.ts'
import type { Grant } from '#kernel/permission.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Result } from '#kernel/result.ts'
import { permissionsOf } from './access.ts'
import type { Actor } from './giving.ts'
import { home, MACHINE, newKey } from './open-identity.fixture.ts'

const HERE = '127.0.0.1'
const codeOf = (result: Result<unknown, Refusal>) => (result.ok ? 'ok' : result.error.code)

/** Somebody with these rights, who is not the owner of the machine. */
const actor = (grants: readonly Grant[], over: Partial<Actor> = {}): Actor => ({
  tenant: 'default',
  keyId: 'somebody',
  permissions: permissionsOf(grants),
  restrictions: NO_RESTRICTIONS,
  person: null,
  ...over,
})

describe('nobody gives more than they hold', () => {
  test('as a key, a role, a change or a rotation', async (t) => {
    const house = home(t)
    const { keys, directory } = house.identity
    const security = actor(['security'])
    for (const scopes of [
      ['owner'],
      ['admin'],
      ['finance'],
      ['inference', 'policy-author'],
    ] as const) {
      const made = await keys.create(security, { name: 'x', scopes })
      assert.equal(codeOf(made), 'more-than-you-hold', scopes.join(' '))
      const person = await directory.createPerson(security, { name: 'x', roles: scopes })
      assert.equal(codeOf(person), 'more-than-you-hold', scopes.join(' '))
    }
    assert.equal(codeOf(await keys.create(security, { name: 'x', scopes: ['auditor'] })), 'ok')
    const strong = await newKey(house, { scopes: ['admin'] })
    await newKey(house, { scopes: ['admin'] })
    const id = strong.view.id
    assert.equal(codeOf(await keys.rotate(security, id, { overlapMs: 0 })), 'more-than-you-hold')
    assert.equal(codeOf(await keys.change(security, id, { name: 'y' })), 'more-than-you-hold')
    const boss = await directory.createPerson(MACHINE, { name: 'Boss', roles: ['owner'] })
    assert.ok(boss.ok)
    const to = { email: 'thief@example.org' }
    const taken = await directory.changePerson(security, boss.value.id, to)
    assert.equal(codeOf(taken), 'more-than-you-hold', 'who signs in as the owner')
    assert.deepEqual(await house.store.people.byEmail('default', to.email), null)
  })

  test('a limited key makes keys that are limited as much or more', async (t) => {
    const house = home(t)
    const { keys } = house.identity
    const limited = actor(['owner'], {
      restrictions: { ...NO_RESTRICTIONS, models: ['small-*'], maxClass: 'internal' },
    })
    const inherits = await keys.create(limited, { name: 'x' })
    assert.ok(inherits.ok)
    assert.deepEqual(inherits.value.view.restrictions, limited.restrictions)
    const make = (restrictions: object) => keys.create(limited, { name: 'x', restrictions })
    assert.equal(codeOf(await make({ models: ['small-1'], maxClass: 'public' })), 'ok')
    assert.equal(codeOf(await make({ models: ['*'] })), 'more-than-you-hold')
    assert.equal(codeOf(await make({ maxClass: 'restricted' })), 'more-than-you-hold')
  })

  test('people with their own keys alone make no others and touch no others', async (t) => {
    const house = home(t)
    const { keys, directory } = house.identity
    const ada = await directory.createPerson(MACHINE, { name: 'Ada', roles: ['developer'] })
    const bob = await directory.createPerson(MACHINE, { name: 'Bob', roles: ['developer'] })
    assert.ok(ada.ok && bob.ok)
    const me = actor(['developer'], { person: ada.value.id })
    const own = await keys.create(me, { name: 'mine' })
    assert.ok(own.ok)
    assert.equal(own.value.view.person, ada.value.id)
    assert.equal(
      codeOf(await keys.create(me, { name: 'x', person: bob.value.id })),
      'scope-missing',
    )
    const nobody = actor(['developer'])
    assert.equal(codeOf(await keys.create(nobody, { name: 'x' })), 'scope-missing')
    const other = await newKey(house, { person: bob.value.id })
    assert.equal(codeOf(await keys.revoke(me, other.view.id)), 'not-found')
    assert.equal(codeOf(await keys.revoke(me, own.value.view.id)), 'ok')
  })

  test('a key of a person loses what its person loses', async (t) => {
    const house = home(t)
    const { directory } = house.identity
    const ada = await directory.createPerson(MACHINE, { name: 'Ada', roles: ['developer'] })
    assert.ok(ada.ok)
    const { key } = await newKey(house, { person: ada.value.id, scopes: ['admin'] })
    const permissions = async () => {
      const caller = await house.identity.authenticate(key, HERE)
      return caller.ok ? caller.value.permissions : []
    }
    assert.deepEqual(await permissions(), permissionsOf(['developer']))
    await directory.changePerson(MACHINE, ada.value.id, { roles: ['read-only'] })
    assert.deepEqual(await permissions(), permissionsOf(['read-only']))
  })
})

describe('the last owner', () => {
  const two = async (t: TestContext) => {
    const house = home(t)
    const first = await newKey(house, { scopes: ['admin'] })
    const person = await house.identity.directory.createPerson(MACHINE, {
      name: 'Boss',
      roles: ['owner'],
    })
    assert.ok(person.ok)
    return { house, key: first.view.id, person: person.value.id }
  }

  test('cannot be revoked, demoted, disabled, put to an end or lost with a team', async (t) => {
    const { house, key, person } = await two(t)
    const { keys, directory } = house.identity
    const me = actor(['owner'])
    assert.equal(codeOf(await directory.setEnabled(me, 'person', person, false)), 'ok')
    assert.equal(codeOf(await keys.revoke(me, key)), 'last-owner')
    assert.equal(codeOf(await keys.change(me, key, { scopes: ['inference'] })), 'last-owner')
    const soon = house.time.now + 1000
    assert.equal(codeOf(await keys.change(me, key, { expiresAt: soon })), 'last-owner')
    assert.equal(codeOf(await directory.setEnabled(me, 'person', person, true)), 'ok')
    assert.equal(codeOf(await keys.revoke(me, key)), 'ok')
    assert.equal(codeOf(await directory.setEnabled(me, 'person', person, false)), 'last-owner')
    assert.equal(codeOf(await directory.changePerson(me, person, { roles: [] })), 'last-owner')
    await directory.createTeam(me, { id: 'lab', name: 'Lab' })
    await directory.changePerson(me, person, { team: 'lab' })
    assert.equal(codeOf(await directory.setEnabled(me, 'team', 'lab', false)), 'last-owner')
    assert.equal((await house.store.teams.byId('default', 'lab'))?.disabledAt, null)
    assert.equal(
      codeOf(await directory.setEnabled(me, 'organisation', 'default', false)),
      'last-owner',
    )
  })

  test('stays when two take each other away at one moment', async (t) => {
    const { house, key, person } = await two(t)
    const me = actor(['owner'])
    const { keys, directory } = house.identity
    await Promise.all([keys.revoke(me, key), directory.setEnabled(me, 'person', person, false)])
    assert.ok((await house.store.keys.countOwners('default', house.time.now)) >= 1)
  })

  test('may be revoked by the owner of the machine, who is never locked out', async (t) => {
    const { house, key, person } = await two(t)
    await house.identity.directory.setEnabled(MACHINE, 'person', person, false)
    assert.equal(codeOf(await house.identity.keys.revoke(MACHINE, key)), 'ok')
  })
})

describe('the rotation of a key', () => {
  test('lets both stand for a while, with the same rights, and tells one of the other', async (t) => {
    const house = home(t)
    const { keys } = house.identity
    const old = await newKey(house, { restrictions: { maxClass: 'internal' }, purpose: 'triage' })
    const made = await keys.rotate(MACHINE, old.view.id, { overlapMs: 5000 })
    assert.ok(made.ok)
    assert.deepEqual(made.value.view.restrictions, old.view.restrictions)
    assert.equal(made.value.view.replaces, old.view.id)
    const listed = await keys.list({ tenant: 'default' })
    const kept = listed.find(({ id }) => id === old.view.id)
    assert.equal(kept?.replacedBy, made.value.view.id)
    assert.equal(kept?.expiresAt, house.time.now + 5000)
    const works = async (key: string) => codeOf(await house.identity.authenticate(key, HERE))
    assert.deepEqual([await works(old.key), await works(made.value.key)], ['ok', 'ok'])
    assert.equal(codeOf(await keys.rotate(MACHINE, old.view.id, { overlapMs: 0 })), 'conflict')
    house.time.now += 5000
    assert.deepEqual([await works(old.key), await works(made.value.key)], ['key-expired', 'ok'])
  })
})

describe('evidence', () => {
  test('comes before every change, and a change that cannot be recorded does not happen', async (t) => {
    const house = home(t)
    const { keys, directory } = house.identity
    const made = await newKey(house)
    await keys.revoke(MACHINE, made.view.id)
    await directory.createTeam(MACHINE, { id: 'lab', name: 'Lab' })
    assert.deepEqual(house.noted, [
      `local key-created ${made.view.id}`,
      `local key-revoked ${made.view.id}`,
      'local team-created lab',
    ])
    house.failEvidence()
    assert.equal(codeOf(await keys.create(MACHINE, { name: 'x' })), 'ledger-unavailable')
    assert.equal(
      codeOf(await directory.createTeam(MACHINE, { id: 'b', name: 'B' })),
      'ledger-unavailable',
    )
    assert.equal(await house.store.teams.byId('default', 'b'), null)
  })
})

describe('an open exchange', () => {
  test('ends when its key expires while nobody changes anything', async (t) => {
    const house = home(t)
    const { key } = await newKey(house, { expiresAt: house.time.now + 40_000 })
    const caller = await house.identity.authenticate(key, HERE)
    assert.ok(caller.ok)
    const ended: string[] = []
    const { exchanges } = house.identity
    const release = exchanges.follow(caller.value, ({ code }) => ended.push(code))
    await exchanges.sweep()
    house.time.now += 35_000
    await exchanges.sweep()
    assert.deepEqual(ended, [])
    house.time.now += 35_000
    await exchanges.sweep()
    assert.deepEqual(ended, ['key-expired'])
    release()
    assert.equal(exchanges.size(), 0)
  })
})

describe('a session of a person', () => {
  test('has the rights of the person as they are, and ends when idle or disabled', async (t) => {
    const house = home(t)
    const { sessions, directory } = house.identity
    const ada = await directory.createPerson(MACHINE, { name: 'Ada', roles: ['auditor'] })
    assert.ok(ada.ok)
    const of = { tenant: 'default', person: ada.value.id, address: HERE, external: 'idp s-1' }
    const open = async () => {
      const opened = await sessions.openForPerson(of)
      assert.ok(opened.ok)
      return opened.value.cookieValue
    }
    const cookie = await open()
    const caller = await sessions.resolveSession(cookie, HERE)
    assert.ok(caller.ok)
    assert.equal(caller.value.keyId, `person:${ada.value.id}`)
    assert.deepEqual(caller.value.permissions, permissionsOf(['auditor']))
    house.time.now += 29 * 60_000
    assert.equal(codeOf(await sessions.resolveSession(cookie, HERE)), 'ok')
    house.time.now += 29 * 60_000
    assert.equal(codeOf(await sessions.resolveSession(cookie, HERE)), 'ok', 'use keeps it')
    house.time.now += 30 * 60_000
    assert.equal(codeOf(await sessions.resolveSession(cookie, HERE)), 'missing-key', 'idle')
    const next = await open()
    await directory.setEnabled(MACHINE, 'person', ada.value.id, false)
    assert.notEqual(codeOf(await sessions.resolveSession(next, HERE)), 'ok')
    assert.equal(codeOf(await sessions.openForPerson(of)), 'access-disabled')
    assert.deepEqual(await sessions.list({ tenant: 'default' }), [])
  })
})
