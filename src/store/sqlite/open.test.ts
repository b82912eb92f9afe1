import assert from 'node:assert/strict'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test, type TestContext } from 'node:test'
import { sampleAdmin } from '#ledger/samples.ts'
import { writerOn } from '../contract/filled.ts'
import { verifyWhileWritten } from '../contract/moment.ts'
import { describeStoreProblem, type StoreProblem } from '../problem.ts'
import { MIGRATIONS } from './migrations/all.ts'
import { openDatabase } from './database.ts'
import { openStore } from './open.ts'
import { temporaryDirectory } from './temporary.ts'

function place(t: TestContext) {
  const directory = temporaryDirectory()
  t.after(() => directory.remove())
  return { directory: directory.path, path: join(directory.path, 'ecluse.db') }
}

const problemOf = (path: string, readOnly = false): StoreProblem['code'] => {
  const opened = openStore({ path, readOnly, busyTimeout: 10 })
  assert.ok(!opened.ok)
  for (const language of ['en', 'fr'] as const) {
    assert.doesNotMatch(describeStoreProblem(opened.error, language), /[{}]/)
  }
  return opened.error.code
}

const edit = (path: string, sql: string) => {
  const raw = new DatabaseSync(path)
  raw.exec(sql)
  raw.close()
}

describe('opening the database', () => {
  test('as of one moment, evidence verifies while it is written to', async (t) => {
    const { path } = place(t)
    const store = openStore({ path })
    const reader = openStore({ path, readOnly: true, moment: true })
    assert.ok(store.ok && reader.ok)
    await verifyWhileWritten(store.value, reader.value)
    await reader.value.close()
    await store.value.close()
  })

  test('makes every file private to its owner', async (t) => {
    const { directory, path } = place(t)
    const opened = openStore({ path })
    assert.ok(opened.ok)
    await (await writerOn(opened.value)).append(sampleAdmin())
    const names = readdirSync(directory)
    assert.ok(names.length >= 2, 'the side files are there too')
    for (const name of names)
      assert.equal(statSync(join(directory, name)).mode & 0o777, 0o600, name)
    await opened.value.close()
  })

  test('syncs every commit, logs ahead and checks foreign keys', (t) => {
    const opened = openDatabase({ path: place(t).path })
    assert.ok(opened.ok)
    const value = (name: string) =>
      Object.values(opened.value.prepare(`PRAGMA ${name}`).get() ?? {})[0]
    assert.equal(value('journal_mode'), 'wal')
    assert.equal(value('synchronous'), 2)
    assert.equal(value('foreign_keys'), 1)
    assert.equal(value('user_version'), MIGRATIONS.at(-1)?.version)
    opened.value.close()
  })

  test('migrations are numbered in their order', () => {
    const versions = MIGRATIONS.map(({ version }) => version)
    assert.deepEqual(
      versions,
      [...new Set(versions)].toSorted((a, b) => a - b),
    )
  })

  test('keeps what was stored when it opens again, also to read only', async (t) => {
    const { path } = place(t)
    const first = openStore({ path })
    assert.ok(first.ok)
    await (await writerOn(first.value)).append(sampleAdmin())
    const reader = openStore({ path, readOnly: true })
    assert.ok(reader.ok)
    assert.equal((await reader.value.ledger.head('main'))?.seq, 1)
    await (await writerOn(first.value)).append(sampleAdmin())
    assert.equal(
      (await reader.value.ledger.head('main'))?.seq,
      2,
      'a reader sees what is committed',
    )
    await assert.rejects(reader.value.keys.touch([{ id: 'x', at: 1 }]))
    await reader.value.close()
    await first.value.close()
    const again = openStore({ path })
    assert.ok(again.ok)
    assert.equal((await again.value.ledger.head('main'))?.seq, 2)
    await again.value.close()
  })

  test('goes through every past version with what was in it', async (t) => {
    const { path } = place(t)
    const [first] = MIGRATIONS
    edit(
      path,
      `PRAGMA application_id = 0x45434c55; ${first?.sql}; PRAGMA user_version = 1;
      INSERT INTO api_key (id, tenant, name, scopes, digest, created_at, created_by)
        VALUES ('aaaaaaaa', 'default', 'laptop', 'inference admin', zeroblob(32), 1000, 'local');
      INSERT INTO document (kind, version, json, at) VALUES ('policy', 'a', '{}', 1)`,
    )
    const opened = openStore({ path })
    assert.ok(opened.ok)
    assert.equal((await opened.value.keys.byId('aaaaaaaa'))?.name, 'laptop')
    assert.equal((await opened.value.documents.newest('policy'))?.version, 'a')
    await (await writerOn(opened.value)).append(sampleAdmin())
    assert.equal((await opened.value.ledger.head('main'))?.seq, 1)
    await opened.value.close()
  })

  test('refuses a database of a newer version, and leaves it as it is', async (t) => {
    const { path } = place(t)
    const first = openStore({ path })
    assert.ok(first.ok)
    await first.value.close()
    edit(path, 'PRAGMA user_version = 99')
    const before = statSync(path).mtimeMs
    assert.equal(problemOf(path), 'newer')
    assert.equal(problemOf(path, true), 'newer')
    assert.equal(statSync(path).mtimeMs, before)
  })

  test('refuses what is not ours', (t) => {
    const { path, directory } = place(t)
    edit(path, 'CREATE TABLE notes (text)')
    assert.equal(problemOf(path), 'foreign')
    const text = join(directory, 'text.db')
    writeFileSync(text, 'not a database at all, but long enough to be looked at'.repeat(20))
    assert.equal(problemOf(text), 'foreign')
  })

  test('reads only what is there and up to date', (t) => {
    const { path, directory } = place(t)
    assert.equal(problemOf(path, true), 'missing')
    edit(path, 'PRAGMA application_id = 0x45434c55; CREATE TABLE old (x)')
    assert.equal(problemOf(path, true), 'older')
    assert.equal(problemOf(join(directory, 'no', 'such', 'directory.db')), 'unreadable')
  })

  test('says so when another process keeps the file to itself', (t) => {
    const { path } = place(t)
    edit(path, 'PRAGMA application_id = 0x45434c55')
    const other = new DatabaseSync(path)
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    t.after(() => other.close())
    assert.equal(problemOf(path), 'busy')
  })
})
