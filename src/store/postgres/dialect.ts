import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely'
import { DatabaseError, type Pool } from 'pg'
import type { Queries } from '../sql/queries.ts'
import type { Schema } from '../sql/schema.ts'

/** The typed query builder over the pool. */
export const queriesOn = (pool: Pool): Queries =>
  new Kysely<Schema>({ dialect: new PostgresDialect({ pool: discerning(pool) }) })

/** A connection whose last statement got no answer from the server is not used again: nobody knows what it would answer. */
function discerning(pool: Pool): PostgresPool {
  return {
    options: {},
    end: () => Promise.resolve(),
    async connect(): Promise<PostgresPoolClient> {
      const client = await pool.connect()
      let isDoubtful = false
      const query = async (text: string, parameters: readonly unknown[]) => {
        try {
          return await client.query(text, [...parameters])
        } catch (error) {
          isDoubtful ||= !(error instanceof DatabaseError)
          throw error
        }
      }
      const release = (): void => client.release(isDoubtful)
      // Kysely's type has a second form of query, with a cursor, for streams; the store reads in pages
      const connection: unknown = { query, release }
      return connection as PostgresPoolClient
    },
  }
}
