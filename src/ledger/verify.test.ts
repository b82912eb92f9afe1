import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { StoredRecord } from './event.ts'
import { hex, LINK_BYTES } from './hash.ts'
import type { LedgerHead, WalkedRecord } from './ports.ts'
import { countingBytes, countingIds, sampleAdmin } from './samples.ts'
import { verifyLedger } from './verify.ts'
import { createLedgerWriter } from './writer.ts'

/** Chains in arrays, so that a test can do to them what no store allows. */
function chainsOf(writers: readonly string[], length: number) {
  const rows = new Map<string, WalkedRecord[]>()
  const heads: LedgerHead[] = []
  for (const writer of writers) {
    const clock = () => 1_700_000_000_000
    const list: WalkedRecord[] = []
    let commit = () => {}
    const ledger = createLedgerWriter({
      store: {
        append: ({ records, head }) => {
          const hashes = [...records.slice(1).map(({ prev }) => prev), head.hash]
          for (const [i, { prev: _, ...record }] of records.entries()) {
            list.push({ seq: record.seq, record, link: hashes[i]!.subarray(0, LINK_BYTES) })
          }
          heads.push(head)
        },
      },
      writer,
      clock,
      newId: countingIds(clock),
      randomBytes: countingBytes(),
      head: null,
      scheduler: { soon: (run) => (commit = run), after: () => {} },
      lingerMs: 0,
    })
    for (let i = 0; i < length; i += 1) ledger.append(sampleAdmin(), { tenant: 'default' })
    commit()
    rows.set(writer, list)
  }
  const store = {
    heads: async () => heads,
    async *walk(writer: string, fromSeq: number) {
      for (const row of rows.get(writer) ?? []) if (row.seq >= fromSeq) yield row
    },
  }
  return { store, heads, list: rows.get(writers[0]!)! }
}

const edit = (list: WalkedRecord[], index: number, change: Partial<StoredRecord>) => {
  const { seq, record, link } = list[index]!
  list[index] = { seq, record: { ...record!, ...change }, link }
}

const problemOf = async (store: Parameters<typeof verifyLedger>[0]) => {
  const { ok, firstProblem } = await verifyLedger(store)
  assert.equal(ok, firstProblem === null)
  return firstProblem && [firstProblem.problem, firstProblem.seq]
}

const bytes = (fill: number) => new Uint8Array(32).fill(fill)

describe('verification', () => {
  test('passes untouched chains and gives their heads', async () => {
    const { store, heads } = chainsOf(['main', 'other'], 20)
    const report = await verifyLedger(store)
    assert.equal(report.ok, true)
    assert.equal(report.records, 40)
    assert.deepEqual(
      report.heads,
      heads.map(({ writer, seq, hash }) => ({ writer, seq, hash: hex(hash) })),
    )
  })

  test('names the record whose time, tenant, type, id or leaf was changed', async () => {
    const changes: Partial<StoredRecord>[] = [
      { leaf: bytes(9) },
      { at: 1 },
      { tenant: 'other' },
      { type: 'decision' },
      { id: '01890000-0000-7000-8000-0000000000ff' },
    ]
    for (const change of changes) {
      for (const index of [0, 5, 8, 9]) {
        const { store, list } = chainsOf(['main'], 10)
        edit(list, index, change)
        assert.deepEqual(await problemOf(store), ['changed', index + 1], JSON.stringify(change))
      }
    }
  })

  test('names the record whose link was changed', async () => {
    for (const index of [0, 5, 9]) {
      const { store, list } = chainsOf(['main'], 10)
      list[index] = { ...list[index]!, link: bytes(9).subarray(0, LINK_BYTES) }
      assert.deepEqual(await problemOf(store), ['changed', index + 1])
    }
  })

  test('names a gap, even when those after it were renumbered', async () => {
    const { store, list } = chainsOf(['main'], 10)
    list.splice(4, 1)
    assert.deepEqual(await problemOf(store), ['gap', 5])
    const again = chainsOf(['main'], 10)
    again.list.splice(4, 1)
    const moved = again.list.map(({ record, link }, i) => ({
      seq: i + 1,
      record: { ...record!, seq: i + 1 },
      link,
    }))
    again.list.splice(0, 9, ...moved)
    assert.deepEqual(await problemOf(again.store), ['changed', 5])
  })

  test('names records that changed places', async () => {
    const { store, list } = chainsOf(['main'], 10)
    const [third, seventh] = [list[2]!, list[6]!]
    list[2] = { ...seventh, seq: 3, record: { ...seventh.record!, seq: 3 } }
    list[6] = { ...third, seq: 7, record: { ...third.record!, seq: 7 } }
    assert.deepEqual(await problemOf(store), ['reordered', 3])
    const unsorted = chainsOf(['main'], 10)
    unsorted.list.reverse()
    assert.equal((await problemOf(unsorted.store))?.[0], 'reordered')
  })

  test('names a row that is no record, a record of another writer', async () => {
    const { store, list } = chainsOf(['main'], 10)
    list[3] = { ...list[3]!, record: null }
    assert.deepEqual(await problemOf(store), ['changed', 4])
    const other = chainsOf(['main'], 10)
    edit(other.list, 3, { writer: 'other' })
    assert.deepEqual(await problemOf(other.store), ['changed', 4])
  })

  test('passes erased records by their leaf, and counts them', async () => {
    const { store, list } = chainsOf(['main'], 10)
    edit(list, 3, { payload: null, salt: null })
    edit(list, 9, { payload: null, salt: null })
    const report = await verifyLedger(store)
    assert.deepEqual([report.ok, report.erased, report.records], [true, 2, 10])
    edit(list, 3, { leaf: bytes(1) })
    assert.deepEqual(await problemOf(store), ['changed', 4])
  })

  test('misses the records that were cut off below the noted head, or stand above it', async () => {
    const { store, list } = chainsOf(['main'], 10)
    list.pop()
    assert.deepEqual(await problemOf(store), ['missing-head', 10])
    const { store: above, heads } = chainsOf(['main'], 10)
    heads[0] = { ...heads[0]!, seq: 9 }
    assert.deepEqual(await problemOf(above), ['missing-head', 10])
  })

  test('tells a truncation with a rewritten head only by a checkpoint from outside', async () => {
    const { store, list, heads } = chainsOf(['main'], 10)
    const { heads: noted } = await verifyLedger(store)
    list.length = 6
    heads[0] = chainsOf(['main'], 6).heads[0]!
    const unanchored = await verifyLedger(store)
    assert.deepEqual([unanchored.ok, unanchored.anchored], [true, []])
    const anchored = await verifyLedger(store, { heads: noted })
    assert.deepEqual(anchored.firstProblem, {
      writer: 'main',
      seq: 7,
      id: null,
      problem: 'missing-head',
    })
    assert.deepEqual(anchored.anchored, ['main'])
  })

  test('tells a chain that was rewritten from the start by a checkpoint from outside', async () => {
    const { store } = chainsOf(['main'], 10)
    const checkpoint = { writer: 'main', seq: 4, hash: '00'.repeat(32) }
    assert.equal(
      (await verifyLedger(store, { heads: [checkpoint] })).firstProblem?.problem,
      'changed',
    )
    const gone = { writer: 'gone', seq: 4, hash: '00'.repeat(32) }
    assert.deepEqual((await verifyLedger(store, { heads: [gone] })).firstProblem, {
      writer: 'gone',
      seq: 1,
      id: null,
      problem: 'missing-head',
    })
  })
})
