import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { asRootSecret } from './derive-key.ts'
import { home, randomBytes, root } from './open-identity.fixture.ts'
import type { SealedSecret } from './ports.ts'
import { createVault } from './vault.ts'

describe('a secret at rest', () => {
  const text = Buffer.from(['sk', 'test', 'value'].join('-'))

  test('opens for what it was sealed for, and for nothing else', async (t) => {
    const { store, clock } = home(t)
    const vault = createVault({ store: store.sealed, root, generation: 1, clock, randomBytes })
    await vault.put('destination', 'default', 'cloud', text, 'local')
    assert.deepEqual(await vault.get('destination', 'default', 'cloud'), text)
    const row = await store.sealed.get('destination', 'default', 'cloud', 1)
    assert.ok(row)
    assert.ok(!Buffer.from(row.sealed).includes(text), 'never in clear')
    for (const over of [{ id: 'other' }, { tenant: 'other' }, { kind: 'webhook' }]) {
      const moved: SealedSecret = { ...row, ...over }
      await store.sealed.put(moved)
      assert.equal(await vault.get(moved.kind, moved.tenant, moved.id), null, JSON.stringify(over))
    }
    const other = createVault({
      store: store.sealed,
      root: asRootSecret(new Uint8Array(32).fill(9)),
      generation: 1,
      clock,
      randomBytes,
    })
    assert.equal(await other.get('destination', 'default', 'cloud'), null)
  })

  test('does not open when any byte of it was changed', async (t) => {
    const { store, clock } = home(t)
    const vault = createVault({ store: store.sealed, root, generation: 1, clock, randomBytes })
    await vault.put('destination', 'default', 'cloud', text, 'local')
    const row = await store.sealed.get('destination', 'default', 'cloud', 1)
    assert.ok(row)
    for (let at = 0; at < row.sealed.length; at += 1) {
      const sealed = Uint8Array.from(row.sealed)
      sealed[at] = (sealed[at] ?? 0) ^ 1
      await store.sealed.put({ ...row, sealed })
      const [listed] = await vault.list('destination', 'default')
      assert.equal(listed?.bytes, null, `byte ${at}`)
    }
  })
})
