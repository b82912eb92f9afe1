import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { Client } from 'pg'
import { sampleAdmin } from '#ledger/samples.ts'
import { verifyLedger } from '#ledger/verify.ts'
import { writerOn } from '../contract/filled.ts'
import { verifyWhileWritten } from '../contract/moment.ts'
import { describeStoreProblem, type StoreProblem } from '../problem.ts'
import { newestVersion } from './migrate.ts'
import { MIGRATIONS } from './migrations/all.ts'
import { openPostgres } from './open.ts'
import { monthOf } from './partitions.ts'
import { openPool } from './pool.ts'
import { noServer } from './server-binaries.fixture.ts'
import { freshDatabase } from './server.fixture.ts'

const skip = (await noServer()) ?? false

async function place(t: TestContext): Promise<string> {
  const database = await freshDatabase()
  t.after(() => database.drop())
  return database.url
}

async function run(
  url: string,
  ...statements: readonly string[]
): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    let rows: Record<string, unknown>[] = []
    for (const statement of statements) rows = (await client.query(statement)).rows
    return rows
  } finally {
    await client.end()
  }
}

const problemOf = async (url: string, readOnly = false): Promise<StoreProblem['code']> => {
  const opened = await openPostgres({ url, readOnly, connectTimeout: 500 })
  assert.ok(!opened.ok)
  for (const language of ['en', 'fr'] as const) {
    assert.doesNotMatch(describeStoreProblem(opened.error, language), /[{}]|ecluse@/)
  }
  return opened.error.code
}

describe('opening a database on a server', { skip }, () => {
  test('as of one moment, evidence verifies while it is written to', async (t) => {
    const url = await place(t)
    const store = await openPostgres({ url })
    const reader = await openPostgres({ url, readOnly: true, moment: true })
    assert.ok(store.ok && reader.ok)
    await verifyWhileWritten(store.value, reader.value)
    await reader.value.close()
    await store.value.close()
  })

  test('gateways that start at once on an empty one make one schema', async (t) => {
    const url = await place(t)
    const opened = await Promise.all(Array.from({ length: 5 }, () => openPostgres({ url })))
    for (const one of opened) {
      assert.ok(one.ok)
      await one.value.close()
    }
    const [row] = await run(url, 'SELECT version FROM ecluse.schema_version')
    assert.equal(row?.['version'], newestVersion(MIGRATIONS))
  })

  test('goes through every past version with what was in it', async (t) => {
    const url = await place(t)
    const [first] = MIGRATIONS
    const id = "decode('018cc251f40070008000000000000001', 'hex')"
    await run(
      url,
      'CREATE SCHEMA ecluse; SET search_path = ecluse',
      `SET search_path = ecluse; ${first?.sql}`,
      'CREATE TABLE ecluse.schema_version (only_row BOOLEAN PRIMARY KEY DEFAULT true, version INTEGER NOT NULL)',
      'INSERT INTO ecluse.schema_version (version) VALUES (1)',
      `INSERT INTO ecluse.api_key (id, tenant, name, scopes, digest, created_at, created_by)
        VALUES ('aaaaaaaa', 'default', 'laptop', 'inference admin', ${id}, 1000, 'local')`,
      `INSERT INTO ecluse.document (kind, version, json, at) VALUES ('policy', 'a', '{}', 1)`,
    )
    const opened = await openPostgres({ url })
    assert.ok(opened.ok)
    assert.equal((await opened.value.keys.byId('aaaaaaaa'))?.name, 'laptop')
    assert.equal((await opened.value.documents.newest('policy'))?.version, 'a')
    await (await writerOn(opened.value)).append(sampleAdmin())
    assert.equal((await verifyLedger(opened.value.ledger)).ok, true)
    await opened.value.close()
  })

  test('refuses a newer one, a foreign one, one that is not there, and one that is only read', async (t) => {
    const url = await place(t)
    assert.equal(await problemOf(url, true), 'missing')
    const opened = await openPostgres({ url })
    assert.ok(opened.ok)
    await opened.value.close()
    await run(url, 'UPDATE ecluse.schema_version SET version = 999')
    assert.equal(await problemOf(url), 'newer')
    await run(url, 'UPDATE ecluse.schema_version SET version = 1')
    assert.equal(await problemOf(url, true), 'older')
    assert.equal(await problemOf(`${url}-not-there`), 'missing')
    const foreign = await place(t)
    await run(foreign, 'CREATE SCHEMA ecluse', 'CREATE TABLE ecluse.notes (text text)')
    assert.equal(await problemOf(foreign), 'foreign')
    const standby = await place(t)
    const name = new URL(standby).pathname.slice(1)
    await run(standby, `ALTER DATABASE ${name} SET default_transaction_read_only = on`)
    assert.equal(await problemOf(standby), 'read-only')
    assert.equal(await problemOf('postgresql://ecluse@127.0.0.1:1/none'), 'unreachable')
  })

  test('commits are synced whatever the role says, and a stricter setting stays', async (t) => {
    const url = await place(t)
    const name = new URL(url).pathname.slice(1)
    for (const [set, wanted] of [
      ['off', 'on'],
      ['remote_apply', 'remote_apply'],
    ]) {
      await run(url, `ALTER DATABASE ${name} SET synchronous_commit = ${set}`)
      const { openPool } = await import('./pool.ts')
      const pool = openPool({ url })
      const { rows } = await pool.query<{ value: string }>(
        "SELECT current_setting('synchronous_commit') AS value",
      )
      assert.equal(rows[0]?.value, wanted)
      await pool.end()
    }
  })
})

test(
  'a connection that breaks while it is in use ends its query, not the process',
  { skip },
  async (t) => {
    const pool = openPool({ url: await place(t) })
    t.after(() => pool.end())
    const client = await pool.connect()
    const gone = new Error('write EPIPE')
    // without a listener of its own the event would throw here
    client.emit('error', gone)
    client.release(gone)
    assert.deepEqual((await pool.query('SELECT 1 AS one')).rows, [{ one: 1 }])
  },
)

test('months of the ledger are those of UTC, and meet without a gap', () => {
  const december = monthOf(Date.UTC(2026, 11, 31, 23, 59, 59, 999))
  assert.equal(december.name, 'ledger_2026_12')
  assert.deepEqual(monthOf(december.from, 1), monthOf(december.to))
  assert.equal(monthOf(december.to).name, 'ledger_2027_01')
  for (const at of [-1, Number.NaN, 1e18]) assert.throws(() => monthOf(at), RangeError)
})
