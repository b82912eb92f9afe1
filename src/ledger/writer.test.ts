import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { LedgerBatch, LedgerHead } from './ports.ts'
import { hex, recordHash } from './hash.ts'
import {
  countingBytes,
  countingIds,
  sampleAdmin,
  sampleDecision,
  sampleOutcome,
} from './samples.ts'
import type { Scheduler } from './scheduler.ts'
import { createLedgerWriter, type LedgerReceipt, type LedgerWriterOptions } from './writer.ts'

const TENANT = { tenant: 'default' }

/** Runs what is due when the test says so; `delays` are the waits that were asked for. */
function handDriven() {
  const due: (() => void)[] = []
  const later: (() => void)[] = []
  const delays: number[] = []
  const scheduler: Scheduler = {
    soon: (run) => due.push(run),
    after: (delay, run) => {
      delays.push(delay)
      later.push(run)
    },
  }
  const turn = () => due.splice(0).forEach((run) => run())
  const wait = () => later.splice(0).forEach((run) => run())
  return { scheduler, turn, wait, delays }
}

function setUp(over: Partial<LedgerWriterOptions> = {}) {
  const batches: LedgerBatch[] = []
  const disk = { broken: false }
  const driver = handDriven()
  const clock = () => 1_700_000_000_000
  const append = (batch: LedgerBatch) => {
    if (disk.broken) throw new Error('database or disk is full')
    batches.push(batch)
  }
  const writer = createLedgerWriter({
    store: { append },
    writer: 'main',
    clock,
    newId: countingIds(clock),
    randomBytes: countingBytes(),
    head: null,
    scheduler: driver.scheduler,
    lingerMs: 0,
    ...over,
  })
  const add = (): LedgerReceipt => {
    const receipt = writer.append(sampleAdmin(), TENANT)
    assert.ok(receipt.ok)
    return receipt.value
  }
  const stored = () => batches.flatMap(({ records }) => records)
  return { writer, add, batches, stored, disk, ...driver }
}

const settled = async (receipt: LedgerReceipt) =>
  Promise.race([receipt.durable, Promise.resolve('waiting' as const)])

describe('a ledger writer', () => {
  test('commits everything of one turn in one batch, each record linked to the one before', async () => {
    const { add, turn, batches } = setUp()
    const receipts = [add(), add(), add()]
    assert.equal(await settled(receipts[0]!), 'waiting')
    turn()
    assert.equal(batches.length, 1)
    const [first, second, third] = batches[0]!.records
    assert.deepEqual([first!.seq, second!.seq, third!.seq], [1, 2, 3])
    assert.equal(hex(first!.prev), '00'.repeat(32))
    assert.equal(hex(second!.prev), hex(recordHash(first!)))
    assert.equal(hex(third!.prev), hex(recordHash(second!)))
    assert.equal(hex(batches[0]!.head.hash), hex(recordHash(third!)))
    assert.deepEqual(await receipts[2]!.durable, { ok: true, value: undefined })
    assert.equal(receipts[1]!.leaf, hex(second!.leaf))
  })

  test('lets records that nobody waits for share a commit', async () => {
    const { add, turn, wait, batches, delays, writer } = setUp({ lingerMs: 10 })
    const [first] = [add(), add()]
    turn()
    assert.equal(batches.length, 0)
    assert.deepEqual(delays, [10], 'one wait for both')
    wait()
    turn()
    assert.equal(batches.length, 1)
    assert.ok((await first.durable).ok, 'known to be durable although nobody had asked')
    assert.equal(writer.status().queued, 0)
  })

  test('commits at once what somebody waits for, with all that is queued', async () => {
    const { add, turn, batches, writer } = setUp({ lingerMs: 10 })
    add()
    const { durable } = add()
    turn()
    assert.deepEqual(
      batches.map(({ records }) => records.length),
      [2],
    )
    assert.ok((await durable).ok)
    add()
    const flushed = writer.flush()
    turn()
    await flushed
    assert.equal(batches.length, 2)
    await writer.flush()
  })

  test('does not linger over a full batch, nor when it closes', async () => {
    const { add, turn, batches, writer } = setUp({ lingerMs: 10 })
    for (let i = 0; i < 500; i += 1) add()
    turn()
    assert.equal(batches.length, 1)
    add()
    const closed = writer.close()
    turn()
    assert.ok((await closed).ok)
    assert.equal(batches.length, 2)
  })

  test('goes on where the stored head says', () => {
    const hash = Uint8Array.from({ length: 32 }, (_, i) => i)
    const head: LedgerHead = { writer: 'main', seq: 41, hash }
    const { add, turn, stored } = setUp({ head })
    add()
    turn()
    assert.equal(stored()[0]!.seq, 42)
    assert.equal(hex(stored()[0]!.prev), hex(hash))
  })

  test('never uses a salt twice', () => {
    const { add, turn, stored } = setUp({
      randomBytes: (n) => crypto.getRandomValues(new Uint8Array(n)),
    })
    for (let i = 0; i < 300; i += 1) add()
    turn()
    assert.equal(new Set(stored().map(({ salt }) => hex(salt!))).size, 300)
  })

  test('files an outcome under the id of its decision', () => {
    const { writer, turn, stored } = setUp()
    const id = '01890000-0000-7000-8000-0000000000ff'
    writer.append(sampleDecision(), { ...TENANT, id })
    writer.append(sampleOutcome(id), TENANT)
    turn()
    assert.deepEqual(
      stored().map((record) => record.id),
      [id, id],
    )
  })

  test('takes no id that is not a UUID', () => {
    const { writer } = setUp()
    assert.throws(() => writer.append(sampleAdmin(), { ...TENANT, id: 'req-1' }), TypeError)
    assert.equal(writer.status().seq, 0)
  })

  test('keeps order and leaves no gap when the store fails for a while', async () => {
    const { add, turn, wait, disk, stored, delays, writer } = setUp()
    disk.broken = true
    const early = add()
    turn()
    const late = add()
    wait()
    assert.equal(await settled(early), 'waiting')
    assert.equal(writer.status().lastError, 'database or disk is full')
    disk.broken = false
    wait()
    assert.deepEqual(
      stored().map(({ seq }) => seq),
      [1, 2],
    )
    assert.ok((await early.durable).ok && (await late.durable).ok)
    assert.deepEqual(delays, [20, 40])
    assert.deepEqual(writer.status(), { queued: 0, seq: 2, failures: 0, lastError: null })
  })

  test('refuses those who wait after five tries, and still writes their records later', async () => {
    const { add, turn, wait, disk, stored } = setUp()
    disk.broken = true
    const receipt = add()
    turn()
    for (let tries = 1; tries < 5; tries += 1) {
      assert.equal(await settled(receipt), 'waiting')
      wait()
    }
    const refused = await receipt.durable
    assert.ok(!refused.ok)
    assert.equal(refused.error.code, 'ledger-unavailable')
    const next = add()
    wait()
    assert.equal((await next.durable).ok, false, 'an outage that goes on refuses at the next try')
    disk.broken = false
    wait()
    assert.deepEqual(
      stored().map(({ seq }) => seq),
      [1, 2],
    )
  })

  test('waits a second at most between tries', () => {
    const { add, turn, wait, disk, delays } = setUp()
    disk.broken = true
    add()
    turn()
    for (let tries = 0; tries < 9; tries += 1) wait()
    assert.equal(Math.max(...delays), 1000)
  })

  test('refuses records beyond its queue, and chains none of those', () => {
    const { writer, add, turn, stored } = setUp({ maxQueued: 3 })
    for (let i = 0; i < 3; i += 1) add()
    const refused = writer.append(sampleAdmin(), TENANT)
    assert.ok(!refused.ok)
    assert.equal(refused.error.code, 'ledger-unavailable')
    turn()
    add()
    turn()
    assert.deepEqual(
      stored().map(({ seq }) => seq),
      [1, 2, 3, 4],
    )
  })

  test('splits a long queue into batches without changing its order', () => {
    const { add, turn, batches, stored } = setUp()
    for (let i = 0; i < 1200; i += 1) add()
    for (let i = 0; i < 3; i += 1) turn()
    assert.deepEqual(
      batches.map(({ records }) => records.length),
      [500, 500, 200],
    )
    assert.ok(stored().every(({ seq }, i) => seq === i + 1))
  })

  test('works with a store that answers later, one batch at a time', async () => {
    const answers: ((error?: Error) => void)[] = []
    const seen: number[] = []
    const append = (batch: LedgerBatch) => {
      seen.push(batch.records.length)
      return new Promise<void>((resolve, reject) => {
        answers.push((error) => (error ? reject(error) : resolve()))
      })
    }
    const { add, turn, wait } = setUp({ store: { append } })
    const first = add()
    turn()
    add()
    turn()
    assert.deepEqual(seen, [1], 'the second batch waits for the first')
    answers[0]!(new Error('connection lost'))
    await new Promise(setImmediate)
    wait()
    assert.deepEqual(seen, [1, 2], 'the failed batch goes again, with its neighbours')
    answers[1]!()
    assert.ok((await first.durable).ok)
  })

  test('tells listeners what was committed, and no listener can stop it', async () => {
    const { writer, add, turn } = setUp()
    const heard: number[] = []
    writer.onCommitted(() => {
      throw new Error('a broken view')
    })
    const stop = writer.onCommitted((committed) => {
      heard.push(...committed.map(({ record }) => record.seq))
    })
    const receipt = add()
    assert.deepEqual(heard, [])
    turn()
    assert.deepEqual(heard, [1])
    assert.ok((await receipt.durable).ok)
    stop()
    add()
    turn()
    assert.deepEqual(heard, [1])
  })

  test('closes after the last record is in, and takes no more', async () => {
    const { writer, add, turn, stored } = setUp()
    add()
    const closed = writer.close()
    const refused = writer.append(sampleAdmin(), TENANT)
    assert.ok(!refused.ok)
    assert.equal(refused.error.code, 'shutting-down')
    turn()
    assert.ok((await closed).ok)
    assert.equal(stored().length, 1)
    assert.ok((await writer.close()).ok)
  })

  test('does not close for ever when the disk is gone', async () => {
    const { writer, add, turn, wait, disk } = setUp()
    disk.broken = true
    add()
    const closed = writer.close()
    turn()
    for (let tries = 0; tries < 4; tries += 1) wait()
    assert.equal((await closed).ok, false)
  })
})
