import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { Client, DatabaseError, TypeOverrides } from 'pg'
import { verifyLedger } from '#ledger/verify.ts'
import { everyByte, everyOrder, fillEvidence, type RawTables } from '../contract/tamper.ts'
import { SEQ_SPAN, uuidBytes } from '../sql/ledger-row.ts'
import { openPostgres } from './open.ts'
import { noServer } from './server-binaries.fixture.ts'
import { freshDatabase } from './server.fixture.ts'

/** INT8, INT2 and INT4, then UUID: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const INTEGERS = [20, 21, 23]
const UUID = 2950

/** A ledger with so many requests and admin changes, and somebody else's connection to its database. */
async function ledgerTables(t: TestContext, requests: number) {
  const database = await freshDatabase()
  const opened = await openPostgres({ url: database.url })
  assert.ok(opened.ok)
  const store = opened.value
  await fillEvidence(store, requests)
  const types = new TypeOverrides()
  for (const type of INTEGERS) types.setTypeParser(type, BigInt)
  types.setTypeParser(UUID, uuidBytes)
  const client = new Client({ connectionString: database.url, types })
  await client.connect()
  await client.query('SET search_path TO ecluse; SET synchronous_commit TO off')
  // a record may be given any time: what no month holds goes here
  await client.query('CREATE TABLE elsewhere PARTITION OF ledger DEFAULT')
  t.after(async () => {
    await client.end()
    await store.close()
    await database.drop()
  })
  return { store, raw: rawTables(client) }
}

/** The database without the store. */
const rawTables = (client: Client): RawTables => ({
  async columns(table) {
    const { rows } = await client.query<{ name: string }>(
      'SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped',
      [table],
    )
    return rows.map(({ name }) => name)
  },
  rows: async (table) => (await client.query(`SELECT * FROM ${table}`)).rows,
  async set(table, column, key, value) {
    const where = Object.keys(key).map((name, index) => `${name} = $${index + 2}`)
    try {
      const { rowCount } = await client.query(
        `UPDATE ${table} SET ${column} = $1 WHERE ${where.join(' AND ')}`,
        [value, ...Object.values(key)],
      )
      return rowCount === 1
    } catch (error) {
      // out of range, not a number, not a text, there already: class 22 and 23, an error in the data; too short for a UUID: 08P01
      if (error instanceof DatabaseError && /^(?:2[23]|08P01)/.test(error.code ?? '')) return false
      throw error
    }
  },
  async run(sql) {
    await client.query(sql)
  },
})

describe('verification of the database', { skip: (await noServer()) ?? false }, () => {
  test('finds any change of any byte of any column of any row', async (t) => {
    const { store, raw } = await ledgerTables(t, 2)
    const changes = await everyByte(store, raw, 8)
    assert.ok(changes > 1000, `${changes} changes were tried`)
  })

  test('finds any row taken out, put twice, or exchanged with another', async (t) => {
    const { store, raw } = await ledgerTables(t, 3)
    await everyOrder(store, raw)
  })

  test('finds a second record at a place of another month', async (t) => {
    const { store, raw } = await ledgerTables(t, 2)
    for (const { place } of await raw.rows('ledger')) {
      const columns = 'place, tenant, type, at, id, link, salt, body'
      const again = columns.replace('at', 'at + 4000000000')
      const where = `WHERE place = ${String(place)}`
      await raw.run(`INSERT INTO ledger (${columns}) SELECT ${again} FROM ledger ${where}`)
      const report = await verifyLedger(store.ledger)
      assert.equal(report.firstProblem?.problem, 'reordered')
      assert.equal(report.firstProblem?.seq, Number(place) % SEQ_SPAN)
      await raw.run(`DELETE FROM ledger ${where} AND at > 1706000000000`)
      assert.ok((await verifyLedger(store.ledger)).ok)
    }
  })
})
