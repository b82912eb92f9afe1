import assert from 'node:assert/strict'
import { LeaseClient } from '#quotas/lease-client.ts'
import type { LeaseAsk } from '#quotas/quota-window.ts'
import { QuotaWindow } from '#quotas/quota-window.ts'
import type { Quota } from '#quotas/quota.ts'
import type { OpenFresh } from '../contract.ts'
import { withStore } from './filled.ts'

const quota = (id: string, over: Partial<Quota> = {}): Quota => ({
  id,
  tenant: 'default',
  per: ['key', 'model'],
  match: { key: ['nightly-*'] },
  windowMs: 60_000,
  limits: { requests: 5, concurrentStreams: 2 },
  action: 'queue',
  queueLength: 3,
  maxWaitMs: 1_000,
  priority: 'batch',
  ...over,
})

const ask = (holder: string, over: Partial<LeaseAsk> = {}): LeaseAsk => ({
  holder,
  limit: 10,
  used: [],
  held: 0,
  need: 1,
  want: 4,
  ttlMs: 5_000,
  ...over,
})

const DAY_MS = 86_400_000

/** Quotas read back as they were written; counts are leased to one at a time, whoever asks at the same time. */
export function quotasContract(open: OpenFresh): void {
  writtenContract(open)
  leasedContract(open)
  keptContract(open)
}

function writtenContract(open: OpenFresh): void {
  withStore(
    open,
    'a quota reads back as it was written, is replaced and removed',
    async ({ quotas }) => {
      const first = { tenant: 'default', quota: quota('a'), at: 5, by: 'local' }
      await quotas.put(first)
      assert.deepEqual(await quotas.get('default', 'a'), first)
      assert.equal(await quotas.get('other', 'a'), null)
      const second = { ...first, quota: quota('a', { limits: { bytes: 1 } }), at: 6 }
      await quotas.put(second)
      await quotas.put({ ...first, tenant: 'other', quota: quota('b', { tenant: 'other' }) })
      const listed = await quotas.list({})
      assert.deepEqual(
        listed.map(({ tenant, quota: { id } }) => [tenant, id]),
        [
          ['default', 'a'],
          ['other', 'b'],
        ],
      )
      assert.deepEqual(listed[0], second)
      const rest = await quotas.list({ after: { tenant: 'default', id: 'a' }, limit: 5 })
      assert.deepEqual(
        rest.map(({ quota: { id } }) => id),
        ['b'],
      )
      const many = Array.from({ length: 1000 }, (_, at) => {
        const limits = { requests: at + 1 }
        return { tenant: 'default', quota: quota(`many-${at}`, { limits }), at: 7, by: 'local' }
      })
      await quotas.putAll(many)
      await quotas.putAll([{ ...second, at: 8 }, ...many.slice(0, 2)])
      assert.deepEqual(await quotas.get('default', 'many-999'), many[999])
      assert.deepEqual(await quotas.get('default', 'a'), { ...second, at: 8 })
      for (const {
        quota: { id },
      } of many)
        await quotas.remove('default', id)
      assert.equal(await quotas.remove('default', 'a'), true)
      assert.equal(await quotas.remove('default', 'a'), false)
    },
  )
}

function leasedContract(open: OpenFresh): void {
  withStore(
    open,
    'processes that ask at the same time get no more than there is',
    async ({ quotaWindows }) => {
      const processes = Array.from({ length: 12 }, (_, at) => `process-${at}`)
      const grants = await Promise.all(
        processes.map((holder) =>
          quotaWindows.lease([{ key: 'k', windowMs: DAY_MS, ask: ask(holder, { limit: 30 }) }]),
        ),
      )
      const granted = grants.flat().reduce((sum, grant) => sum + grant.granted, 0)
      assert.ok(granted >= 12 && granted <= 30, `granted ${granted}`)
      const total = Math.max(...grants.flat().map((grant) => grant.total))
      assert.equal(total, granted)
    },
  )

  withStore(
    open,
    'what was used stays counted, what was held goes back, and the same report counts once',
    async ({ quotaWindows }) => {
      const lease = async (over: Partial<LeaseAsk>, holder = 'a') => {
        const [grant] = await quotaWindows.lease([
          { key: 'k', windowMs: DAY_MS, ask: ask(holder, over) },
        ])
        assert.ok(grant)
        return grant
      }
      const first = await lease({ need: 4, want: 4 })
      assert.deepEqual([first.granted, first.total, first.report], [4, 4, 0])
      const slice = Math.floor(first.at / (DAY_MS / 20))
      const told = { used: [[1, slice, 3] as const], held: 0, need: 0, want: 0 }
      assert.deepEqual([(await lease(told)).total, (await lease(told)).total], [3, 3])
      assert.equal((await lease({ need: 8, want: 8 }, 'b')).granted, 0)
      assert.equal((await lease({ need: 7, want: 7 }, 'b')).granted, 7)
      const refused = await lease({ need: 1 }, 'c')
      assert.equal(refused.granted, 0)
      assert.ok(refused.freeInMs > 0)
    },
  )

  withStore(
    open,
    'two processes share a limit through the database to the last request',
    async ({ quotaWindows }) => {
      const now = () => performance.now()
      const clients = ['a', 'b'].map(
        (holder) => new LeaseClient({ holder, authority: quotaWindows, now }),
      )
      let letIn = 0
      for (let round = 0; round < 60; round += 1) {
        for (const client of clients) {
          const counter = client.counter('shared', DAY_MS)
          if (counter.check(1, 25, now()) < 0) await counter.refill(1, 25)
          if (counter.check(1, 25, now()) !== 0) continue
          counter.take(1, now())
          letIn += 1
        }
      }
      assert.ok(letIn <= 25)
      for (const client of clients) await client.close()
      const [kept] = await quotaWindows.all()
      assert.equal(kept && QuotaWindow.from(kept.windowMs, kept.state).total(kept.state.at), letIn)
    },
  )
}

function keptContract(open: OpenFresh): void {
  withStore(
    open,
    'counts are kept and taken up again, and forgotten when nothing is left',
    async ({ quotaWindows }) => {
      const window = new QuotaWindow(60_000)
      window.take(7, 1_000_000)
      const state = window.state()
      await quotaWindows.save([{ key: 'a\u0001b', windowMs: 60_000, state }])
      window.take(1, 1_000_001)
      await quotaWindows.save([{ key: 'a\u0001b', windowMs: 60_000, state: window.state() }])
      assert.deepEqual(await quotaWindows.all(), [
        { key: 'a\u0001b', windowMs: 60_000, state: window.state() },
      ])
      assert.equal(await quotaWindows.sweep(1_060_000), 0)
      assert.equal(await quotaWindows.sweep(1_070_000), 1)
      assert.deepEqual(await quotaWindows.all(), [])
    },
  )
}
