import type { Client } from 'pg'
import { err, ok, type Result } from '#kernel/result.ts'
import { headsOf } from '../copy/copy.ts'
import { COPY_PAGE, type CopySource, type CopyTarget } from '../copy/ports.ts'
import { isCopied, tableOf, type ColumnKind, type Row, type Table } from '../copy/table.ts'
import type { StoreProblem } from '../problem.ts'
import { readState, stateText } from '../copy/state.ts'
import { migrate, newestVersion, versionOf } from './migrate.ts'
import { MIGRATIONS } from './migrations/all.ts'
import { placeOf, problemOf } from './open-problem.ts'
import { createPartitions } from './partitions.ts'
import { MOMENT, openClient, SCHEMA, type ServerOptions } from './pool.ts'

/** The database as it is now, whatever is written to it meanwhile. */
export async function openCopySource(
  options: ServerOptions,
): Promise<Result<CopySource, StoreProblem>> {
  return withClient(options, async (client, path) => {
    const version = await versionOf(client)
    if (version === null) return err({ code: 'foreign', path, found: '' })
    if (version === 0) return err({ code: 'missing', path, found: '' })
    const newest = newestVersion(MIGRATIONS)
    if (version > newest) return err({ code: 'newer', path, found: `${version} > ${newest}` })
    if (await isUnfinished(client)) return err({ code: 'unfinished', path, found: '' })
    await client.query(MOMENT)
    const tables = (await tablesOf(client)).map(({ table }) => table)
    const read = reading(client)
    return ok({
      kind: 'postgresql' as const,
      version,
      tables,
      heads: () => headsOf({ ...read, tables }),
      ...read,
      close: () => client.end(),
    })
  })
}

/** A new schema of this version, or one that an interrupted copy left. */
export async function openCopyTarget(
  options: ServerOptions,
  version: number,
): Promise<Result<CopyTarget, StoreProblem>> {
  return withClient(options, async (client, path) => {
    const newest = newestVersion(MIGRATIONS)
    if (version > newest) return err({ code: 'newer', path, found: `${version} > ${newest}` })
    const found = await versionOf(client)
    if (found === null) return err({ code: 'foreign', path, found: '' })
    const isNew = found === 0 && !(await isUnfinished(client))
    if (!isNew && !(await isUnfinished(client))) return err({ code: 'not-empty', path, found: '' })
    if (isNew) {
      await client.query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`)
      await client.query('CREATE TABLE copy_state (state TEXT, foreign_keys TEXT)')
    }
    await migrate(
      client,
      MIGRATIONS.filter((migration) => migration.version <= version),
    )
    await putForeignKeysAside(client)
    return ok(await targetOn(client))
  })
}

/** Whether a copy into this schema was begun and not finished. */
export async function isUnfinished(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ known: boolean }>(
    `SELECT to_regclass('${SCHEMA}.copy_state') IS NOT NULL AS known`,
  )
  return rows[0]?.known === true
}

async function withClient<T>(
  options: ServerOptions,
  use: (client: Client, path: string) => Promise<Result<T, StoreProblem>>,
): Promise<Result<T, StoreProblem>> {
  const path = placeOf(options.url) ?? '?'
  let client: Client | null = null
  try {
    client = await openClient({ ...options, statementTimeout: 0 })
    const used = await use(client, path)
    if (!used.ok) await client.end()
    return used
  } catch (error) {
    await client?.end().catch(() => {})
    return err(problemOf(error, path))
  }
}

interface KnownTable {
  readonly table: Table
  /** Types of the columns, in the order of the table's. */
  readonly types: readonly string[]
}

async function targetOn(client: Client): Promise<CopyTarget> {
  const known = await tablesOf(client)
  const partitions = createPartitions(client)
  const { rows } = await client.query<{ state: string | null }>('SELECT state FROM copy_state')
  return {
    tables: known.map(({ table }) => table),
    state: readState(rows[0]?.state),
    async clear(tables) {
      const names = tables.map(({ name }) => name).join(', ')
      await client.query(`TRUNCATE ${names}`)
    },
    async write(table, page, state) {
      const types = known.find((one) => one.table.name === table.name)?.types ?? []
      const at = table.columns.findIndex(({ name }) => name === 'at')
      if (table.name === 'ledger') await partitions.ensure(page.map((row) => Number(row[at])))
      const names = table.columns.map(({ name }) => `"${name}"`).join(', ')
      const arrays = types.map((type, i) => `$${i + 1}::${type === 'uuid' ? 'bytea' : type}[]`)
      const values = types.map((type, i) =>
        type === 'uuid' ? `encode(c${i}, 'hex')::uuid` : `c${i}`,
      )
      const given = types.map((_, i) => `c${i}`).join(', ')
      await client.query('BEGIN')
      try {
        await client.query(
          `INSERT INTO ${table.name} (${names})
            SELECT ${values.join(', ')} FROM unnest(${arrays.join(', ')}) AS page (${given})`,
          table.columns.map((_, i) => page.map((row) => row[i] ?? null)),
        )
        await client.query('UPDATE copy_state SET state = $1', [stateText(state)])
        await client.query('COMMIT')
      } catch (error) {
        await client.query('ROLLBACK').catch(() => {})
        throw error
      }
    },
    ...reading(client),
    async finish() {
      await putForeignKeysBack(client)
      await resetCounters(client)
      await migrate(client, MIGRATIONS)
      await client.query('DROP TABLE copy_state')
    },
    close: () => client.end(),
  }
}

/** Rows come in the order of tables and keys, not in that of what refers to what. */
async function putForeignKeysAside(client: Client): Promise<void> {
  const { rows } = await client.query<{ on: string; name: string; text: string }>(
    `SELECT conrelid::regclass::text AS on, conname AS name, pg_get_constraintdef(oid) AS text FROM pg_constraint
      WHERE contype = 'f' AND connamespace = '${SCHEMA}'::regnamespace AND conparentid = 0`,
  )
  const { rowCount } = await client.query('SELECT FROM copy_state')
  if (rowCount !== 0) return
  await client.query('BEGIN')
  await client.query('INSERT INTO copy_state (foreign_keys) VALUES ($1)', [JSON.stringify(rows)])
  for (const { on, name } of rows) await client.query(`ALTER TABLE ${on} DROP CONSTRAINT "${name}"`)
  await client.query('COMMIT')
}

async function putForeignKeysBack(client: Client): Promise<void> {
  const { rows } = await client.query<{ foreign_keys: string }>(
    'SELECT foreign_keys FROM copy_state',
  )
  const keys = JSON.parse(rows[0]?.foreign_keys ?? '[]') as {
    on: string
    name: string
    text: string
  }[]
  await client.query('BEGIN')
  for (const { on, name, text } of keys) {
    await client.query(`ALTER TABLE ${on} ADD CONSTRAINT "${name}" ${text}`)
  }
  await client.query("UPDATE copy_state SET foreign_keys = '[]'")
  await client.query('COMMIT')
}

/** Numbers that the server gives go on after those that came. */
async function resetCounters(client: Client): Promise<void> {
  const { rows } = await client.query<{ on: string; name: string }>(
    `SELECT attrelid::regclass::text AS on, attname AS name FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
      WHERE relnamespace = '${SCHEMA}'::regnamespace AND attidentity <> '' AND NOT relispartition`,
  )
  for (const { on, name } of rows) {
    await client.query(
      `SELECT setval(pg_get_serial_sequence('${on}', '${name}'), coalesce(max("${name}"), 0) + 1, false) FROM ${on}`,
    )
  }
}

function reading(client: Client): Pick<CopySource, 'count' | 'rows'> {
  return {
    async count({ name }) {
      const { rows } = await client.query<{ rows: number }>(`SELECT count(*) AS rows FROM ${name}`)
      return rows[0]?.rows ?? 0
    },
    async rows(table, after) {
      const names = table.columns.map(({ name }) => `"${name}"`).join(', ')
      const key = table.key.map((name) => `"${name}"`).join(', ')
      const places = table.key.map((_, i) => `$${i + 1}`).join(', ')
      const { rows } = await client.query({
        text: `SELECT ${names} FROM ${table.name} ${after ? `WHERE (${key}) > (${places})` : ''}
          ORDER BY ${key} LIMIT ${COPY_PAGE}`,
        values: [...(after ?? [])],
        rowMode: 'array',
      })
      return rows as Row[]
    },
  }
}

/** What tells rows apart where no primary key does: each month of the ledger keeps its places unique by itself. */
const KEYS: Readonly<Record<string, readonly string[]>> = { ledger: ['place', 'at'] }

const KINDS: Readonly<Record<string, ColumnKind>> = {
  smallint: 'integer',
  integer: 'integer',
  bigint: 'integer',
  'double precision': 'real',
  real: 'real',
  text: 'text',
  bytea: 'bytes',
  uuid: 'bytes',
}

/** Tables of our schema, partitions as a part of theirs, without computed columns. */
async function tablesOf(client: Client): Promise<KnownTable[]> {
  const { rows } = await client.query<{ table: string; name: string; type: string; key: number }>(
    `SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, NULL) AS type,
        coalesce(array_position(i.indkey::int2[], a.attnum), -1) AS key
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
      WHERE c.relnamespace = '${SCHEMA}'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      ORDER BY c.relname, a.attname COLLATE "C"`,
  )
  const names = [...new Set(rows.map(({ table }) => table))].filter((name) => isCopied(name))
  return names.map((name) => {
    const own = rows.filter((row) => row.table === name && isCopied(name, row.name))
    const columns = own.map((row) => {
      const kind = KINDS[row.type]
      if (kind === undefined) throw new TypeError(`${name}.${row.name} is of type ${row.type}`)
      return { name: row.name, kind }
    })
    const primary = own.filter((row) => row.key >= 0).toSorted((a, b) => a.key - b.key)
    const key = KEYS[name] ?? primary.map((row) => row.name)
    const table = tableOf(name, columns, key)
    const types = table.columns.map(
      (column) => own.find((row) => row.name === column.name)?.type ?? '',
    )
    return { table, types }
  })
}

/** Room that our schema takes on the server, indexes included. @throws what the server says */
export async function schemaBytes(options: ServerOptions): Promise<number> {
  const client = await openClient(options)
  try {
    const { rows } = await client.query<{ bytes: number }>(
      `SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint AS bytes FROM pg_class
        WHERE relnamespace = '${SCHEMA}'::regnamespace AND relkind IN ('r', 'm')`,
    )
    return rows[0]?.bytes ?? 0
  } finally {
    await client.end()
  }
}
