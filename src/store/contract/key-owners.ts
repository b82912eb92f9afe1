import assert from 'node:assert/strict'
import type { OpenFresh } from '../contract.ts'
import { withStore } from './filled.ts'
import { application, ids, person, team } from './identity-rows.ts'
import { storedKey } from './keys.ts'

/** What keys belong to, and who could give rights again. */
export function keyOwnersContract(open: OpenFresh): void {
  withStore(open, 'a key comes with the state of what it belongs to', async (store) => {
    const { keys, teams, people, applications, organisations } = store
    await teams.insert(team('lab'))
    await applications.insert(application('bot', { team: 'lab', purpose: 'answers' }))
    await people.insert(person('p1', { roles: ['developer'], team: 'lab' }))
    await keys.insert(storedKey({ id: 'ofnobody' }))
    await keys.insert(storedKey({ id: 'ofthebot', application: 'bot', team: 'else' }))
    await keys.insert(storedKey({ id: 'ofperson', person: 'p1', purpose: 'own' }))
    await keys.insert(storedKey({ id: 'oflostco', tenant: 'nowhere' }))
    await keys.insert(storedKey({ id: 'ofnobot0', application: 'gone' }))
    const owner = async (id: string) => (await keys.withOwner(id))?.owner
    const free = { disabled: null, grants: null, team: null, purpose: null }
    assert.deepEqual(await owner('ofnobody'), free)
    assert.deepEqual(await owner('ofthebot'), {
      ...free,
      grants: [],
      team: 'lab',
      purpose: 'answers',
    })
    assert.deepEqual(await owner('ofperson'), {
      ...free,
      grants: ['developer'],
      team: 'lab',
      purpose: 'own',
    })
    assert.equal((await owner('oflostco'))?.disabled, 'organisation')
    assert.equal((await owner('ofnobot0'))?.disabled, 'application')
    await people.disable('default', 'p1', 1)
    assert.equal((await owner('ofperson'))?.disabled, 'person')
    await teams.disable('default', 'lab', 1)
    assert.equal((await owner('ofthebot'))?.disabled, 'team')
    await organisations.disable('default', 1)
    assert.equal((await owner('ofnobody'))?.disabled, 'organisation')
    assert.equal(await keys.withOwner('nosuchky'), null)
  })

  withStore(open, 'owners are keys that stand for themselves, and people', async (store) => {
    const { keys, people, teams } = store
    const count = () => store.keys.countOwners('default', 100)
    assert.equal(await count(), 0)
    await keys.insert(storedKey({ id: 'admin001', scopes: ['admin'] }))
    await keys.insert(storedKey({ id: 'ofperson', scopes: ['admin'], person: 'p1' }))
    await keys.insert(storedKey({ id: 'expired1', scopes: ['owner'], expiresAt: 100 }))
    await keys.insert(storedKey({ id: 'elsewhere', scopes: ['owner'], tenant: 'other' }))
    assert.equal(await count(), 1)
    await teams.insert(team('lab'))
    await people.insert(person('p1', { roles: ['owner'], team: 'lab' }))
    assert.equal(await count(), 2)
    await keys.revoke('default', 'admin001', 5)
    assert.equal(await count(), 1)
    await keys.restore('default', 'admin001', 4)
    assert.equal(await count(), 1, 'only the revocation of that moment is undone')
    await keys.restore('default', 'admin001', 5)
    assert.equal(await count(), 2)
    await keys.revoke('default', 'admin001', 5)
    await teams.disable('default', 'lab', 1)
    assert.equal(await count(), 0)
  })
}

/** Lists of keys, and what can be changed of one. */
export function keyListsContract(open: OpenFresh): void {
  withStore(open, 'keys are filtered by whose they are and by their state', async ({ keys }) => {
    await keys.insert(storedKey({ id: 'k1', person: 'p1', team: 'lab' }))
    await keys.insert(storedKey({ id: 'k2', application: 'bot' }))
    await keys.insert(storedKey({ id: 'k3', expiresAt: 50 }))
    await keys.insert(storedKey({ id: 'k4' }))
    await keys.revoke('default', 'k4', 10)
    const list = async (over: object) =>
      ids(await keys.list({ tenant: 'default', now: 50, ...over }))
    assert.deepEqual(await list({ person: 'p1' }), ['k1'])
    assert.deepEqual(await list({ application: 'bot' }), ['k2'])
    assert.deepEqual(await list({ team: 'lab' }), ['k1'])
    assert.deepEqual(await list({ state: 'usable' }), ['k1', 'k2'])
    assert.deepEqual(await list({ state: 'expired' }), ['k3'])
    assert.deepEqual(await list({ state: 'revoked' }), ['k4'])
    const restrictions = {
      models: ['m*'],
      surfaces: null,
      maxClass: 'internal' as const,
      zones: ['device' as const],
      addresses: null,
    }
    assert.equal(await keys.change('other', 'k1', { name: 'x' }), false)
    assert.equal(await keys.change('default', 'k4', { name: 'x' }), false)
    const change = { name: 'new', restrictions, expiresAt: 70, replacedBy: 'k2' }
    assert.equal(await keys.change('default', 'k1', change), true)
    const changed = await keys.byId('k1')
    assert.deepEqual(
      [changed?.name, changed?.restrictions, changed?.expiresAt, changed?.replacedBy],
      ['new', restrictions, 70, 'k2'],
    )
    assert.equal(changed?.person, 'p1')
  })
}
