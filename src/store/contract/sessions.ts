import assert from 'node:assert/strict'
import type { OpenFresh } from '../contract.ts'
import { withStore } from './filled.ts'
import { storedKey } from './keys.ts'

const digestOf = (fill: number) => new Uint8Array(32).fill(fill)

/** Sessions end by themselves, by hand, and with their key. */
export function sessionsContract(open: OpenFresh): void {
  withStore(open, 'a session is found until it is removed', async ({ keys, sessions }) => {
    await keys.insert(storedKey())
    const session = { digest: digestOf(1), keyId: 'aaaaaaaa', createdAt: 1000, expiresAt: 2000 }
    await sessions.insert(session)
    const found = await sessions.byDigest(digestOf(1))
    assert.deepEqual([found?.keyId, found?.createdAt, found?.expiresAt], ['aaaaaaaa', 1000, 2000])
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
      await sessions.insert({ digest: digestOf(fill), keyId, createdAt: 0, expiresAt: 9000 })
    }
    await sessions.removeOfKey('aaaaaaaa')
    assert.equal(await sessions.byDigest(digestOf(1)), null)
    assert.equal(await sessions.byDigest(digestOf(2)), null)
    assert.ok(await sessions.byDigest(digestOf(3)))
  })

  withStore(open, 'expired sessions are forgotten', async ({ keys, sessions }) => {
    await keys.insert(storedKey())
    const base = { keyId: 'aaaaaaaa', createdAt: 0 }
    await sessions.insert({ ...base, digest: digestOf(1), expiresAt: 1000 })
    await sessions.insert({ ...base, digest: digestOf(2), expiresAt: 1001 })
    await sessions.removeExpired(1000)
    assert.equal(await sessions.byDigest(digestOf(1)), null)
    assert.ok(await sessions.byDigest(digestOf(2)))
  })
}
