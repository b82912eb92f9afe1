import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { sampleAdmin, sampleDecision, sampleOutcome } from '#ledger/samples.ts'
import { verifyLedger } from '#ledger/verify.ts'
import { writerOn } from '../contract/filled.ts'
import { storedKey } from '../contract/keys.ts'
import type { Store } from '../ports.ts'
import * as postgresCopy from '../postgres/copy.ts'
import { openPostgres } from '../postgres/open.ts'
import { noServer } from '../postgres/server-binaries.fixture.ts'
import { freshDatabase } from '../postgres/server.fixture.ts'
import * as sqliteCopy from '../sqlite/copy.ts'
import { openStore } from '../sqlite/open.ts'
import { temporaryDirectory } from '../sqlite/temporary.ts'
import { openBackup, writeBackup } from './backup-file.ts'
import { copyAll, differingTable } from './copy.ts'
import type { CopySource, CopyTarget } from './ports.ts'

const skip = (await noServer()) ?? false
const NEWEST = 1_000_000
const options = { onProgress: () => {}, signal: new AbortController().signal }

function directoryOf(t: TestContext): string {
  const directory = temporaryDirectory()
  t.after(() => directory.remove())
  return directory.path
}

async function serverUrl(t: TestContext): Promise<string> {
  const database = await freshDatabase()
  t.after(() => database.drop())
  return database.url
}

/** Something in the tables, erased records and odd texts among it. */
async function fill(store: Store, requests: number): Promise<void> {
  const [one, two] = [await writerOn(store, 'gateway'), await writerOn(store, 'worker-1')]
  for (let i = 0; i < requests; i += 1) {
    const { writer } = i % 3 ? one : two
    const decided = writer.append(sampleDecision({ key: `key ${i}` }), { tenant: 'default' })
    assert.ok(decided.ok)
    writer.append(sampleOutcome(decided.value.id), { tenant: 'default' })
  }
  await two.writer.close()
  await one.append(sampleAdmin({ subject: 'é "\u0000\u{1F600}\n' }), { tenant: 'other' })
  for (let i = 0; i < 30; i += 1) await store.keys.insert(storedKey({ id: `aaaaaa${10 + i}` }))
  await store.keys.touch([{ id: 'aaaaaa11', at: 9_007_199_254_740_000 }])
  const decision = {
    tenant: 'default',
    id: 'ollama',
    state: 'enabled',
    at: 1000,
    by: 'local',
  } as const
  await store.destinations.set(decision)
  await store.documents.put({ kind: 'policy', version: 'a', json: '{"rules":["é"]}', at: 1 })
  await store.documents.put({ kind: 'policy', version: 'b', json: '{}', at: 2 })
}

async function filledFile(t: TestContext, requests: number): Promise<string> {
  const path = join(directoryOf(t), 'ecluse.db')
  const opened = openStore({ path })
  assert.ok(opened.ok)
  await fill(opened.value, requests)
  await opened.value.close()
  return path
}

async function copied(source: CopySource, target: CopyTarget) {
  const report = await copyAll(source, target, options)
  assert.ok(report.ok, report.ok ? '' : report.error.detail)
  await target.finish()
  await source.close()
  await target.close()
  return report.value
}

const fromFile = (path: string): CopySource => {
  const source = sqliteCopy.openCopySource(path)
  assert.ok(source.ok)
  return source.value
}
const fromServer = async (url: string): Promise<CopySource> => {
  const source = await postgresCopy.openCopySource({ url })
  assert.ok(source.ok)
  return source.value
}
const toServer = async (url: string, version: number): Promise<CopyTarget> => {
  const target = await postgresCopy.openCopyTarget({ url }, version)
  assert.ok(target.ok)
  return target.value
}
const toFile = (path: string, version: number): CopyTarget => {
  const target = sqliteCopy.openCopyTarget(path, version)
  assert.ok(target.ok)
  return target.value
}

describe('copies of everything', { skip }, () => {
  test('both databases have the same tables and columns', async (t) => {
    const url = await serverUrl(t)
    const store = await openPostgres({ url })
    assert.ok(store.ok)
    await store.value.close()
    const [file, server] = [fromFile(await filledFile(t, 1)), await fromServer(url)]
    assert.equal(differingTable(file.tables, server.tables), null)
    assert.equal(file.version, server.version)
    await file.close()
    await server.close()
  })

  test('from a file to a server and back nothing is lost, and both go on', async (t) => {
    const path = await filledFile(t, 700)
    const url = await serverUrl(t)
    const source = fromFile(path)
    const rows = await copied(source, await toServer(url, source.version))
    assert.equal(rows['ledger'], 1401)
    assert.equal(rows['api_key'], 30)
    const moved = await openPostgres({ url })
    assert.ok(moved.ok)
    assert.deepEqual((await verifyLedger(moved.value.ledger)).records, 1401)
    assert.equal((await verifyLedger(moved.value.ledger)).ok, true)
    assert.equal((await moved.value.keys.byId('aaaaaa11'))?.lastUsedAt, 9_007_199_254_740_000)
    await (await writerOn(moved.value, 'gateway')).append(sampleAdmin())
    const put = { kind: 'policy', version: 'c', json: '{}', at: 3 }
    assert.ok((await moved.value.documents.put(put)).ok, 'numbers go on')
    assert.equal((await moved.value.documents.newest('policy'))?.version, 'c')
    await moved.value.close()

    const back = join(directoryOf(t), 'ecluse.db')
    const server = await fromServer(url)
    await copied(server, toFile(back, server.version))
    const file = openStore({ path: back })
    assert.ok(file.ok)
    const report = await verifyLedger(file.value.ledger)
    assert.deepEqual([report.ok, report.records], [true, 1402])
    await (await writerOn(file.value, 'worker-1')).append(sampleAdmin())
    assert.equal((await file.value.documents.newest('policy'))?.version, 'c')
    assert.equal(statSync(back).mode & 0o777, 0o600)
    await file.value.close()
  })

  test('an interrupted copy cannot be opened, and goes on where it stopped', async (t) => {
    const path = await filledFile(t, 2200)
    const url = await serverUrl(t)
    const version = fromFile(path).version
    const interrupt = new AbortController()
    const target = await toServer(url, version)
    let pages = 0
    const cut = await copyAll(fromFile(path), target, {
      signal: interrupt.signal,
      onProgress() {
        pages += 1
        if (pages === 2) interrupt.abort()
      },
    })
    assert.ok(!cut.ok && cut.error.code === 'interrupted')
    await target.close()
    const refused = await openPostgres({ url })
    assert.ok(!refused.ok && refused.error.code === 'unfinished')
    const again = await toServer(url, version)
    const counts: number[] = []
    const report = await copyAll(fromFile(path), again, {
      ...options,
      onProgress: (table, rows) => void (table === 'ledger' && counts.push(rows)),
    })
    assert.ok(report.ok)
    assert.equal(counts[0], 3000, 'two pages were there')
    await again.finish()
    await again.close()
    const opened = await openPostgres({ url })
    assert.ok(opened.ok)
    assert.deepEqual((await verifyLedger(opened.value.ledger)).records, 4401)
    await opened.value.close()
  })

  test('a target with something in it is refused, and one that lost a row is found out', async (t) => {
    const path = await filledFile(t, 3)
    const refused = sqliteCopy.openCopyTarget(path, 1)
    assert.ok(!refused.ok && refused.error.code === 'not-empty')
    const url = await serverUrl(t)
    const source = fromFile(path)
    const target = await toServer(url, source.version)
    const careless: CopyTarget = {
      ...target,
      write: (table, rows, state) =>
        target.write(table, table.name === 'document' ? rows.slice(1) : rows, state),
    }
    const report = await copyAll(source, careless, options)
    assert.ok(!report.ok)
    assert.deepEqual(report.error, { code: 'rows-differ', detail: 'document' })
    const changing: CopyTarget = {
      ...target,
      write: (table, rows, state) =>
        target.write(
          table,
          table.name === 'api_key'
            ? rows.map((row) => row.map((value) => (value === 'laptop' ? 'laptap' : value)))
            : rows,
          state,
        ),
    }
    const changed = await copyAll(source, changing, options)
    assert.ok(!changed.ok && changed.error.detail === 'api_key')
    await target.close()
    await source.close()
  })
})

describe('a backup', { skip }, () => {
  test('of a store that is written to is of one moment, and restores into either database', async (t) => {
    const path = await filledFile(t, 600)
    const store = openStore({ path })
    assert.ok(store.ok)
    const source = fromFile(path)
    await (await writerOn(store.value, 'gateway')).append(sampleAdmin())
    const file = join(directoryOf(t), 'backup')
    const written = await writeBackup(source, file, { ...options, at: 5 })
    assert.equal(written?.rows['ledger'], 1201)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    await source.close()
    await store.value.close()
    const [url, back] = [await serverUrl(t), join(directoryOf(t), 'ecluse.db')]
    for (const target of [
      (version: number) => toServer(url, version),
      (version: number) => Promise.resolve(toFile(back, version)),
    ]) {
      const backup = await openBackup(file, NEWEST)
      assert.ok(backup.ok)
      await copied(backup.value, await target(backup.value.version))
    }
    const file2 = openStore({ path: back })
    const server = await openPostgres({ url })
    assert.ok(file2.ok && server.ok)
    for (const { ledger } of [file2.value, server.value]) {
      const report = await verifyLedger(ledger)
      assert.deepEqual([report.ok, report.records], [true, 1201])
    }
    await file2.value.close()
    await server.value.close()
  })

  test('is refused when one byte of it is another, when it is cut, and when it is no backup', async (t) => {
    const source = fromFile(await filledFile(t, 5))
    const file = join(directoryOf(t), 'backup')
    await writeBackup(source, file, { ...options, at: 5 })
    await source.close()
    const bytes = readFileSync(file)
    const problemOf = async (changed: Uint8Array) => {
      const other = join(directoryOf(t), 'other')
      writeFileSync(other, changed)
      const opened = await openBackup(other, NEWEST)
      return opened.ok ? null : opened.error
    }
    assert.equal(await problemOf(bytes), null)
    for (let at = 20; at < bytes.length; at += 97) {
      const changed = Uint8Array.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      assert.ok(await problemOf(changed), `byte ${at}`)
    }
    assert.ok(await problemOf(bytes.subarray(0, bytes.length - 40)))
    assert.equal(await problemOf(Buffer.from('hello')), 'not-a-backup')
    const missing = await openBackup(join(directoryOf(t), 'none'), NEWEST)
    assert.ok(!missing.ok && missing.error === 'missing')
    const newer = await openBackup(file, 0)
    assert.ok(!newer.ok && newer.error === 'newer')
  })
})
