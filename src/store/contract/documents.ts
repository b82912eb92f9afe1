import assert from 'node:assert/strict'
import type { OpenFresh } from '../contract.ts'
import { withStore } from './filled.ts'

/** States of destinations are the newest decision; versions of documents never change. */
export function documentsContract(open: OpenFresh): void {
  withStore(open, 'the newest decision about a destination counts', async ({ destinations }) => {
    const trust = {
      tenant: 'default',
      id: 'ollama',
      state: 'enabled',
      at: 1000,
      by: 'local',
    } as const
    await destinations.set({ ...trust, state: 'disabled', at: 500 })
    await destinations.set(trust)
    await destinations.set({ ...trust, tenant: 'other', state: 'disabled' })
    await destinations.set({ ...trust, id: 'a-vendor' })
    assert.deepEqual(await destinations.get('default', 'ollama'), trust)
    assert.equal(await destinations.get('default', 'nobody'), null)
    assert.deepEqual(await destinations.list('default'), [{ ...trust, id: 'a-vendor' }, trust])
    await destinations.remove('default', 'ollama')
    assert.equal(await destinations.get('default', 'ollama'), null)
    assert.equal((await destinations.get('other', 'ollama'))?.state, 'disabled')
  })

  withStore(open, 'a version is stored once and keeps its text', async ({ documents }) => {
    const policy = { kind: 'policy', version: 'abc', json: '{"rules":[]}', at: 1000 }
    assert.ok((await documents.put(policy)).ok)
    assert.ok((await documents.put({ ...policy, at: 2000 })).ok)
    const other = await documents.put({ ...policy, json: '{"rules":[1]}' })
    assert.ok(!other.ok)
    assert.equal(other.error.code, 'conflict')
    assert.deepEqual(await documents.get('policy', 'abc'), policy)
    assert.equal(await documents.get('catalogue', 'abc'), null)
  })

  withStore(open, 'the newest version of a kind is the one stored last', async ({ documents }) => {
    assert.equal(await documents.newest('policy'), null)
    for (const version of ['b', 'c', 'a']) {
      await documents.put({ kind: 'policy', version, json: '{}', at: 1000 })
    }
    await documents.put({ kind: 'catalogue', version: 'z', json: '{}', at: 1000 })
    assert.equal((await documents.newest('policy'))?.version, 'a')
  })
}
