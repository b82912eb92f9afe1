import assert from 'node:assert/strict'
import type { CacheRow } from '#caches/ports.ts'
import type { OpenFresh } from '../contract.ts'
import { START, withStore } from './filled.ts'

const row = (key: string, of: Partial<CacheRow> = {}): CacheRow => ({
  tenant: 't',
  key,
  bucket: null,
  owner: 'key:a',
  subject: null,
  at: START,
  expiresAt: START + 100,
  sealed: new Uint8Array(10).fill(1),
  ...of,
})

/** Answers that were kept go by tenant, owner, person and age. */
export function cachedAnswersContract(open: OpenFresh): void {
  withStore(
    open,
    'a kept answer is found by tenant and key, the last one counts',
    async (store) => {
      const { answers } = store
      await answers.put(row('1'))
      await answers.put(row('1', { sealed: new Uint8Array(5).fill(2), expiresAt: START + 7 }))
      const found = await answers.get('t', '1')
      assert.deepEqual([found?.sealed.length, found?.expiresAt], [5, START + 7])
      assert.equal(await answers.get('other', '1'), null)
      assert.deepEqual(await answers.stats('t'), { answers: 1, bytes: 5 })
      assert.deepEqual(await answers.stats('other'), { answers: 0, bytes: 0 })
    },
  )

  withStore(open, 'answers of one kind come newest first, of one tenant', async ({ answers }) => {
    for (const at of [1, 3, 2]) await answers.put(row(String(at), { bucket: 'b', at }))
    await answers.put(row('x', { bucket: 'b', tenant: 'other' }))
    const keys = (await answers.alike('t', 'b', 2)).map(({ key }) => key)
    assert.deepEqual(keys, ['3', '2'])
  })

  withStore(open, 'answers are removed by owner, person, tenant and age', async ({ answers }) => {
    await answers.put(row('1'))
    await answers.put(row('2', { owner: 'key:b', subject: 'subject:s' }))
    await answers.put(row('3', { owner: 'key:b', expiresAt: START }))
    await answers.put(row('4', { tenant: 'other' }))
    assert.equal(await answers.remove({ tenant: 't', owner: 'key:a' }), 1)
    assert.equal(await answers.remove({ tenant: 't', subject: 'subject:s' }), 1)
    assert.equal(await answers.removeExpired(START), 1)
    assert.equal(await answers.removeExpired(START), 0)
    assert.equal(await answers.remove({ tenant: 't' }), 0)
    assert.equal(await answers.remove({ tenant: 'other' }), 1)
  })
}
