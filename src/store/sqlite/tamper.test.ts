import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import { describe, test, type TestContext } from 'node:test'
import * as fc from 'fast-check'
import { sampleAdmin, sampleDecision, sampleOutcome } from '#ledger/samples.ts'
import { createCheckpointer } from '#ledger/evidence/checkpointer.ts'
import { signerOf } from '#ledger/evidence/signing.ts'
import { verifyLedger } from '#ledger/verify.ts'
import { writerOn } from '../contract/filled.ts'
import { openStore } from './open.ts'
import { temporaryDirectory } from './temporary.ts'

/** A ledger with so many requests and admin changes, and the file behind it. */
async function ledgerFile(t: TestContext, requests: number) {
  const directory = temporaryDirectory()
  const path = join(directory.path, 'ecluse.db')
  const opened = openStore({ path })
  assert.ok(opened.ok)
  const store = opened.value
  const { append } = await writerOn(store)
  for (let i = 0; i < requests; i += 1) {
    await append(sampleOutcome(await append(sampleDecision({ categories: ['health'] }))))
    await append(sampleAdmin())
  }
  const signer = signerOf(new Uint8Array(32).fill(7))
  await store.evidence.addKey({ generation: 1, key: signer.key, signature: null })
  const clock = () => 1_800_000_000_000
  assert.equal((await createCheckpointer({ ...store, signer, clock }).make()).kind, 'made')
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

/** Every value that differs from this one in one bit (numbers) or one character or byte. */
function variants(value: SQLOutputValue): (string | bigint | Uint8Array)[] {
  if (typeof value === 'bigint') {
    return Array.from({ length: 64 }, (_, bit) => BigInt.asIntN(64, value ^ (1n << BigInt(bit))))
  }
  if (typeof value === 'string') {
    return Array.from(value, (char, i) => {
      const other = String.fromCodePoint((char.codePointAt(0) ?? 0) ^ 1)
      return value.slice(0, i) + other + value.slice(i + 1)
    })
  }
  if (!(value instanceof Uint8Array)) return []
  return Array.from(value, (byte, i) =>
    Uint8Array.from(value).fill(byte ^ (1 << (i % 8)), i, i + 1),
  )
}

const TABLES = {
  ledger: ['place', 'tenant', 'type', 'at', 'id', 'link', 'salt', 'body', 'leaf'],
  ledger_word: ['number', 'text'],
  ledger_checkpoint: ['number', 'body', 'signature'],
  signing_key: ['generation', 'key', 'signature'],
  ledger_writer: ['number', 'name', 'seq', 'hash'],
  tenant: ['number', 'name'],
}

describe('verification of the file', () => {
  test('finds any change of any byte of any column of any row', async (t) => {
    const { raw, problem } = await ledgerFile(t, 1)
    let changes = 0
    for (const [table, columns] of Object.entries(TABLES)) {
      const stored = raw.prepare(`SELECT name FROM pragma_table_info('${table}')`).all()
      assert.deepEqual(
        stored.map(({ name }) => name),
        columns,
        'no column goes unchecked',
      )
      for (const column of columns) {
        const all = raw.prepare(`SELECT rowid AS row, ${column} AS value FROM ${table}`)
        all.setReadBigInts(true)
        const change = raw.prepare(`UPDATE OR IGNORE ${table} SET ${column} = ? WHERE rowid = ?`)
        for (const { row, value } of all.all()) {
          assert.ok(typeof row === 'bigint' && value !== undefined)
          for (const variant of variants(value)) {
            raw.exec('SAVEPOINT tamper')
            // A number that is also the row's key moves the row: there it must be found too.
            if (change.run(variant, row).changes > 0) {
              raw.exec('RELEASE tamper')
              const found = await problem()
              assert.ok(found, `${table}.${column} of row ${row}: ${String(variant)}`)
              const moved = ['place', 'number', 'generation'].includes(column)
              const back = raw.prepare(`UPDATE ${table} SET ${column} = ? WHERE rowid = ?`)
              back.run(value, moved ? variant : row)
              changes += 1
            } else raw.exec('ROLLBACK TO tamper; RELEASE tamper')
          }
        }
      }
    }
    assert.equal(await problem(), null)
    assert.ok(changes > 1500, `${changes} changes were tried`)
  })

  test('finds any row taken out, put twice, or exchanged with another', async (t) => {
    const { raw, problem } = await ledgerFile(t, 3)
    const places = raw
      .prepare('SELECT place FROM ledger ORDER BY place')
      .all()
      .map(({ place }) => Number(place))
    const attempt = async (sql: string) => {
      raw.exec(
        'CREATE TEMP TABLE IF NOT EXISTS keep AS SELECT place, tenant, type, at, id, link, salt, body, leaf FROM ledger',
      )
      raw.exec(sql)
      const found = await problem()
      raw.exec('DELETE FROM ledger; INSERT INTO ledger SELECT * FROM keep')
      assert.equal(await problem(), null)
      return found?.problem
    }
    const rows = fc.tuple(fc.constantFrom(...places), fc.constantFrom(...places))
    await fc.assert(
      fc.asyncProperty(rows, async ([a, b]) => {
        const removed = await attempt(`DELETE FROM ledger WHERE place = ${a}`)
        assert.equal(removed, a === places.at(-1) ? 'missing-head' : 'gap')
        const twice = `SELECT ${places.at(-1)! + 1}, tenant, type, at, id, link, salt, body, leaf FROM ledger WHERE place = ${a}`
        assert.ok(await attempt(`INSERT INTO ledger ${twice}`))
        if (a === b) return
        const swap = `UPDATE ledger SET place = -1 WHERE place = ${a}; UPDATE ledger SET place = ${a} WHERE place = ${b}; UPDATE ledger SET place = ${b} WHERE place = -1`
        assert.equal(await attempt(swap), 'reordered')
      }),
      { numRuns: 40 },
    )
    raw.exec('DELETE FROM ledger_writer')
    assert.ok(await problem(), 'records without their writer')
  })

  test('an erased payload passes, and one damaged payload blinds no query', async (t) => {
    const { store, raw, problem } = await ledgerFile(t, 3)
    for await (const { seq, record } of store.ledger.walk('main', 1)) {
      if (record?.type !== 'admin') continue
      const erase =
        'UPDATE ledger SET salt = NULL, body = NULL, leaf = ? WHERE place % 1099511627776 = ?'
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
