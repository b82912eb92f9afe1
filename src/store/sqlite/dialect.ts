import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'
import { Kysely, SqliteDialect, type SqliteStatement } from 'kysely'
import type { Queries } from '../sql/queries.ts'
import type { Schema } from '../sql/schema.ts'

/** The typed query builder over Node's own SQLite. One statement at a time: `inTransaction` is the only transaction. */
export function queriesOn(database: DatabaseSync): Queries {
  const prepare = (sql: string): SqliteStatement => {
    if (sql === 'begin') throw new TypeError('a transaction of the store never spans an await')
    return statement(database.prepare(sql))
  }
  const close = () => database.close()
  return new Kysely<Schema>({ dialect: new SqliteDialect({ database: { close, prepare } }) })
}

function statement(prepared: StatementSync): SqliteStatement {
  // A forged number beyond 2^53 must not make a whole query fail: it comes through as a bigint.
  prepared.setReadBigInts(true)
  return {
    reader: prepared.columns().length > 0,
    all: (parameters) => prepared.all(...parameters.map(bindable)).map(plain),
    run: (parameters) => prepared.run(...parameters.map(bindable)),
    iterate: () => {
      throw new TypeError('the store reads in pages')
    },
  }
}

function plain(row: Record<string, SQLOutputValue>): Record<string, SQLOutputValue> {
  for (const [name, value] of Object.entries(row)) {
    if (typeof value === 'bigint' && value === BigInt.asIntN(53, value)) row[name] = Number(value)
  }
  return row
}

function bindable(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  if (typeof value === 'bigint' || value instanceof Uint8Array) return value
  throw new TypeError(`SQLite cannot store a value of type ${typeof value}`)
}
