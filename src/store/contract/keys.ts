import assert from 'node:assert/strict'
import { NO_RESTRICTIONS } from '#kernel/exchange.ts'
import type { StoredKey } from '#identity/ports.ts'
import type { OpenFresh } from '../contract.ts'
import { withStore } from './filled.ts'

/** A key as it is stored, with what the test cares about. */
export const storedKey = (over: Partial<StoredKey> = {}): StoredKey => ({
  id: 'aaaaaaaa',
  tenant: 'default',
  name: 'laptop',
  scopes: ['inference'],
  digest: Uint8Array.from({ length: 32 }, (_, i) => i),
  createdAt: 1000,
  createdBy: 'local',
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
  person: null,
  application: null,
  team: null,
  purpose: null,
  restrictions: NO_RESTRICTIONS,
  replacedBy: null,
  replaces: null,
  ...over,
})

/** Keys are stored once, revoked once, and found by their id. */
export function keysContract(open: OpenFresh): void {
  withStore(open, 'a key reads back as it was stored', async ({ keys }) => {
    const key = storedKey({ scopes: ['inference', 'audit'], expiresAt: 5000, name: "l'équipe" })
    assert.equal(await keys.insert(key), true)
    const { digest, ...view } = key
    const found = await keys.byId(key.id)
    assert.ok(found)
    const { digest: kept, ...rest } = found
    assert.deepEqual(rest, view)
    assert.deepEqual([...kept], [...digest])
    assert.deepEqual(await keys.list({ tenant: 'default' }), [view])
    assert.equal(await keys.byId('AAAAAAAA'), null)
  })

  withStore(open, 'an id is given once', async ({ keys }) => {
    assert.equal(await keys.insert(storedKey()), true)
    assert.equal(await keys.insert(storedKey({ name: 'thief', tenant: 'other' })), false)
    assert.equal((await keys.byId('aaaaaaaa'))?.name, 'laptop')
  })

  withStore(open, 'a key is revoked once, by its own tenant only', async ({ keys }) => {
    await keys.insert(storedKey())
    assert.equal(await keys.revoke('other', 'aaaaaaaa', 2000), false)
    assert.equal(await keys.revoke('default', 'aaaaaaaa', 2000), true)
    assert.equal(await keys.revoke('default', 'aaaaaaaa', 3000), false)
    assert.equal((await keys.byId('aaaaaaaa'))?.revokedAt, 2000)
  })

  withStore(open, 'a tenant lists its own keys, page by page', async ({ keys }) => {
    for (const id of ['aaaaaaa1', 'aaaaaaa2', 'aaaaaaa3']) await keys.insert(storedKey({ id }))
    await keys.insert(storedKey({ id: 'bbbbbbbb', tenant: 'other' }))
    const first = await keys.list({ tenant: 'default', limit: 2 })
    assert.deepEqual(
      first.map(({ id }) => id),
      ['aaaaaaa1', 'aaaaaaa2'],
    )
    const second = await keys.list({ tenant: 'default', limit: 2, after: 'aaaaaaa2' })
    assert.deepEqual(
      second.map(({ id }) => id),
      ['aaaaaaa3'],
    )
  })

  withStore(open, 'the last use only moves forward', async ({ keys }) => {
    await keys.insert(storedKey())
    await keys.touch([
      { id: 'aaaaaaaa', at: 9000 },
      { id: 'nobody00', at: 1 },
    ])
    await keys.touch([{ id: 'aaaaaaaa', at: 8000 }])
    await keys.touch([])
    assert.equal((await keys.byId('aaaaaaaa'))?.lastUsedAt, 9000)
  })

  withStore(
    open,
    'an administrator counts while the key is neither revoked nor expired',
    async ({ keys }) => {
      assert.equal(await keys.hasAdministrator(0), false)
      await keys.insert(storedKey({ id: 'inferenc', scopes: ['inference'] }))
      assert.equal(await keys.hasAdministrator(0), false)
      await keys.insert(storedKey({ id: 'expiring', scopes: ['admin'], expiresAt: 5000 }))
      assert.equal(await keys.hasAdministrator(4999), true)
      assert.equal(await keys.hasAdministrator(5000), false)
      await keys.insert(storedKey({ id: 'standing', scopes: ['inference', 'admin'] }))
      assert.equal(await keys.hasAdministrator(6000), true)
      await keys.revoke('default', 'standing', 6000)
      assert.equal(await keys.hasAdministrator(6000), false)
    },
  )
}
