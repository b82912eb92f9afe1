import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { CLASSES } from '#kernel/label.ts'
import { createFollower } from '#ledger/follower.ts'
import type { LedgerQuery } from '#ledger/ports.ts'
import { sampleAdmin, sampleDecision, sampleOutcome } from '#ledger/samples.ts'
import { DAY, dimensionsOf, HOUR, startOf, Tally, WEEK } from '#ledger/tally.ts'
import { uuidFloor, uuidText } from '../sql/ledger-row.ts'
import type { OpenFresh } from '../contract.ts'
import type { Store } from '../ports.ts'
import { START, withStore, writerOn } from './filled.ts'

/** Two chains with so many requests each, of every class, several keys and destinations, some refused. */
async function filled(store: Store, requests: number): Promise<void> {
  const writers = [await writerOn(store, 'one'), await writerOn(store, 'two')]
  for (let i = 0; i < requests; i += 1) {
    for (const [w, { append }] of writers.entries()) {
      const refused = i % 5 === 0
      const id = await append(
        sampleDecision({
          class: CLASSES[i % 4] ?? 'public',
          key: `key-${(i + w) % 3}`,
          model: `model-${i % 2}`,
          categories: i % 6 === 0 ? ['health'] : [],
          findings: i % 6 === 0 ? { FR_NIR: 2 } : {},
          destination: refused ? null : `place-${i % 7}`,
          refusal: refused ? 'no-eligible-destination' : null,
          ...(i % 3 === 0 ? { team: 'legal' } : {}),
        }),
        { tenant: i % 11 === 0 ? 'other' : 'default' },
      )
      await append(
        sampleOutcome(id, {
          status: refused ? 'refused' : 'answered',
          destination: refused ? null : `place-${i % 7}`,
          ...(i % 2 === 0 ? { costMicro: 100 } : {}),
        }),
        { tenant: i % 11 === 0 ? 'other' : 'default' },
      )
    }
  }
  await writers[0]?.append(sampleAdmin())
}

/** What is computed from the ledger says the same as the ledger. */
export function indexContract(open: OpenFresh): void {
  blocks(open)
  counts(open)
  sums(open)
  folding(open)
}

function blocks(open: OpenFresh): void {
  withStore(open, 'filters find the same with blocks as without, page by page', async (store) => {
    await filled(store, 30)
    const queries: LedgerQuery[] = [
      { class: 'restricted' },
      { class: 'restricted', key: 'key-1', tenant: 'default' },
      { category: 'health', refused: false },
      { destination: 'place-3' },
      { team: 'legal', model: 'model-1' },
      { tenant: 'other', type: 'outcome' },
      { type: 'admin' },
      { refused: true, since: START + 10_000, until: START + 40_000 },
      { key: 'nobody' },
    ]
    const answers = async () => {
      const all: string[][] = []
      for (const query of queries) {
        const seen: string[] = []
        let before: string | undefined
        do {
          const page = await store.ledger.read({ ...query, limit: 3, before })
          assert.ok(page.ok)
          seen.push(...page.value.rows.map(({ writer, seq }) => `${writer} ${seq}`))
          before = page.value.next ?? undefined
        } while (before !== undefined)
        all.push(seen)
      }
      return all
    }
    const without = await answers()
    assert.deepEqual(
      without.map(({ length }) => length > 0),
      [...queries.slice(0, -1).map(() => true), false],
    )
    await createFollower({ ...store, block: 7 }).catchUp()
    assert.deepEqual(await answers(), without)
  })
}

/** Sums of long ranges are put together of weeks, days and hours, and are those of the hours. */
function sums(open: OpenFresh): void {
  withStore(open, 'the most of any range is what its hours add up to', async (store) => {
    const monday = Date.UTC(2024, 0, 1)
    const tally = new Tally()
    const requests: { readonly at: number; readonly key: string }[] = []
    for (let i = 0; i < 400; i += 1) {
      const [at, key] = [monday + i * 5 * HOUR + i * 997, `key-${(i * i) % 5}`]
      const id = uuidText(Buffer.concat([uuidFloor(at), Buffer.alloc(10, 7)]))
      const event = sampleDecision({ key })
      tally.decision(dimensionsOf({ tenant: 'default', id }, event), event)
      requests.push({ at, key })
    }
    assert.ok(await store.index.count({ writer: 'main', from: 0, to: 1, rows: tally.drain() }))
    const time = fc.integer({ min: monday - 3 * DAY, max: monday + 90 * DAY })
    const range = { tenant: 'default', dimension: 'key' } as const
    await fc.assert(
      fc.asyncProperty(time, time, fc.constantFrom(HOUR, DAY), async (a, b, grain) => {
        const [since, until] = [Math.min(a, b), Math.max(a, b)]
        const wanted = new Map<string, number>()
        for (const { at, key } of requests) {
          const start = startOf(at, grain)
          if (start >= since && start < until) wanted.set(key, (wanted.get(key) ?? 0) + 1)
        }
        const tops = await store.index.tops({ ...range, grain, since, until }, 10)
        const sorted = [...wanted].toSorted(([x, n], [y, m]) => m - n || (x < y ? -1 : 1))
        assert.deepEqual(
          tops.map(({ value, figures }) => [value, figures.requests]),
          sorted,
        )
      }),
      { numRuns: 40 },
    )
    const weeks = { ...range, grain: WEEK, since: monday, until: monday + 10 * WEEK }
    const starts = (await store.index.rollups(weeks)).map(({ start }) =>
      new Date(start).getUTCDay(),
    )
    assert.ok(starts.length > 0 && starts.every((day) => day === 1))
  })
}

/** Hours go by whole days, and whoever asks for them gets the days. */
function folding(open: OpenFresh): void {
  withStore(open, 'hours that are folded are answered by their days', async (store) => {
    const monday = Date.UTC(2024, 0, 1)
    const tally = new Tally()
    for (let hour = 0; hour < 20 * 24; hour += 1) {
      const id = uuidText(Buffer.concat([uuidFloor(monday + hour * HOUR), Buffer.alloc(10, 7)]))
      for (const tenant of ['default', 'other']) {
        const event = sampleDecision({ key: `key-${hour % 3}` })
        tally.decision(dimensionsOf({ tenant, id }, event), event)
      }
    }
    assert.ok(await store.index.count({ writer: 'main', from: 0, to: 1, rows: tally.drain() }))
    const range = { tenant: 'default', dimension: 'key', since: monday, until: monday + 20 * DAY }
    const rowsOf = (grain: number) => store.index.rollups({ ...range, grain })
    const [hours, days] = [await rowsOf(HOUR), await rowsOf(DAY)]
    const tops = await store.index.tops({ ...range, grain: HOUR }, 10)
    const fold = monday + 8 * DAY
    const gone = await store.index.foldHours(fold)
    assert.ok(gone >= 2 * 8 * 24 * 2, `${gone} figures went`)
    assert.equal(await store.index.foldHours(fold), 0)
    assert.deepEqual(await rowsOf(DAY), days)
    assert.deepEqual(await rowsOf(HOUR), [
      ...days.filter(({ start }) => start < fold),
      ...hours.filter(({ start }) => start >= fold),
    ])
    assert.deepEqual(await store.index.tops({ ...range, grain: HOUR }, 10), tops)
    // a range that lies before what is kept, by the days that begin in it
    const before = { ...range, since: monday + HOUR, until: monday + 3 * DAY }
    assert.deepEqual(
      await store.index.rollups({ ...before, grain: HOUR, values: ['key-1', 'nobody'] }),
      days.filter(
        ({ start, value }) => start >= monday + DAY && start < before.until && value === 'key-1',
      ),
    )
    assert.equal((await store.index.foldHours(monday + 30 * DAY)) > 0, true)
    assert.deepEqual(await rowsOf(HOUR), days)
    assert.deepEqual(await store.index.tops({ ...range, grain: HOUR }, 10), tops)
  })
}

function counts(open: OpenFresh): void {
  withStore(open, 'counts are exact however often counting begins again', async (store) => {
    const range = { grain: HOUR, since: 0, until: START + DAY, tenant: 'default' } as const
    const figures = async (dimension: string) =>
      (await store.index.rollups({ ...range, dimension })).map(({ value, figures: of }) => [
        value,
        of.requests,
        of.refused,
        of.answered,
        of.promptTokens,
        of.costMicro,
        of.unpriced,
      ])
    const followers = [createFollower(store), createFollower(store)]
    for (let round = 0; round < 6; round += 1) {
      await filled(store, 5)
      // two that do not know of each other, and one that has just started
      await followers[round % 2]?.catchUp()
      await createFollower({ ...store, block: 4 }).catchUp()
    }
    await createFollower(store).catchUp()
    const sums = await figures('all')
    assert.deepEqual(sums, [['', 48, 0, 48, 576, 2400, 24]])
    assert.deepEqual(await figures('team'), [['legal', 12, 0, 12, 144, 0, 12]])
    const classes = await figures('class')
    assert.deepEqual(
      classes.map(([value]) => value),
      ['confidential', 'internal', 'public', 'restricted'],
    )
    const days = await store.index.rollups({ ...range, grain: DAY, dimension: 'all' })
    assert.deepEqual(
      days.map(({ figures: of }) => of.requests),
      [48],
    )
    const flow = await store.index.rollups({
      ...range,
      dimension: 'flow',
      values: ['internal>place-1'],
    })
    assert.deepEqual(
      flow.map(({ figures: of }) => of.answered),
      [12],
    )
    const slow = await store.index.rollups({
      ...range,
      dimension: 'total',
      values: ['place-1/1000'],
    })
    assert.deepEqual(
      slow.map(({ figures: of }) => of.requests),
      [12],
    )
    const tops = await store.index.tops({ ...range, dimension: 'key' }, 2)
    assert.deepEqual(
      tops.map(({ value, figures: of }) => [value, of.requests, of.promptTokens]),
      [
        ['key-1', 18, 216],
        ['key-2', 18, 216],
      ],
    )
  })
}
