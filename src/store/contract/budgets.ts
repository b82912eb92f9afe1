import assert from 'node:assert/strict'
import type { OpenFresh } from '../contract.ts'
import { withStore } from './filled.ts'

/** Accounts change by compare-and-swap, cursors never go back, an alert is one alert. */
export function budgetsContract(open: OpenFresh): void {
  const key = { tenant: 'default', budget: 'team', start: 1000 }

  withStore(open, 'of two who change one account, one is told no', async ({ budgets }) => {
    assert.equal(await budgets.account(key), null)
    const first = { key, version: 0, json: '{"gone":1}', end: 2000 }
    const made = await Promise.all([budgets.swapAccount(first), budgets.swapAccount(first)])
    assert.deepEqual(made.toSorted(), [false, true])
    const second = { ...first, version: 1, json: '{"gone":2}' }
    const moved = await Promise.all([budgets.swapAccount(second), budgets.swapAccount(second)])
    assert.deepEqual(moved.toSorted(), [false, true])
    assert.equal(await budgets.swapAccount({ ...first, version: 1 }), false)
    assert.deepEqual(await budgets.account(key), { key, version: 2, json: '{"gone":2}' })
  })

  withStore(open, 'accounts are open until they end, or for ever', async ({ budgets }) => {
    const json = '{}'
    await budgets.swapAccount({ key, version: 0, json, end: 2000 })
    await budgets.swapAccount({ key: { ...key, start: 2000 }, version: 0, json, end: 3000 })
    await budgets.swapAccount({
      key: { ...key, budget: 'all', start: 0 },
      version: 0,
      json,
      end: null,
    })
    const starts = async (since: number) =>
      (await budgets.openAccounts(since)).map((one) => one.key.start)
    assert.deepEqual(await starts(1999), [0, 1000, 2000])
    assert.deepEqual(await starts(2000), [0, 2000])
    assert.deepEqual(await starts(3000), [0])
  })

  withStore(open, 'a cursor never goes back', async ({ budgets }) => {
    assert.equal(await budgets.cursor('gateway'), null)
    for (const seq of [0, 7, 3]) await budgets.moveCursor('gateway', seq)
    assert.equal(await budgets.cursor('gateway'), 7)
    assert.equal(await budgets.cursor('worker-1'), null)
  })

  definitionsContract(open)
}

function definitionsContract(open: OpenFresh): void {
  withStore(
    open,
    'a definition is replaced, removed, and each change is noticed',
    async (store) => {
      const { budgets } = store
      const stamps = new Set([await budgets.definitionsStamp()])
      const put = { tenant: 'default', id: 'team', json: '{"a":1}', at: 1000, by: 'local' }
      await budgets.putDefinition(put)
      stamps.add(await budgets.definitionsStamp())
      await budgets.putDefinition({ ...put, json: '{"a":2}' })
      stamps.add(await budgets.definitionsStamp())
      assert.deepEqual(await budgets.definitions(), [
        { tenant: 'default', id: 'team', json: '{"a":2}' },
      ])
      assert.equal(await budgets.removeDefinition('default', 'nobody'), false)
      assert.equal(await budgets.removeDefinition('default', 'team'), true)
      assert.deepEqual(await budgets.definitions(), [])
      assert.equal(stamps.size, 3)
    },
  )

  withStore(
    open,
    'an alert is queued once, and one sender has it at a time',
    async ({ budgets }) => {
      const alert = { id: 'budget_default_team_1_soft', tenant: 'default', body: '{}' }
      const added = await Promise.all([
        budgets.addAlert(alert, 1000),
        budgets.addAlert(alert, 1001),
      ])
      assert.deepEqual(added.toSorted(), [false, true])
      assert.equal(await budgets.claimAlert(999, 5000), null)
      const claims = await Promise.all([1, 2, 3].map(() => budgets.claimAlert(2000, 5000)))
      const [mine, ...none] = claims.toSorted((a) => (a ? -1 : 1))
      assert.deepEqual(none, [null, null])
      assert.deepEqual([mine?.id, mine?.tries, mine?.state], [alert.id, 1, 'due'])
      // its sender was never heard of again
      assert.equal((await budgets.claimAlert(5000, 9000))?.tries, 2)
      await budgets.postponeAlert(alert.id, 6000)
      assert.equal((await budgets.claimAlert(6000, 9000))?.tries, 3)
      await budgets.endAlert(alert.id, 'sent', 7000)
      assert.equal(await budgets.claimAlert(99_000, 100_000), null)
      assert.deepEqual(
        (await budgets.alerts('default', 10)).map(({ id, state }) => [id, state]),
        [[alert.id, 'sent']],
      )
      assert.deepEqual(await budgets.alerts('other', 10), [])
    },
  )
}
