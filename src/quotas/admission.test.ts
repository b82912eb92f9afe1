import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Admissions, isRefused } from './admission.ts'
import type { ActualUse, RequestSize } from './amounts.ts'
import { enter, type Entered } from './entered.ts'
import { LiveQuotas } from './live-quotas.ts'
import { quotaFor, subjectFor } from './quota.fixture.ts'
import type { Quota, Subject } from './quota.ts'
import { WindowBook } from './window-book.ts'

const stay = new AbortController().signal
const SIZE: RequestSize = {
  model: 'm',
  inputTokens: 10,
  outputLimit: 100,
  bytes: 50,
  stream: false,
}
const answered = (outputTokens: number): ActualUse => ({
  sent: true,
  inputTokens: 10,
  outputTokens,
  producedTokens: 0,
  answerBytes: 20,
})

/** Admissions on a clock that the test moves; sleepers wake when their time has come. */
function house(quotas: readonly Quota[]) {
  let now = 1_000_000
  let sleepers: { readonly at: number; readonly wake: () => void }[] = []
  const live = new LiveQuotas()
  for (const quota of quotas) live.put(quota)
  const book = new WindowBook(() => now)
  const admissions = new Admissions({
    quotas: () => live.current,
    counters: book,
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        sleepers.push({ at: now + ms, wake: resolve })
        signal.addEventListener('abort', () => resolve(), { once: true })
      }),
  })
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
  }
  return {
    admissions,
    live,
    book,
    settle,
    later: async (ms: number): Promise<void> => {
      const until = now + ms
      for (;;) {
        await settle()
        const next = sleepers.toSorted((a, b) => a.at - b.at)[0]
        if (!next || next.at > until) break
        sleepers = sleepers.filter((one) => one !== next)
        now = Math.max(now, next.at)
        next.wake()
      }
      now = until
      await settle()
    },
    come: (who: Partial<Subject> = {}, over: Partial<RequestSize> = {}, signal = stay) =>
      enter(admissions, subjectFor(who), { ...SIZE, ...over }, signal),
  }
}

function inside(entered: unknown): Entered {
  assert.ok(typeof entered === 'object' && entered !== null && 'end' in entered)
  return entered as Entered
}

function codeOf(entered: unknown): string | undefined {
  assert.ok(typeof entered === 'object' && entered !== null && isRefused(entered))
  return entered.refusal?.code
}

describe('letting requests in', () => {
  test('takes from all counts or from none', () => {
    const { come, book } = house([
      quotaFor({ id: 'wide', limits: { requests: 10 } }),
      quotaFor({ id: 'tight', per: ['key'], limits: { requests: 1 } }),
    ])
    inside(come())
    assert.equal(codeOf(come()), 'rate-limited')
    assert.equal(book.usage('\u0001wide')[0]?.total, 1)
    inside(come({ key: 'other' }))
    assert.equal(book.usage('\u0001wide')[0]?.total, 2)
  })

  test('says which quota, how much in what time, and when to come back', () => {
    const { come } = house([quotaFor({ id: 'tight', limits: { requests: 1 } })])
    inside(come())
    const refused = come()
    assert.ok(refused !== null && !(refused instanceof Promise) && isRefused(refused))
    const detail = { quota: 'tight', measure: 'requests', limit: 1, window: '1m' }
    assert.deepEqual(refused.refusal?.detail, detail)
    const seconds = refused.refusal.retryAfterSeconds ?? 0
    assert.ok(seconds >= 60 && seconds <= 63)
    assert.deepEqual(refused.told?.binding.remaining, 0)
  })

  test('tells of each kind the limit of which the least is left', () => {
    const { come } = house([
      quotaFor({ id: 'a', limits: { requests: 10, totalTokens: 1_000 } }),
      quotaFor({ id: 'b', limits: { requests: 4, outputTokens: 120 } }),
    ])
    const told = inside(come()).told()
    assert.deepEqual([told?.requests?.quota, told?.requests?.remaining], ['b', 3])
    assert.deepEqual([told?.tokens?.quota, told?.tokens?.remaining], ['b', 20])
    assert.equal(told?.outputTokens?.quota, 'b')
    assert.equal(told?.binding.measure, 'outputTokens')
  })

  test('settles tokens on what was produced, more or less than was taken', () => {
    const { come, book } = house([quotaFor({ limits: { outputTokens: 1_000, bytes: 10_000 } })])
    const used = (measure: string): number | undefined =>
      book.usage('').find(({ key }) => key.includes(measure))?.total
    const first = inside(come())
    assert.equal(used('outputTokens'), 100)
    first.end(answered(7), 'd')
    first.end(answered(900), 'd')
    assert.deepEqual([used('outputTokens'), used('bytes')], [7, 70])
    const cut = inside(come({}, { outputLimit: null }))
    cut.end({ ...answered(0), outputTokens: null, producedTokens: 600 }, 'd')
    assert.equal(used('outputTokens'), 607)
  })

  test('learns how long answers are where the caller does not say', () => {
    const { come, admissions } = house([quotaFor({ limits: { outputTokens: 10_000 } })])
    assert.equal(admissions.average.estimate('m'), 512)
    for (let at = 0; at < 50; at += 1) inside(come()).end(answered(40), 'd')
    assert.equal(admissions.average.estimate('m'), 40)
  })

  test('what is open is free again when it ends, once', () => {
    const { come } = house([quotaFor({ limits: { concurrentRequests: 1 } })])
    const first = inside(come())
    assert.equal(codeOf(come()), 'rate-limited')
    first.end(answered(1), 'd')
    first.end(answered(1), 'd')
    inside(come())
    assert.equal(codeOf(come()), 'rate-limited')
  })

  test('a change of the quotas is in force for the next request, and counts go on', () => {
    const { come, live } = house([quotaFor({ limits: { requests: 1 } })])
    inside(come())
    live.put(quotaFor({ limits: { requests: 3 } }))
    inside(come())
    inside(come())
    assert.equal(codeOf(come()), 'rate-limited')
    live.remove(null, 'q')
    assert.equal(come(), null)
  })

  test('a destination that is used up is passed over, and comes back', async () => {
    const there = quotaFor({
      per: ['destination'],
      match: { destination: ['d'] },
      limits: { requests: 1 },
    })
    const { come, later } = house([there])
    const first = inside(come())
    assert.equal(isRefused(first.enter('m', 'd')), false)
    const second = inside(come())
    const refused = second.enter('m', 'd')
    assert.ok(isRefused(refused))
    assert.equal(refused.refusal?.code, 'rate-limited')
    assert.equal(isRefused(second.enter('m', 'elsewhere')), false)
    await later(64_000)
    assert.equal(isRefused(second.enter('m', 'd')), false)
  })
})

describe('waiting in line', () => {
  const line = (over: Partial<Quota> = {}): Quota =>
    quotaFor({ limits: { requests: 1 }, windowMs: 1_000, action: 'queue', ...over })

  test('each is let in when there is room, in turn, people before batch work', async () => {
    const { come, later, settle } = house([
      line(),
      quotaFor({ id: 'jobs', match: { key: ['job-*'] }, limits: {}, priority: 'batch' }),
    ])
    inside(come())
    const order: string[] = []
    const wait = (key: string): void => {
      void Promise.resolve(come({ key })).then((entered) => {
        order.push(`${key}${entered !== null && isRefused(entered) ? ' refused' : ''}`)
      })
    }
    for (const key of ['job-1', 'job-1', 'job-2', 'ann', 'ann', 'bob']) wait(key)
    await settle()
    assert.deepEqual(order, [])
    await later(7_000)
    assert.deepEqual(order, ['ann', 'bob', 'ann', 'job-1', 'job-2', 'job-1'])
  })

  test('no more than the queue holds, no longer than the longest wait, and not after the caller left', async () => {
    const { come, later, book } = house([line({ queueLength: 2, maxWaitMs: 300 })])
    inside(come())
    const leaving = new AbortController()
    const [waiting, leaver] = [come(), come({}, {}, leaving.signal)]
    assert.equal(codeOf(await come()), 'rate-limited')
    leaving.abort()
    await later(400)
    const [late, left] = [await waiting, await leaver]
    assert.equal(codeOf(late), 'rate-limited')
    assert.equal(codeOf(left), undefined)
    await later(2_000)
    assert.equal(book.usage('')[0]?.total, 0)
  })

  test('who comes later does not overtake who waits', async () => {
    const { come, later } = house([line({ limits: { concurrentRequests: 1 } })])
    const first = inside(come())
    const second = come()
    assert.ok(second instanceof Promise)
    first.end(answered(1), 'd')
    const third = come()
    assert.ok(third instanceof Promise)
    await later(10)
    inside(await second).end(answered(1), 'd')
    await later(10)
    inside(await third)
  })
})

describe('counts that are kept', () => {
  test('are the same after a restart, on another clock', () => {
    let now = 500_000
    const before = new WindowBook(() => now)
    before.counter('long', 3_600_000).take(7, now)
    before.counter('short', 1_000).take(7, now)
    const saved = before.changed(1_700_000_000_000)
    assert.deepEqual(
      saved.map(({ key }) => key),
      ['long'],
    )
    assert.deepEqual(before.changed(1_700_000_000_000), [])
    now = 12
    const after = new WindowBook(() => now)
    after.restore(saved, 1_700_000_600_000)
    assert.equal(after.usage('long')[0]?.total, 7)
    now += 2_900_000
    assert.equal(after.usage('long')[0]?.total, 7)
    now += 500_000
    assert.equal(after.usage('long')[0]?.total, 0)
  })
})
