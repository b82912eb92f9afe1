import assert from 'node:assert/strict'
import type { OpenFresh } from '../contract.ts'
import { withStore } from './filled.ts'

const [first, second] = ['a'.repeat(64), 'b'.repeat(64)]

/** A bill stays as it was put, until it is removed. */
export function billsContract(open: OpenFresh): void {
  withStore(open, 'a bill reads back, and is never replaced', async ({ bills }) => {
    const bytes = Uint8Array.from({ length: 3000 }, (_, at) => at % 251)
    assert.equal(await bills.get(first), null)
    await bills.put(second, new Uint8Array([7]))
    await bills.put(first, bytes)
    await bills.put(first, new Uint8Array([1]))
    assert.deepEqual(new Uint8Array((await bills.get(first)) ?? []), bytes)
    assert.deepEqual(await bills.digests(), [first, second])
    await bills.remove([first, 'c'.repeat(64)])
    assert.equal(await bills.get(first), null)
    assert.deepEqual(await bills.digests(), [second])
  })
}
