import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { pastVersions, type OldRow } from '../contract/past-versions.ts'
import { migrate } from './migrate.ts'
import { MIGRATIONS } from './migrations/all.ts'
import { openPostgres } from './open.ts'
import { createPartitions } from './partitions.ts'
import { openClient } from './pool.ts'
import { noServer } from './server-binaries.fixture.ts'
import { freshDatabase } from './server.fixture.ts'

const KINDS: Readonly<Record<string, 'integer' | 'real' | 'text' | 'bytes'>> = {
  smallint: 'integer',
  integer: 'integer',
  bigint: 'integer',
  'double precision': 'real',
  text: 'text',
  bytea: 'bytes',
  uuid: 'bytes',
}
/** What a database says of itself. */
const OWN = ['schema_version', 'change']
const COLUMNS = `SELECT c.relname AS table, a.attname AS column, format_type(a.atttypid, NULL) AS type
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.relnamespace = 'ecluse'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND a.attnum > 0 AND NOT a.attisdropped AND NOT (c.relname = ANY($1))
  ORDER BY 1, a.attnum`

void describe('databases of past versions', { skip: (await noServer()) ?? false }, () =>
  pastVersions(
    MIGRATIONS.map(({ version }) => version),
    async (version, times) => {
      const database = await freshDatabase()
      const client = await openClient({ url: database.url })
      await migrate(
        client,
        MIGRATIONS.filter((one) => one.version <= version),
      )
      await createPartitions(client).ensure(times)
      return {
        async tables() {
          const { rows } = await client.query<{ table: string; column: string; type: string }>(
            COLUMNS,
            [OWN],
          )
          const tables = new Map<string, Map<string, 'integer' | 'real' | 'text' | 'bytes'>>()
          for (const { table, column, type } of rows) {
            const kind = KINDS[type]
            assert.ok(kind, `${table}.${column} is ${type}`)
            const columns = tables.get(table) ?? new Map()
            tables.set(table, columns.set(column, kind))
          }
          return tables
        },
        async insert(table, row) {
          const columns = Object.keys(row)
          const places = columns.map((_, index) => `$${index + 1}`)
          await client.query(
            `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`,
            Object.values(row),
          )
        },
        rows: async (table) => (await client.query<OldRow>(`SELECT * FROM ${table}`)).rows,
        async open() {
          const opened = await openPostgres({ url: database.url })
          assert.ok(opened.ok)
          return opened.value
        },
        async remove() {
          await client.end()
          await database.drop()
        },
      }
    },
  ),
)
