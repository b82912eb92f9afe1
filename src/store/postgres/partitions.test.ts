import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Client } from 'pg'
import { countingBytes, countingIds, sampleAdmin } from '#ledger/samples.ts'
import { createLedgerWriter } from '#ledger/writer.ts'
import { openPostgres } from './open.ts'
import { createPartitions } from './partitions.ts'
import { openClient } from './pool.ts'
import { noServer } from './server-binaries.fixture.ts'
import { freshDatabase } from './server.fixture.ts'

const DAY = 86_400_000

describe('months of the ledger', { skip: (await noServer()) ?? false }, () => {
  test('that are over and that several chains filled are packed, and what was stopped is cleared away', async (t) => {
    const database = await freshDatabase()
    const opened = await openPostgres({ url: database.url })
    assert.ok(opened.ok)
    const store = opened.value
    const client = await openClient({ url: database.url })
    t.after(async () => {
      await client.end()
      await store.close()
      await database.drop()
    })
    await createPartitions(client).ensure([Date.UTC(2024, 0, 5)])
    const bytes = async (): Promise<number> => {
      const { rows } = await client.query<{ bytes: number }>(
        "SELECT pg_relation_size('ledger_2024_01_place') AS bytes",
      )
      return rows[0]?.bytes ?? 0
    }
    const [chains, records, batch] = [3, 30_000, 100]
    await client.query(`DO $$ BEGIN FOR i IN 0 .. ${records / batch - 1} LOOP
      INSERT INTO ledger (place, at, tenant, type, id, link, salt, body)
        SELECT ((1 + i % ${chains})::bigint << 40) + (i / ${chains}) * ${batch} + n, ${Date.UTC(2024, 0, 5)}, 1, 1,
          gen_random_uuid(), '\\x01020304', NULL, '\\x00' FROM generate_series(1, ${batch}) AS n;
      END LOOP; END $$`)
    await client.query('ANALYZE ledger_2024_01')
    await client.query('CREATE INDEX ledger_2024_01_place_ccnew ON ledger_2024_01 (place)')
    await client.query(
      "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ledger_2024_01_place_ccnew'::regclass",
    )
    const before = await bytes()
    await store.tidy(AbortSignal.abort())
    assert.equal(await bytes(), before)
    await Promise.all([store.tidy(), store.tidy()])
    const after = await bytes()
    assert.ok(after < records * 22, `${after} bytes for ${records} records`)
    assert.ok(before > after * 1.3, `${before} bytes before, ${after} after`)
    const { rows } = await client.query(
      "SELECT indisunique AS unique FROM pg_index WHERE indrelid = 'ledger_2024_01'::regclass AND indexrelid::regclass::text LIKE '%place%'",
    )
    assert.deepEqual(rows, [{ unique: true }])
  })

  test('that retention emptied are gone, and come back when a record needs them', async (t) => {
    const database = await freshDatabase()
    const opened = await openPostgres({ url: database.url })
    assert.ok(opened.ok)
    const store = opened.value
    const client = new Client({ connectionString: database.url })
    await client.connect()
    t.after(async () => {
      await client.end()
      await store.close()
      await database.drop()
    })
    const months = async (): Promise<string[]> => {
      const { rows } = await client.query<{ name: string }>(
        "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'ecluse.ledger'::regclass ORDER BY 1",
      )
      return rows.map(({ name }) => name.replace(/^.*ledger_/, ''))
    }
    let now = Date.UTC(2024, 0, 5)
    const clock = (): number => now
    const newId = countingIds(clock)
    const randomBytes = countingBytes()
    const writer = createLedgerWriter({
      store: store.ledger,
      writer: 'main',
      clock,
      newId,
      randomBytes,
      head: null,
    })
    const append = async (at: number): Promise<void> => {
      now = at
      const told = writer.append(sampleAdmin(), { tenant: 'default' })
      assert.ok(told.ok && (await told.value.durable).ok)
    }
    for (const day of [5, 25, 40, 65]) await append(Date.UTC(2024, 0, 1) + day * DAY)
    assert.deepEqual(await months(), ['2024_01', '2024_02', '2024_03', '2024_04'])
    // the third record is in a month with the first of those that stay
    assert.equal(await store.erasure.removeUpTo('main', 2, 100), 2)
    assert.equal(await store.erasure.removeUpTo('main', 2, 100), 0)
    assert.deepEqual(await months(), ['2024_02', '2024_03'])
    // a reader in the middle of a month keeps it for now, and is not kept waiting
    await client.query('BEGIN; SELECT count(*) FROM ecluse.ledger')
    assert.equal(await store.erasure.removeUpTo('main', 3, 100), 1)
    assert.equal(await store.erasure.removeUpTo('main', 3, 100), 0)
    assert.deepEqual(await months(), ['2024_02', '2024_03'])
    await client.query('COMMIT')
    assert.equal(await store.erasure.removeUpTo('main', 3, 100), 0)
    assert.deepEqual(await months(), ['2024_03'])
    await append(Date.UTC(2024, 3, 20))
    assert.equal((await store.ledger.head('main'))?.seq, 5)
    assert.deepEqual(await months(), ['2024_03', '2024_04', '2024_05'])
  })
})
