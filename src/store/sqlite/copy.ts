import { existsSync } from 'node:fs'
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import { err, ok, type Result } from '#kernel/result.ts'
import { headsOf } from '../copy/copy.ts'
import { COPY_PAGE, type CopySource, type CopyTarget } from '../copy/ports.ts'
import { readState, stateText } from '../copy/state.ts'
import {
  isCopied,
  tableOf,
  type Column,
  type ColumnKind,
  type Table,
  type Value,
} from '../copy/table.ts'
import type { StoreProblem } from '../problem.ts'
import { openDatabase } from './database.ts'
import { APPLICATION_ID, isUnfinished, migrate, newestVersion, versionOf } from './migrate.ts'
import { MIGRATIONS } from './migrations/all.ts'
import { createPrivateFile } from './private-file.ts'
import { inTransaction } from './transaction.ts'

/** The file as it is now, whatever is written to it meanwhile. */
export function openCopySource(path: string): Result<CopySource, StoreProblem> {
  const opened = openDatabase({ path, readOnly: true })
  if (!opened.ok) return opened
  const database = opened.value
  // the first read begins the snapshot, and the transaction keeps it
  database.exec('BEGIN')
  const version = versionOf(database)
  const tables = tablesOf(database)
  const read = reading(database)
  return ok({
    kind: 'sqlite',
    version,
    tables,
    heads: () => headsOf({ ...read, tables }),
    ...read,
    close: () => Promise.resolve(database.close()),
  })
}

/** A new file with the schema of this version, or one that an interrupted copy left. */
export function openCopyTarget(path: string, version: number): Result<CopyTarget, StoreProblem> {
  if (version > newestVersion(MIGRATIONS)) {
    return err({ code: 'newer', path, found: `${version} > ${newestVersion(MIGRATIONS)}` })
  }
  const isNew = !existsSync(path)
  createPrivateFile(path)
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false })
  if (!isNew && !isUnfinished(database)) {
    database.close()
    return err({ code: 'not-empty', path, found: '' })
  }
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  if (isNew) {
    inTransaction(database, () => {
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}`)
      database.exec('CREATE TABLE copy_state (state TEXT NOT NULL) STRICT')
    })
  }
  migrate(
    database,
    MIGRATIONS.filter((migration) => migration.version <= version),
  )
  return ok(targetOn(database))
}

function targetOn(database: DatabaseSync): CopyTarget {
  const inserts = new Map<string, StatementSync>()
  const insertInto = (table: Table): StatementSync => {
    const known = inserts.get(table.name)
    if (known) return known
    const names = table.columns.map(({ name }) => quoted(name)).join(', ')
    const places = table.columns.map(() => '?').join(', ')
    const made = database.prepare(`INSERT INTO ${quoted(table.name)} (${names}) VALUES (${places})`)
    inserts.set(table.name, made)
    return made
  }
  return {
    tables: tablesOf(database),
    state: readState(database.prepare('SELECT state FROM copy_state').get()?.['state']),
    async clear(tables) {
      inTransaction(database, () => {
        for (const { name } of tables) database.exec(`DELETE FROM ${quoted(name)}`)
      })
    },
    async write(table, rows, state) {
      const insert = insertInto(table)
      inTransaction(database, () => {
        for (const row of rows) insert.run(...row)
        database.exec('DELETE FROM copy_state')
        database.prepare('INSERT INTO copy_state (state) VALUES (?)').run(stateText(state))
      })
    },
    ...reading(database),
    async finish() {
      const broken = database.prepare('PRAGMA foreign_key_check').get()
      if (broken)
        throw new Error(`a row of ${String(broken['table'])} refers to one that is missing`)
      database.exec('PRAGMA foreign_keys = ON')
      migrate(database, MIGRATIONS)
      database.exec('DROP TABLE copy_state')
    },
    close: () => Promise.resolve(database.close()),
  }
}

function reading(database: DatabaseSync): Pick<CopySource, 'count' | 'rows'> {
  return {
    count: async ({ name }) =>
      Number(database.prepare(`SELECT count(*) AS rows FROM ${quoted(name)}`).get()?.['rows']),
    async rows(table, after) {
      const names = table.columns.map((column) => quoted(column.name)).join(', ')
      const key = table.key.map(quoted).join(', ')
      const from = after ? `WHERE (${key}) > (${table.key.map(() => '?').join(', ')})` : ''
      const page = database.prepare(
        `SELECT ${names} FROM ${quoted(table.name)} ${from} ORDER BY ${key} LIMIT ${COPY_PAGE}`,
      )
      page.setReadBigInts(true)
      const rows = page.all(...(after ?? []))
      return rows.map((row) => table.columns.map(({ name }) => valueOf(row[name] ?? null)))
    },
  }
}

const valueOf = (value: SQLOutputValue): Value =>
  typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value

function tablesOf(database: DatabaseSync): Table[] {
  const named = database.prepare(
    "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
  )
  const names = named.all().map(({ name }) => String(name))
  return names
    .filter((name) => isCopied(name))
    .map((name) => {
      const all = database.prepare('SELECT * FROM pragma_table_xinfo(?)').all(name)
      // 1 to 3: hidden, or computed from the others
      const stored = all.filter(({ hidden }) => hidden === 0)
      const columns = stored.map((column) => columnOf(name, column))
      const key = stored
        .filter(({ pk }) => Number(pk) > 0)
        .toSorted((a, b) => Number(a['pk']) - Number(b['pk']))
      return tableOf(
        name,
        columns,
        key.map((column) => String(column['name'])),
      )
    })
}

const KINDS: Readonly<Record<string, ColumnKind>> = {
  INTEGER: 'integer',
  INT: 'integer',
  REAL: 'real',
  TEXT: 'text',
  BLOB: 'bytes',
}

function columnOf(table: string, column: Record<string, SQLOutputValue>): Column {
  const [name, type] = [String(column['name']), String(column['type'])]
  const kind = KINDS[type]
  if (kind === undefined) throw new TypeError(`${table}.${name} is of type ${type}`)
  return { name, kind }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
