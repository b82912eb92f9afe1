import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely'
import { DatabaseError, type Pool, type QueryConfig } from 'pg'
import type { Milliseconds } from '#kernel/units.ts'
import type { Queries } from '../sql/queries.ts'
import type { Schema } from '../sql/schema.ts'

/** The typed query builder over the pool; without a `patience`, as patient as the pool. */
export const queriesOn = (pool: Pool, patience?: Milliseconds): Queries =>
  new Kysely<Schema>({ dialect: new PostgresDialect({ pool: discerning(pool, patience) }) })

/** What a server says that has become a standby, or was set so that it can only be read. */
const READ_ONLY = '25006'

/** A connection whose last statement got no answer from the server is not used again: nobody knows what it would answer. Neither is one to a server that takes no writes any more: another may by now. */
function discerning(pool: Pool, patience: Milliseconds | undefined): PostgresPool {
  return {
    options: {},
    end: () => Promise.resolve(),
    async connect(): Promise<PostgresPoolClient> {
      const client = await pool.connect()
      let isDoubtful = false
      const query = async (text: string, parameters: readonly unknown[]) => {
        try {
          return await client.query(withPatience({ text, values: [...parameters] }, patience))
        } catch (error) {
          isDoubtful ||= !(error instanceof DatabaseError) || error.code === READ_ONLY
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

/** The driver takes a limit for one query, in milliseconds; its types do not know it. */
export const withPatience = <Query extends QueryConfig>(
  query: Query,
  patience: Milliseconds | undefined,
): Query => (patience === undefined ? query : { ...query, query_timeout: patience })
