import assert from 'node:assert/strict'
import type { OpenFresh } from '../contract.ts'
import { withStore } from './filled.ts'

const digest = 'a'.repeat(64)
const row = (version: number, record = `record ${version}`) => ({ digest, version, record })

/** A record is replaced by somebody who has seen the one before. */
export function admissionsContract(open: OpenFresh): void {
  withStore(
    open,
    'a record reads back, and each version replaces the one before',
    async (store) => {
      const { admissions } = store
      assert.equal(await admissions.get(digest), null)
      assert.equal(await admissions.put(row(2)), false, 'there is no version 1')
      assert.equal(await admissions.put(row(1)), true)
      assert.equal(await admissions.put(row(1, 'other')), false)
      assert.equal(await admissions.put(row(2)), true)
      assert.equal(await admissions.put(row(2, 'late')), false, 'somebody else was first')
      assert.deepEqual(await admissions.get(digest), row(2))
      const other = { ...row(1), digest: 'b'.repeat(64) }
      await admissions.put(other)
      assert.deepEqual(await admissions.list(), [row(2), other])
    },
  )

  withStore(open, 'of those who change a record at once one succeeds', async ({ admissions }) => {
    await admissions.put(row(1))
    const all = Array.from({ length: 8 }, (_, i) => admissions.put(row(2, `by ${i}`)))
    const made = await Promise.all(all)
    assert.equal(made.filter(Boolean).length, 1)
    assert.equal((await admissions.get(digest))?.record, `by ${made.indexOf(true)}`)
  })
}
