import assert from 'node:assert/strict'
import type { OpenFresh } from '../contract.ts'
import { withStore } from './filled.ts'

const row = (revision: number, version = '1', record = `record ${revision}`) => ({
  name: 'tickets',
  version,
  revision,
  record,
})

/** A version of a data set is replaced, or removed, by somebody who has seen what was there. */
export function dataSetsContract(open: OpenFresh): void {
  withStore(open, 'a data set reads back, is replaced and removed', async ({ dataSets }) => {
    assert.equal(await dataSets.get('tickets', '1'), null)
    assert.equal(await dataSets.put(row(2)), false, 'there is no revision 1')
    assert.equal(await dataSets.put(row(1)), true)
    assert.equal(await dataSets.put(row(1)), false)
    assert.equal(await dataSets.put(row(1, '2')), true)
    assert.equal(await dataSets.put({ ...row(1), name: 'calls' }), true)
    assert.equal(await dataSets.put(row(2)), true)
    assert.equal(await dataSets.put(row(2, '1', 'late')), false, 'somebody else was first')
    assert.deepEqual(await dataSets.get('tickets', '1'), row(2))
    assert.deepEqual(await dataSets.list(), [{ ...row(1), name: 'calls' }, row(2), row(1, '2')])
    assert.equal(await dataSets.remove('tickets', '1', 1), false, 'it was changed')
    assert.equal(await dataSets.remove('tickets', '1', 2), true)
    assert.equal(await dataSets.remove('tickets', '1', 2), false)
    assert.deepEqual(await dataSets.list(), [{ ...row(1), name: 'calls' }, row(1, '2')])
  })

  withStore(open, 'of those who change a data set at once one succeeds', async ({ dataSets }) => {
    await dataSets.put(row(1))
    const all = Array.from({ length: 8 }, (_, i) => dataSets.put(row(2, '1', `by ${i}`)))
    const made = await Promise.all(all)
    assert.equal(made.filter(Boolean).length, 1)
    assert.equal((await dataSets.get('tickets', '1'))?.record, `by ${made.indexOf(true)}`)
  })
}
