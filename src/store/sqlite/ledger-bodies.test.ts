import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { LedgerBatch } from '#ledger/ports.ts'
import { countingBytes, countingIds, SAMPLES } from '#ledger/samples.ts'
import { verifyLedger } from '#ledger/verify.ts'
import { createLedgerWriter } from '#ledger/writer.ts'
import { typeNumber, uuidBytes } from '../sql/ledger-row.ts'
import { writerOn } from '../contract/filled.ts'
import { migrate } from './migrate.ts'
import { MIGRATIONS } from './migrations/all.ts'
import { openStore } from './open.ts'
import { temporaryDirectory } from './temporary.ts'

test('a ledger of the first version is taken over whole: it verifies, goes on, and a damage of then is told now', async (t) => {
  for (const damage of [
    null,
    "UPDATE ledger SET payload = replace(payload, 'system', 'nobody') WHERE place % 16 = 4",
  ]) {
    const directory = temporaryDirectory()
    const path = join(directory.path, 'ecluse.db')
    const old = new DatabaseSync(path)
    migrate(
      old,
      MIGRATIONS.filter(({ version }) => version === 1),
    )
    fillOld(old)
    if (damage) old.exec(damage)
    old.close()
    const opened = openStore({ path })
    assert.ok(opened.ok)
    const store = opened.value
    t.after(() => store.close().finally(() => directory.remove()))
    const { append } = await writerOn(store)
    await append(SAMPLES.admin)
    const report = await verifyLedger(store.ledger)
    if (damage) {
      assert.deepEqual([report.ok, report.firstProblem?.seq], [false, 4])
      continue
    }
    // one of each type, one more by the first version, and the one appended now
    const written = Object.keys(SAMPLES).length + 2
    assert.deepEqual([report.firstProblem, report.records, report.erased], [null, written, 1])
    const page = await store.ledger.read({ type: 'outcome' })
    assert.ok(page.ok)
    assert.deepEqual(JSON.parse(page.value.rows[0]?.payload ?? ''), SAMPLES.outcome)
  }
})

/** As the first version stored them: every column, payloads as text, and one record erased. */
function fillOld(database: DatabaseSync): void {
  const clock = () => 1_700_000_000_000
  const batches: LedgerBatch[] = []
  const writer = createLedgerWriter({
    store: { append: (batch) => void batches.push(batch) },
    writer: 'main',
    clock,
    newId: countingIds(clock),
    randomBytes: countingBytes(),
    head: null,
    scheduler: { soon: (run) => run(), after: () => {} },
    lingerMs: 0,
  })
  for (const event of [...Object.values(SAMPLES), SAMPLES.admin])
    writer.append(event, { tenant: 'default' })
  database.exec("INSERT INTO tenant (name) VALUES ('default')")
  const insert = database.prepare(
    'INSERT INTO ledger (place, tenant, type, at, id, prev, leaf, salt, payload) VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?)',
  )
  for (const { records } of batches) {
    for (const { seq, type, at, id, prev, leaf, salt, payload } of records) {
      const kept = seq === 7 ? [null, null] : [salt, payload]
      insert.run(2 ** 40 + seq, typeNumber(type), at, uuidBytes(id), prev, leaf, ...kept)
    }
  }
  const head = batches.at(-1)?.head
  assert.ok(head)
  database
    .prepare("INSERT INTO ledger_writer (number, name, seq, hash) VALUES (1, 'main', ?, ?)")
    .run(head.seq, head.hash)
}
