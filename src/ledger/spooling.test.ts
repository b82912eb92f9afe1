import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { LedgerBatch } from './ports.ts'
import { countingBytes, countingIds, sampleAdmin, sampleDecision } from './samples.ts'
import { readSpoolLine, spoolLine } from './spool-line.ts'
import { createSpooling, type SpoolFile } from './spooling.ts'
import { createLedgerWriter } from './writer.ts'

/** A database that can go away, a disk that can be full, and a clock that moves by hand. */
function place() {
  const stored: LedgerBatch[] = []
  const kept: string[] = []
  const told: boolean[] = []
  const waits: (() => void)[] = []
  const trouble = { away: false, full: false, silentFor: 0 }
  let now = 0
  const file: SpoolFile = {
    append(line) {
      if (trouble.full) return Promise.reject(new Error('ENOSPC'))
      kept.push(line)
      return Promise.resolve()
    },
    async *lines() {
      yield* kept.slice()
    },
    clear: async () => void kept.splice(0),
    bytes: () => kept.length,
    close: async () => {},
  }
  const spooling = createSpooling({
    append: async (batch) => {
      now += trouble.silentFor
      if (trouble.away) throw new Error('away')
      stored.push(batch)
    },
    file,
    after: (_ms, run) => void waits.push(run),
    now: () => now,
    onChange: (isAway) => void told.push(isAway),
  })
  const writer = createLedgerWriter({
    store: spooling,
    writer: 'gateway-1',
    clock: () => 1_800_000_000_000,
    newId: countingIds(() => 1_800_000_000_000),
    randomBytes: countingBytes(),
    head: null,
    scheduler: { soon: (run) => setImmediate(run), after: (_ms, run) => void setImmediate(run) },
    lingerMs: 0,
  })
  const add = async (): Promise<boolean> => {
    const receipt = writer.append(sampleDecision(), { tenant: 'default' })
    assert.ok(receipt.ok)
    return (await receipt.value.durable).ok
  }
  const probe = async () => {
    for (const run of waits.splice(0)) run()
    for (let i = 0; i < 20; i += 1) await new Promise((resolve) => void setImmediate(resolve))
  }
  const seqs = () => stored.flatMap(({ records }) => records.map(({ seq }) => seq))
  return { stored, kept, told, trouble, add, probe, seqs, spooling }
}

describe('a database that goes away', () => {
  test('leaves the records here, which are no evidence yet, and has them in order when it is back', async () => {
    const { trouble, add, probe, seqs, kept, told, spooling } = place()
    assert.equal(await add(), true)
    trouble.away = true
    assert.equal(await add(), false)
    assert.equal(await add(), false)
    assert.deepEqual([kept.length, spooling.isAway(), told], [2, true, [true]])
    await probe()
    assert.deepEqual(seqs(), [1], 'still away')
    trouble.away = false
    await probe()
    assert.deepEqual(seqs(), [1, 2, 3])
    assert.deepEqual([kept.length, spooling.isAway(), told], [0, false, [true, false]])
    assert.equal(await add(), true)
    assert.deepEqual(seqs(), [1, 2, 3, 4])
  })

  test('and does not even refuse is not waited for twice', async () => {
    const { trouble, add, kept, seqs, probe, told } = place()
    trouble.away = true
    trouble.silentFor = 5000
    // the writer gives a failed batch more tries; each would be another silence
    assert.equal(await add(), false)
    assert.deepEqual([kept.length, told], [1, [true]])
    trouble.away = false
    await probe()
    assert.deepEqual(seqs(), [1])
  })

  test('that goes away again while it takes them is sent what it has not', async () => {
    const { trouble, add, probe, seqs, stored, kept } = place()
    trouble.away = true
    for (let i = 0; i < 3; i += 1) await add()
    const push = stored.push.bind(stored)
    stored.push = (...batches) => {
      trouble.away = true
      stored.push = push
      return push(...batches)
    }
    trouble.away = false
    await probe()
    assert.deepEqual(seqs(), [1])
    assert.equal(kept.length, 3)
    trouble.away = false
    await probe()
    assert.deepEqual(seqs(), [1, 2, 3])
    assert.equal(kept.length, 0)
  })

  test('while the disk is full too refuses, and loses nothing that was taken', async () => {
    const { trouble, add, probe, seqs } = place()
    trouble.away = true
    await add()
    trouble.full = true
    assert.equal(await add(), false)
    trouble.full = false
    assert.equal(await add(), false)
    trouble.away = false
    await probe()
    assert.deepEqual(seqs(), [1, 2, 3])
  })
})

test('a line of the spool reads back whole or not at all', () => {
  const batches: LedgerBatch[] = []
  const writer = createLedgerWriter({
    store: { append: (batch) => void batches.push(batch) },
    writer: 'gateway-1',
    clock: () => 1_800_000_000_000,
    newId: countingIds(() => 1_800_000_000_000),
    randomBytes: countingBytes(),
    head: null,
    scheduler: { soon: (run) => run(), after: () => {} },
    lingerMs: 0,
  })
  writer.append(sampleAdmin({ subject: 'é "\u2028\n' }), { tenant: 'default' })
  const [batch] = batches
  assert.ok(batch)
  const line = spoolLine(batch)
  assert.equal(line.includes('\n'), false)
  const read = readSpoolLine(line)
  assert.deepEqual(spoolLine(read ?? batch), line)
  assert.deepEqual(read?.records[0]?.payload, batch.records[0]?.payload)
  for (let end = 0; end < line.length; end += 1)
    assert.equal(readSpoolLine(line.slice(0, end)), null)
})
