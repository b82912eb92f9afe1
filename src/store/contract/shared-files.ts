import assert from 'node:assert/strict'
import type { OpenFresh } from '../contract.ts'
import { withStore } from './filled.ts'

const file = (version: string, fill: number) => ({ version, bytes: new Uint8Array(3).fill(fill) })

/** A file is replaced by somebody who knows what it replaces. */
export function sharedFilesContract(open: OpenFresh): void {
  withStore(open, 'a file is replaced only by somebody who has seen it', async ({ files }) => {
    assert.equal(await files.get('terms'), null)
    assert.equal(await files.put('terms', 'a', file('b', 2)), false, 'there is nothing to replace')
    assert.equal(await files.put('terms', null, file('a', 1)), true)
    assert.equal(await files.put('terms', null, file('b', 2)), false)
    assert.equal(await files.put('terms', 'a', file('b', 2)), true)
    assert.equal(await files.put('terms', 'a', file('c', 3)), false)
    const found = await files.get('terms')
    assert.deepEqual([found?.version, [...(found?.bytes ?? [])]], ['b', [2, 2, 2]])
    assert.equal(await files.get('other'), null)
  })
}
