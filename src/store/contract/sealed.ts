import assert from 'node:assert/strict'
import type { OpenFresh } from '../contract.ts'
import { withStore } from './filled.ts'
import { ids } from './identity-rows.ts'

/** Sealed secrets are kept as they are. */
export function sealedContract(open: OpenFresh): void {
  withStore(open, 'sealed secrets stand side by side by generation', async ({ sealed }) => {
    const secret = {
      kind: 'destination',
      tenant: 'default',
      id: 'cloud',
      generation: 1,
      sealed: Uint8Array.from([1, 2, 3]),
      at: 5,
      by: 'local',
    }
    await sealed.put(secret)
    await sealed.put({ ...secret, sealed: Uint8Array.from([4]), at: 6 })
    await sealed.put({ ...secret, generation: 2, sealed: Uint8Array.from([9]) })
    await sealed.put({ ...secret, kind: 'webhook' })
    const found = await sealed.get('destination', 'default', 'cloud', 1)
    assert.deepEqual([[...(found?.sealed ?? [])], found?.at], [[4], 6])
    assert.equal(await sealed.get('destination', 'other', 'cloud', 1), null)
    assert.deepEqual(
      (await sealed.all(1)).map(({ kind }) => kind),
      ['destination', 'webhook'],
    )
    assert.deepEqual(ids(await sealed.list('destination', 'default', 2)), ['cloud'])
    await sealed.keepOnly(2)
    assert.deepEqual(await sealed.all(1), [])
    assert.equal(await sealed.remove('destination', 'default', 'cloud'), true)
    assert.equal(await sealed.remove('destination', 'default', 'cloud'), false)
  })
}
