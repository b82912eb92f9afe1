import type { Kysely } from 'kysely'
import type { Schema } from './schema.ts'

/** The typed query builder over whichever database is open. One statement at a time: a transaction never spans an await. */
export type Queries = Kysely<Schema>
