import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe } from 'node:test'
import { pastVersions, type OldRow } from '../contract/past-versions.ts'
import { migrate } from './migrate.ts'
import { MIGRATIONS } from './migrations/all.ts'
import { openStore } from './open.ts'
import { temporaryDirectory } from './temporary.ts'

const KINDS = { INTEGER: 'integer', REAL: 'real', TEXT: 'text', BLOB: 'bytes' } as const

void describe('files of past versions', () =>
  pastVersions(
    MIGRATIONS.map(({ version }) => version),
    async (version) => {
      const directory = temporaryDirectory()
      const path = join(directory.path, 'ecluse.db')
      const database = new DatabaseSync(path)
      migrate(
        database,
        MIGRATIONS.filter((one) => one.version <= version),
      )
      const names = (sql: string): string[] =>
        database
          .prepare(sql)
          .all()
          .map(({ name }) => String(name))
      return {
        async tables() {
          const tables = names("SELECT name FROM sqlite_schema WHERE type = 'table'")
          return new Map(
            tables.map((table) => {
              const columns = database.prepare(
                `SELECT name, type FROM pragma_table_info('${table}')`,
              )
              const kindOf = (type: unknown) => {
                const kind = Object.entries(KINDS).find(([name]) => name === type)?.[1]
                assert.ok(kind)
                return kind
              }
              const of = columns
                .all()
                .map(({ name, type }) => [String(name), kindOf(type)] as const)
              return [table, new Map(of)]
            }),
          )
        },
        async insert(table, row) {
          const columns = Object.keys(row)
          database
            .prepare(
              `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
            )
            .run(...Object.values(row))
        },
        rows: async (table) =>
          database
            .prepare(`SELECT * FROM ${table}`)
            .all()
            .map((row) => row as OldRow),
        async open() {
          const opened = openStore({ path })
          assert.ok(opened.ok)
          return opened.value
        },
        async remove() {
          database.close()
          directory.remove()
        },
      }
    },
  ))
