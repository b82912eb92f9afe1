import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { verifyLedger } from '#ledger/verify.ts'
import { SEQ_SPAN } from '../sql/ledger-row.ts'
import { migrate } from './migrate.ts'
import { MIGRATIONS } from './migrations/all.ts'
import { openPostgres } from './open.ts'
import { openClient } from './pool.ts'
import { noServer } from './server-binaries.fixture.ts'
import { freshDatabase } from './server.fixture.ts'

/** The last version whose rows could hold what those of today cannot. */
const WIDE = 16
/** All records fall into one month. */
const AT = 1_700_000_000_000
/** What somebody wrote past us: a place twice, an id that is too short, a type that is none. */
const ROWS = `INSERT INTO ledger (place, tenant, type, at, id, link, salt, body, leaf)
  SELECT ${SEQ_SPAN} + seq, 1, type, ${AT} + later, decode(repeat('07', length), 'hex'), '\\x01020304',
    decode(repeat('08', 16), 'hex'), '\\x00', NULL
  FROM (VALUES (1, 1, 0, 16), (1, 1, 1, 16), (2, 1, 2, 3), (3, 99999, 3, 16)) AS given (seq, type, later, length)`

describe('rows that are written anew', { skip: (await noServer()) ?? false }, () => {
  test('come through when somebody changed them so that they are no records, and are named then', async () => {
    const database = await freshDatabase()
    const client = await openClient({ url: database.url })
    try {
      await migrate(
        client,
        MIGRATIONS.filter(({ version }) => version <= WIDE),
      )
      await client.query(
        "CREATE TABLE ledger_2023_11 PARTITION OF ledger FOR VALUES FROM (1698796800000) TO (1701388800000); INSERT INTO tenant VALUES (1, 'default')",
      )
      await client.query(
        `INSERT INTO ledger_writer (number, name, seq, hash) VALUES (1, 'main', 3, decode(repeat('00', 32), 'hex'))`,
      )
      await client.query(ROWS)
      const opened = await openPostgres({ url: database.url })
      assert.ok(opened.ok)
      const { rows } = await client.query('SELECT place FROM ledger')
      assert.equal(rows.length, 4)
      const report = await verifyLedger(opened.value.ledger)
      assert.equal(report.firstProblem?.seq, 1)
      await opened.value.close()
    } finally {
      await client.end()
      await database.drop()
    }
  })
})
