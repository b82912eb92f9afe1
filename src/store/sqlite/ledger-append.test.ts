import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import type { LedgerBatch } from '#ledger/ports.ts'
import { sampleAdmin } from '#ledger/samples.ts'
import { createLedgerWriter } from '#ledger/writer.ts'
import { openDatabase } from './database.ts'
import { createLedgerAppend } from './ledger-append.ts'
import { openLogSync } from './log-sync.ts'
import { temporaryDirectory } from './temporary.ts'

test('a batch is acknowledged once the log is on the disk, and not before', async (t) => {
  const { database } = opened(t)
  const synced = Promise.withResolvers<void>()
  let acknowledged = false
  const append = createLedgerAppend(database, { sync: () => synced.promise })
  const done = append(batch()).then(() => {
    acknowledged = true
  })
  await new Promise(setImmediate)
  assert.equal(acknowledged, false)
  assert.equal(recordsIn(database), 1)
  synced.resolve()
  await done
  assert.equal(acknowledged, true)
})

test('every other commit is still synced by the database itself', async (t) => {
  const { database, path } = opened(t)
  const log = openLogSync(path)
  const append = createLedgerAppend(database, log)
  const synchronous = () => database.prepare('PRAGMA synchronous').get()?.['synchronous']
  const full = synchronous()
  await append(batch())
  assert.equal(synchronous(), full)
  const broken = batch()
  await assert.rejects(append({ ...broken, records: [{ ...broken.records[0]!, seq: 9 }] }))
  assert.equal(synchronous(), full)
  await log.close()
})

test('after a disk said no, a repeated batch is acknowledged only when it is outside the log', async (t) => {
  const { database, path } = opened(t)
  let isBroken = true
  const append = createLedgerAppend(database, {
    sync: () => (isBroken ? Promise.reject(new Error('EIO')) : Promise.resolve()),
  })
  const same = batch()
  await assert.rejects(append(same), /EIO/)
  assert.equal(recordsOfFileAlone(path), 0)
  isBroken = false
  await append(same)
  assert.equal(recordsIn(database), 1)
  assert.equal(recordsOfFileAlone(path), 1)
})

test('the log of a database is synced whether or not it was written to before', async (t) => {
  const { path } = opened(t)
  const log = openLogSync(path)
  await log.sync()
  await log.sync()
  await log.close()
})

function opened(t: TestContext) {
  const directory = temporaryDirectory()
  const path = join(directory.path, 'ecluse.db')
  const database = openDatabase({ path })
  assert.ok(database.ok)
  t.after(() => {
    database.value.close()
    directory.remove()
  })
  return { database: database.value, path }
}

function batch(): LedgerBatch {
  const batches: LedgerBatch[] = []
  const writer = createLedgerWriter({
    store: { append: (one) => void batches.push(one) },
    writer: 'main',
    clock: () => 1_800_000_000_000,
    newId: () => '01920000-0000-7000-8000-000000000001',
    randomBytes: (length) => new Uint8Array(length),
    head: null,
    scheduler: { soon: (run) => run(), after: () => {} },
    lingerMs: 0,
  })
  writer.append(sampleAdmin(), { tenant: 'default' })
  return batches[0]!
}

const recordsIn = (database: DatabaseSync): unknown =>
  database.prepare('SELECT count(*) AS records FROM ledger').get()?.['records']

/** What a system that lost the log would find. */
function recordsOfFileAlone(path: string): unknown {
  const copy = `${path}.copy`
  copyFileSync(path, copy)
  const database = new DatabaseSync(copy)
  try {
    const { tables } =
      database
        .prepare("SELECT count(*) AS tables FROM sqlite_schema WHERE name = 'ledger'")
        .get() ?? {}
    return tables === 0 ? 0 : recordsIn(database)
  } finally {
    database.close()
  }
}
