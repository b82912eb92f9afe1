import type { ConnectionOptions } from 'node:tls'
import { Client, Pool, TypeOverrides, type ClientConfig } from 'pg'
import type { Milliseconds } from '#kernel/units.ts'

export interface ServerOptions {
  /** `postgresql://user:password@host:port/database`; a secret, never shown. */
  readonly url: string
  /** Certificates and names to check; absent: as the address says (`?sslmode=`). */
  readonly tls?: ConnectionOptions | undefined
  /** Connections of this process; 10 when absent. */
  readonly connections?: number | undefined
  /** How long to wait for a connection, five seconds when absent. */
  readonly connectTimeout?: Milliseconds | undefined
  /** How long one statement may take before it counts as failed, half a minute when absent; 0: for ever. */
  readonly statementTimeout?: Milliseconds | undefined
}

/** Everything of ours lives in this schema: a database may be shared with other programs. */
export const SCHEMA = 'ecluse'

const CONNECTIONS = 10
const CONNECT_TIMEOUT: Milliseconds = 5000
const STATEMENT_TIMEOUT: Milliseconds = 30_000
/** Beyond the server's own limit: only a server that is gone does not answer by then. */
const SILENCE: Milliseconds = 5000

/** BIGINT: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const BIGINT = 20

/**
 * Durable commits, whatever the role's default is (a stricter setting, such as remote_apply, is left alone), our own
 * schema, and an end for what nobody waits for any more.
 */
const settings = (statementTimeout: Milliseconds): string => `SELECT
  set_config('search_path', '${SCHEMA}', false),
  set_config('statement_timeout', '${statementTimeout}', false),
  set_config('idle_in_transaction_session_timeout', '${statementTimeout}', false),
  CASE WHEN current_setting('synchronous_commit') = 'off'
    THEN set_config('synchronous_commit', 'on', false) END`

/** Connections to a server. They are opened when needed, and replaced when they break. */
export function openPool(options: ServerOptions): Pool {
  const pool = new Pool({
    ...clientConfig(options),
    max: options.connections ?? CONNECTIONS,
    onConnect: async (client) => {
      // one that breaks while it is in use tells it twice: by its query, and as an event that would end the process
      client.on('error', () => {})
      await client.query(settings(options.statementTimeout ?? STATEMENT_TIMEOUT))
    },
  })
  // an idle connection that the server ends is replaced at the next use; without a listener it would end the process
  pool.on('error', () => {})
  return pool
}

/** One connection beside the pool, for what takes it for itself. @throws when the server cannot be reached */
export async function openClient(options: ServerOptions): Promise<Client> {
  const client = new Client(clientConfig(options))
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(settings(options.statementTimeout ?? STATEMENT_TIMEOUT))
    return client
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }
}

function clientConfig(options: ServerOptions): ClientConfig {
  const statementTimeout = options.statementTimeout ?? STATEMENT_TIMEOUT
  const types = new TypeOverrides()
  types.setTypeParser(BIGINT, integer)
  return {
    connectionString: options.url,
    application_name: 'ecluse',
    connectionTimeoutMillis: options.connectTimeout ?? CONNECT_TIMEOUT,
    query_timeout: options.statementTimeout === 0 ? 0 : statementTimeout + SILENCE,
    keepAlive: true,
    types,
    ...(options.tls ? { ssl: options.tls } : {}),
  }
}

/** Numbers where they are exact; a forged one beyond 2^53 comes through as a bigint. */
function integer(text: string): number | bigint {
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : BigInt(text)
}
