import assert from 'node:assert/strict'
import type { OpenFresh } from '../contract.ts'
import { START, withStore } from './filled.ts'

const bytes = (fill: number) => new Uint8Array(40).fill(fill)
const ID = '01890000-0000-7000-8000-000000000001'
const OTHER = '01890000-0000-7000-8000-000000000002'

/** Sealed texts go with the key of their owner, and nobody else's. */
export function contentContract(open: OpenFresh): void {
  withStore(
    open,
    'an owner has one key, whoever asks first, and none once it is destroyed',
    async ({ content }) => {
      assert.deepEqual(
        Buffer.from((await content.ownerKey('t', 'key:a', bytes(1))) ?? []),
        Buffer.from(bytes(1)),
      )
      assert.deepEqual(
        Buffer.from((await content.ownerKey('t', 'key:a', bytes(2))) ?? []),
        Buffer.from(bytes(1)),
      )
      assert.equal(await content.destroyKey('t', 'key:a'), true)
      assert.equal(await content.destroyKey('t', 'key:a'), false)
      assert.equal(await content.ownerKey('t', 'key:a', bytes(3)), null)
      assert.notEqual(await content.ownerKey('other', 'key:a', bytes(4)), null)
    },
  )

  withStore(
    open,
    'texts are removed by owner and by age, and come with their key',
    async ({ content }) => {
      await content.ownerKey('t', 'key:a', bytes(1))
      const one = { decision: ID, part: 'request', tenant: 't', owner: 'key:a', at: START } as const
      await content.put({ ...one, sealed: bytes(7) })
      await content.put({ ...one, sealed: bytes(8) })
      await content.put({
        ...one,
        decision: OTHER,
        owner: 'key:b',
        at: START + 10,
        sealed: bytes(9),
      })
      const [found] = await content.get('t', ID)
      assert.deepEqual([found?.decision, found?.owner, found?.at], [ID, 'key:a', START])
      assert.deepEqual(Buffer.from(found?.sealed ?? []), Buffer.from(bytes(7)))
      assert.deepEqual(Buffer.from(found?.wrapped ?? []), Buffer.from(bytes(1)))
      assert.deepEqual(await content.get('other', ID), [])
      assert.equal((await content.get('t', OTHER))[0]?.wrapped, null)
      assert.equal(await content.removeOf('t', 'key:a'), 1)
      assert.equal(await content.removeBefore(START + 10), 0)
      assert.equal(await content.removeBefore(START + 11), 1)
    },
  )
}
