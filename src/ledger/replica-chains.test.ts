import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ChainLost } from './chain-lost.ts'
import type { LedgerRecord } from './event.ts'
import { GENESIS, LINK_BYTES, sameBytes } from './hash.ts'
import type { LedgerBatch, WriterLeases } from './ports.ts'
import { createReplicaChains } from './replica-chains.ts'
import { countingBytes, countingIds, sampleAdmin } from './samples.ts'
import { verifyLedger } from './verify.ts'
import { createLedgerWriter } from './writer.ts'

/** A database that several processes share, as small as its promises are. */
function sharedDatabase() {
  const chains = new Map<string, { records: LedgerRecord[]; hash: Uint8Array; fence: number }>()
  const trouble = { before: false, after: false }
  const free = new Set<string>()
  const leases: WriterLeases = {
    acquire() {
      const [name = `gateway-${chains.size + 1}`] = free
      free.delete(name)
      const chain = chains.get(name) ?? { records: [], hash: GENESIS, fence: 0 }
      chain.fence += 1
      chains.set(name, chain)
      const head = { writer: name, seq: chain.records.length, hash: chain.hash }
      return Promise.resolve({ head, fence: chain.fence })
    },
    holders: () => Promise.resolve([]),
    renew: ({ head, fence }) => Promise.resolve(chains.get(head.writer)?.fence === fence),
    release({ head }) {
      free.add(head.writer)
      return Promise.resolve()
    },
  }
  const append = async (batch: LedgerBatch): Promise<void> => {
    if (trouble.before) throw new Error('away')
    const chain = chains.get(batch.writer)
    if (!chain || chain.fence !== batch.fence) throw new ChainLost(batch.writer)
    const fresh = batch.records.filter(({ seq }) => seq > chain.records.length)
    const [first] = fresh
    if (first) {
      const follows = first.seq === chain.records.length + 1 && sameBytes(first.prev, chain.hash)
      if (!follows) throw new ChainLost(batch.writer)
      chain.records.push(...fresh)
      chain.hash = batch.head.hash
    }
    if (trouble.after) throw new Error('the answer was lost')
  }
  const byId = (id: string) =>
    Promise.resolve(
      [...chains.values()].flatMap(({ records }) => records).filter((record) => record.id === id),
    )
  const verified = () =>
    verifyLedger({
      heads: () =>
        Promise.resolve(
          [...chains].map(([writer, { records, hash }]) => ({ writer, seq: records.length, hash })),
        ),
      async *walk(writer, fromSeq) {
        const { records = [], hash } = chains.get(writer) ?? {}
        for (const record of records.slice(fromSeq - 1)) {
          const link = (records[record.seq]?.prev ?? hash)?.subarray(0, LINK_BYTES) ?? null
          yield { seq: record.seq, record, link }
        }
      },
    })
  const idsOf = () =>
    [...chains.values()].flatMap(({ records }) => records.map(({ id }) => id)).toSorted()
  return { store: { append, byId }, leases, trouble, free, verified, idsOf, chains }
}

async function writerOn(database: ReturnType<typeof sharedDatabase>, holder: string, from = 0) {
  const chains = createReplicaChains({
    ...database,
    holder: () => ({ process: holder, configuration: '' }),
  })
  const head = await chains.open()
  const waits: (() => void)[] = []
  const writer = createLedgerWriter({
    store: { append: (batch) => chains.append(batch) },
    writer: head.writer,
    clock: () => 1_800_000_000_000,
    newId: countingIds(() => 1_800_000_000_000 + from),
    randomBytes: countingBytes(),
    head,
    scheduler: { soon: (run) => setImmediate(run), after: (_ms, run) => void waits.push(run) },
    lingerMs: 0,
  })
  const add = async () => {
    const receipt = writer.append(sampleAdmin(), { tenant: 'default' })
    assert.ok(receipt.ok)
    return receipt.value
  }
  const again = () => {
    for (const run of waits.splice(0)) run()
  }
  return { chains, add, again, name: head.writer }
}

describe('the chains of one process among many', () => {
  test('a chain in other hands is left to them, and what was waiting goes on in another one', async () => {
    const database = sharedDatabase()
    const paused = await writerOn(database, 'a')
    const first = await paused.add()
    await first.durable
    database.free.add(paused.name)
    const other = await writerOn(database, 'b', 5000)
    assert.equal(other.name, paused.name)
    await (
      await other.add()
    ).durable
    const receipts = [await paused.add(), await paused.add()]
    for (const { durable } of receipts) assert.ok((await durable).ok)
    const late = await paused.add()
    assert.ok((await late.durable).ok)
    const report = await database.verified()
    assert.deepEqual([report.ok, report.records], [true, 5])
    const kept = [...database.chains.values()].flatMap(({ records }) => records)
    for (const { id, leaf } of [first, ...receipts, late]) {
      const record = kept.find((one) => one.id === id)
      assert.equal(Buffer.from(record?.leaf ?? []).toString('hex'), leaf, 'the receipt still holds')
    }
  })

  test('an append whose answer was lost, and then its chain, is not stored twice', async () => {
    const database = sharedDatabase()
    const paused = await writerOn(database, 'a')
    database.trouble.after = true
    const stored = await paused.add()
    await new Promise((resolve) => void setImmediate(() => setImmediate(resolve)))
    assert.equal(database.idsOf().length, 1)
    database.trouble.after = false
    database.free.add(paused.name)
    await writerOn(database, 'b', 5000)
    const fresh = await paused.add()
    paused.again()
    assert.ok((await stored.durable).ok)
    assert.ok((await fresh.durable).ok)
    const report = await database.verified()
    assert.deepEqual([report.ok, report.records], [true, 2])
    assert.deepEqual(database.idsOf(), [stored.id, fresh.id].toSorted())
  })

  test('a database that is away is waited for, and a chain that was left is taken up again', async () => {
    const database = sharedDatabase()
    const one = await writerOn(database, 'a')
    database.trouble.before = true
    const waiting = await one.add()
    await new Promise((resolve) => void setImmediate(() => setImmediate(resolve)))
    database.trouble.before = false
    one.again()
    assert.ok((await waiting.durable).ok)
    await one.chains.close(one.name)
    const next = await writerOn(database, 'b', 5000)
    assert.equal(next.name, one.name)
    await (
      await next.add()
    ).durable
    assert.deepEqual([(await database.verified()).ok, database.idsOf().length], [true, 2])
    await assert.rejects(
      one.chains.append({
        writer: one.name,
        records: [],
        head: { writer: one.name, seq: 0, hash: GENESIS },
      }),
      ChainLost,
    )
  })
})
