import assert from 'node:assert/strict'
import type { StoredSession } from '#identity/ports.ts'
import type { OpenFresh } from '../contract.ts'
import { withStore } from './filled.ts'
import { storedKey } from './keys.ts'

const digestOf = (fill: number) => new Uint8Array(32).fill(fill)

/** A session as it is stored, with what the test cares about. */
const storedSession = (fill: number, over: Partial<StoredSession> = {}): StoredSession => ({
  digest: digestOf(fill),
  id: `s${fill}`,
  tenant: 'default',
  keyId: 'aaaaaaaa',
  person: null,
  createdAt: 0,
  lastSeenAt: 0,
  expiresAt: 9000,
  address: null,
  external: null,
  ...over,
})

/** Sessions end by themselves, by hand, and with their key. */
export function sessionsContract(open: OpenFresh): void {
  withStore(open, 'a session is found until it is removed', async ({ keys, sessions }) => {
    await keys.insert(storedKey())
    const session = storedSession(1, { createdAt: 1000, expiresAt: 2000, address: '::1' })
    await sessions.insert(session)
    const found = await sessions.byDigest(digestOf(1))
    assert.ok(found)
    assert.deepEqual(
      { ...found, digest: [...found.digest] },
      { ...session, digest: [...session.digest] },
    )
    assert.equal(await sessions.byDigest(digestOf(2)), null)
    await sessions.remove(digestOf(1))
    assert.equal(await sessions.byDigest(digestOf(1)), null)
  })

  withStore(open, 'all sessions of one key go, and only those', async ({ keys, sessions }) => {
    await keys.insert(storedKey())
    await keys.insert(storedKey({ id: 'bbbbbbbb' }))
    for (const [fill, keyId] of [
      [1, 'aaaaaaaa'],
      [2, 'aaaaaaaa'],
      [3, 'bbbbbbbb'],
    ] as const) {
      await sessions.insert(storedSession(fill, { keyId }))
    }
    await sessions.removeOfKey('aaaaaaaa')
    assert.equal(await sessions.byDigest(digestOf(1)), null)
    assert.equal(await sessions.byDigest(digestOf(2)), null)
    assert.ok(await sessions.byDigest(digestOf(3)))
  })

  withStore(open, 'ended and idle sessions are forgotten', async ({ keys, sessions }) => {
    await keys.insert(storedKey())
    await sessions.insert(storedSession(1, { expiresAt: 1000 }))
    await sessions.insert(storedSession(2, { expiresAt: 1001 }))
    await sessions.insert(storedSession(3, { lastSeenAt: 500 }))
    await sessions.removeExpired(1000, 0)
    assert.equal(await sessions.byDigest(digestOf(1)), null)
    assert.ok(await sessions.byDigest(digestOf(2)))
    await sessions.touch(digestOf(2), 600)
    await sessions.touch(digestOf(2), 550)
    assert.equal((await sessions.byDigest(digestOf(2)))?.lastSeenAt, 600)
    await sessions.removeExpired(1000, 501)
    assert.ok(await sessions.byDigest(digestOf(2)))
    assert.equal(await sessions.byDigest(digestOf(3)), null)
  })

  withStore(
    open,
    'sessions are listed and ended within their organisation, by person and by provider',
    async ({ keys, sessions }) => {
      await keys.insert(storedKey())
      const ofPerson = { keyId: null, person: 'p1' }
      await sessions.insert(storedSession(1))
      await sessions.insert(storedSession(2, { ...ofPerson, external: 'https://idp s-1' }))
      await sessions.insert(storedSession(3, ofPerson))
      await sessions.insert(storedSession(4, { ...ofPerson, tenant: 'other' }))
      await sessions.insert(storedSession(5, { ...ofPerson, expiresAt: 10 }))
      const ids = async (over: object = {}) =>
        (await sessions.list({ tenant: 'default', now: 10, ...over })).map(({ id }) => id)
      assert.deepEqual(await ids(), ['s1', 's2', 's3'])
      assert.deepEqual(await ids({ person: 'p1' }), ['s2', 's3'])
      assert.deepEqual(await ids({ key: 'aaaaaaaa' }), ['s1'])
      assert.deepEqual(await ids({ after: 's1', limit: 1 }), ['s2'])
      assert.equal(await sessions.removeById('other', 's1'), false)
      assert.equal(await sessions.removeById('default', 's1'), true)
      await sessions.removeOfExternal('https://idp s-1')
      assert.deepEqual(await ids(), ['s3'])
      await sessions.removeOfPerson('default', 'p1')
      assert.deepEqual(await ids(), [])
      assert.ok(await sessions.byDigest(digestOf(4)), 'the other organisation keeps its own')
    },
  )
}
