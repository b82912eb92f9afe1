import assert from 'node:assert/strict'
import type { OpenFresh } from '../contract.ts'
import { withStore } from './filled.ts'
import { application, ids, organisation, person, team } from './identity-rows.ts'

/** Organisations and teams: found, filtered and disabled within their organisation alone. */
export function organisationsContract(open: OpenFresh): void {
  withStore(open, 'the organisation that runs the house is there', async ({ organisations }) => {
    assert.equal((await organisations.byId('default'))?.disabledAt, null)
    assert.equal(await organisations.insert(organisation('other')), true)
    assert.equal(await organisations.insert(organisation('other')), false)
    assert.equal(await organisations.disable('other', 2000), true)
    assert.equal(await organisations.disable('nobody', 2000), false)
    assert.deepEqual(ids(await organisations.list({ state: 'disabled' })), ['other'])
    assert.deepEqual(ids(await organisations.list({ after: 'default' })), ['other'])
    await organisations.disable('other', null)
    assert.deepEqual(ids(await organisations.list({ state: 'enabled' })), ['default', 'other'])
  })

  withStore(open, 'teams are listed page by page, of their organisation', async ({ teams }) => {
    for (const id of ['a', 'b', 'c']) assert.equal(await teams.insert(team(id)), true)
    assert.equal(await teams.insert(team('a')), false)
    assert.equal(await teams.insert(team('a', { tenant: 'other' })), true)
    assert.deepEqual(await teams.byId('default', 'a'), team('a'))
    assert.deepEqual(ids(await teams.list({ tenant: 'default', limit: 2 })), ['a', 'b'])
    assert.deepEqual(ids(await teams.list({ tenant: 'default', after: 'b' })), ['c'])
    assert.equal(await teams.rename('default', 'a', 'Alpha'), true)
    assert.equal((await teams.byId('other', 'a'))?.name, 'a')
    assert.equal(await teams.disable('default', 'b', 5), true)
    assert.deepEqual(ids(await teams.list({ tenant: 'default', state: 'enabled' })), ['a', 'c'])
  })
}

/** The same for people and applications. */
export function directoryContract(open: OpenFresh): void {
  withStore(open, 'a person is found by id, e-mail and subject', async ({ people, teams }) => {
    await teams.insert(team('lab'))
    const issuer = 'https://idp.example'
    const ada = person('p1', {
      email: 'ada@example.org',
      issuer,
      subject: 's-1',
      roles: ['owner', 'developer'],
      team: 'lab',
    })
    assert.equal(await people.insert(ada), true)
    assert.equal(await people.insert(person('p2', { email: 'ada@example.org' })), false)
    assert.equal(await people.insert(person('p2', { issuer, subject: 's-1' })), false)
    assert.equal(await people.insert(person('p2', { tenant: 'other', email: ada.email })), true)
    assert.equal(await people.insert(person('p2', { roles: ['auditor'] })), true)
    assert.deepEqual(await people.byId('default', 'p1'), ada)
    assert.equal((await people.byEmail('default', 'ada@example.org'))?.id, 'p1')
    assert.equal((await people.bySubject('default', issuer, 's-1'))?.id, 'p1')
    assert.equal(await people.bySubject('other', issuer, 's-1'), null)
    assert.deepEqual(ids(await people.list({ tenant: 'default', role: 'developer' })), ['p1'])
    assert.deepEqual(ids(await people.list({ tenant: 'default', team: 'lab' })), ['p1'])
    assert.equal(await people.change('default', 'p2', { email: 'ada@example.org' }), false)
    assert.equal(await people.change('default', 'p2', { email: 'bob@example.org' }), true)
    assert.equal(await people.change('default', 'p9', { name: 'x' }), false)
    assert.equal((await people.withState('default', 'p1'))?.disabled, null)
    await people.disable('default', 'p1', 9)
    assert.equal((await people.withState('default', 'p1'))?.disabled, 'person')
    await teams.disable('default', 'lab', 9)
    assert.equal((await people.withState('default', 'p1'))?.disabled, 'team')
    assert.equal((await people.withState('default', 'p2'))?.disabled, null)
  })

  withStore(open, 'applications and service accounts are told apart', async ({ applications }) => {
    assert.equal(await applications.insert(application('bot', { purpose: 'answers' })), true)
    assert.equal(await applications.insert(application('robot', { roles: ['auditor'] })), true)
    assert.equal(await applications.insert(application('bot')), false)
    const tenant = 'default'
    assert.deepEqual(ids(await applications.list({ tenant, service: true })), ['robot'])
    assert.deepEqual(ids(await applications.list({ tenant, service: false })), ['bot'])
    assert.equal(await applications.change(tenant, 'bot', { roles: ['finance'] }), true)
    assert.deepEqual((await applications.byId(tenant, 'bot'))?.roles, ['finance'])
    assert.equal(await applications.disable('other', 'bot', 1), false)
  })
}
