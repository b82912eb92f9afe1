import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import { describe, test, type TestContext } from 'node:test'
import { verifyLedger } from '#ledger/verify.ts'
import {
  everyByte,
  everyOrder,
  fillEvidence,
  type RawTables,
  type RawValue,
} from '../contract/tamper.ts'
import { openStore } from './open.ts'
import { temporaryDirectory } from './temporary.ts'

/** A ledger with so many requests and admin changes, and the file behind it. */
async function ledgerFile(t: TestContext, requests: number) {
  const directory = temporaryDirectory()
  const path = join(directory.path, 'ecluse.db')
  const opened = openStore({ path })
  assert.ok(opened.ok)
  const store = opened.value
  await fillEvidence(store, requests)
  const raw = new DatabaseSync(path)
  raw.exec('PRAGMA synchronous = OFF')
  t.after(async () => {
    raw.close()
    await store.close()
    directory.remove()
  })
  const problem = async () =>
    (await verifyLedger(store.ledger, { evidence: store.evidence })).firstProblem
  return { store, raw, problem }
}

/** The file without the store. */
const rawTables = (database: DatabaseSync): RawTables => ({
  columns: async (table) =>
    database
      .prepare(`SELECT name FROM pragma_table_info('${table}')`)
      .all()
      .map(({ name }) => String(name)),
  async rows(table) {
    const all = database.prepare(`SELECT * FROM ${table}`)
    all.setReadBigInts(true)
    return all.all().map((row) => Object.fromEntries(Object.entries(row).map(exact)))
  },
  async set(table, column, key, value) {
    const where = Object.keys(key).map((name) => `${name} = ?`)
    const change = database.prepare(
      `UPDATE OR IGNORE ${table} SET ${column} = ? WHERE ${where.join(' AND ')}`,
    )
    return change.run(value, ...Object.values(key)).changes > 0
  },
  run: async (sql) => database.exec(sql),
})

const exact = ([name, value]: [string, SQLOutputValue]): [string, RawValue] => {
  assert.ok(typeof value !== 'number')
  return [name, value]
}

describe('verification of the file', () => {
  test('finds any change of any byte of any column of any row', async (t) => {
    const { store, raw } = await ledgerFile(t, 2)
    const changes = await everyByte(store, rawTables(raw), 64)
    assert.ok(changes > 3000, `${changes} changes were tried`)
  })

  test('finds any row taken out, put twice, or exchanged with another', async (t) => {
    const { store, raw } = await ledgerFile(t, 3)
    await everyOrder(store, rawTables(raw))
  })

  test('an erased payload passes, and one damaged payload blinds no query', async (t) => {
    const { store, raw, problem } = await ledgerFile(t, 3)
    for await (const { seq, record } of store.ledger.walk('main', 1)) {
      if (record?.type !== 'admin') continue
      const erase = 'UPDATE ledger SET salt = NULL, body = ? WHERE place % 1099511627776 = ?'
      raw.prepare(erase).run(record.leaf, seq)
    }
    assert.equal(await problem(), null)
    assert.equal((await verifyLedger(store.ledger)).erased, 3)
    const first = raw.prepare('SELECT min(place) AS place FROM ledger').get()
    raw.prepare("UPDATE ledger SET body = x'7b' WHERE place = ?").run(Number(first?.['place']))
    const page = await store.decisions.decisions({ class: 'public', category: 'health' })
    assert.ok(page.ok)
    assert.equal(page.value.rows.length, 2)
    assert.equal((await problem())?.problem, 'changed')
  })
})
