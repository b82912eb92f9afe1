import assert from 'node:assert/strict'
import type { PolicyChange } from '#policy/ports.ts'
import type { OpenFresh } from '../contract.ts'
import { withStore } from './filled.ts'

const change = (number: number, over: Partial<PolicyChange> = {}): PolicyChange => ({
  tenant: 'default',
  number,
  action: 'put',
  document: `# version ${number}\nrules: []\n`,
  digest: `digest-${number}`,
  state: { inForce: number, staged: null, share: 0, shareBy: 'key', shadow: null },
  reason: 'because',
  by: 'local',
  at: number * 1_000,
  ...over,
})

/** Changes of the policy read back as they were made, and a number is given once. */
export function policyChangesContract(open: OpenFresh): void {
  withStore(open, 'the newest change is the last, and each reads back', async ({ policies }) => {
    assert.equal(await policies.last('default'), null)
    const second = change(2, {
      action: 'stage',
      state: { inForce: 1, staged: 2, share: 10, shareBy: 'team', shadow: 1 },
    })
    assert.equal(await policies.add(change(1)), true)
    assert.equal(await policies.add(second), true)
    assert.deepEqual(await policies.last('default'), second)
    assert.deepEqual(await policies.get('default', 1), change(1))
    assert.equal(await policies.get('other', 1), null)
  })

  withStore(open, 'of those who make the same change at once one succeeds', async (store) => {
    const { policies } = store
    const authors = Array.from({ length: 8 }, (_, i) => `author-${i}`)
    const made = await Promise.all(authors.map((by) => policies.add(change(1, { by }))))
    assert.equal(made.filter(Boolean).length, 1)
    assert.equal((await policies.last('default'))?.by, authors[made.indexOf(true)])
  })

  withStore(open, 'the history is newest first, filtered, without texts', async ({ policies }) => {
    for (const number of [1, 2, 3, 4])
      await policies.add(
        change(number, {
          by: number % 2 === 0 ? 'ada' : 'bob',
          action: number === 4 ? 'rollback' : 'put',
        }),
      )
    const numbers = async (query: Omit<Parameters<typeof policies.list>[1], 'limit'>) =>
      (await policies.list('default', { limit: 10, ...query })).map(({ number }) => number)
    assert.deepEqual(await numbers({}), [4, 3, 2, 1])
    assert.deepEqual(await numbers({ before: 3 }), [2, 1])
    assert.deepEqual(await numbers({ by: 'ada' }), [4, 2])
    assert.deepEqual(await numbers({ action: 'rollback' }), [4])
    assert.deepEqual(await numbers({ since: 2_000, until: 4_000 }), [3, 2])
    const [newest] = await policies.list('default', { limit: 1 })
    assert.equal(newest?.document, null)
    assert.equal(newest?.reason, 'because')
  })
}
