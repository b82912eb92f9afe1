import type { ConnectionOptions } from 'node:tls'
import { Client, DatabaseError, Pool, TypeOverrides, type ClientBase, type ClientConfig } from 'pg'
import type { Milliseconds } from '#kernel/units.ts'
import { uuidBytes } from '../sql/ledger-row.ts'
import { serversOf } from './servers.ts'

export interface ServerOptions {
  /** `postgresql://user:password@host:port/database`, or with several servers that stand for each other; a secret, never shown. */
  readonly url: string
  /** Certificates and names to check; absent: as the address says (`?sslmode=`). */
  readonly tls?: ConnectionOptions | undefined
  /** Connections of this process; 10 when absent. */
  readonly connections?: number | undefined
  /** How long to wait for a connection, five seconds when absent. */
  readonly connectTimeout?: Milliseconds | undefined
  /** How long one statement may take before it counts as failed, half a minute when absent; 0: for ever. */
  readonly statementTimeout?: Milliseconds | undefined
  /** Nothing will be written: a standby is as good. */
  readonly readOnly?: boolean | undefined
  /** Every read of a pool sees the database as it was at the first one, whatever is written to it meanwhile: it has one connection. */
  readonly moment?: boolean | undefined
}

/** Everything of ours lives in this schema: a database may be shared with other programs. */
export const SCHEMA = 'ecluse'

const CONNECTIONS = 10
const CONNECT_TIMEOUT: Milliseconds = 5000
const STATEMENT_TIMEOUT: Milliseconds = 30_000
/** Beyond the server's own limit: only a server that is gone does not answer by then. */
const SILENCE: Milliseconds = 5000

/** What requests wait for gets an answer by then, or the server counts as away: one that is cut off does not refuse, it is silent. */
export const REQUEST_PATIENCE: Milliseconds = 5000

/** BIGINT and UUID: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const BIGINT = 20
const UUID = 2950

/**
 * Durable commits, whatever the role's default is (a stricter setting, such as remote_apply, is left alone), our own
 * schema, and an end for what nobody waits for any more. Queries of milliseconds are not compiled first: with many
 * months a plan looks dear, and compiling it takes ten times as long as the query.
 */
const settings = (statementTimeout: Milliseconds): string => `SELECT
  set_config('search_path', '${SCHEMA}', false),
  set_config('statement_timeout', '${statementTimeout}', false),
  set_config('idle_in_transaction_session_timeout', '${statementTimeout}', false),
  set_config('jit', 'off', false),
  CASE WHEN current_setting('synchronous_commit') = 'off'
    THEN set_config('synchronous_commit', 'on', false) END,
  current_setting('transaction_read_only') AS readonly`

/** What a server says that cannot be written to: a standby, or one that was set so. */
const READ_ONLY = '25006'

/** Begins a transaction whose first read says what all later ones see. */
export const MOMENT = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'

/** Connections to a server. They are opened when needed, and replaced when they break; of several servers they go to the one that can be written to. */
export function openPool(options: ServerOptions): Pool {
  const servers = serversOf(options.url)
  const config = clientConfig(options)
  /** A connection to the server that is asked at present. */
  class FollowingClient extends Client {
    readonly address: string

    constructor() {
      const address = servers.current()
      super({ ...config, connectionString: address })
      this.address = address
    }

    override connect(): Promise<this>
    override connect(callback: (error: Error) => void): void
    override connect(callback?: (error: Error) => void): Promise<this> | void {
      if (!callback) return super.connect() as Promise<this>
      super.connect((error: Error) => {
        if (error) servers.refused(this.address)
        callback(error)
      })
    }
  }
  const pool = new Pool({
    ...config,
    Client: FollowingClient,
    max: options.moment ? 1 : (options.connections ?? CONNECTIONS),
    ...(options.moment ? { idleTimeoutMillis: 0 } : {}),
    onConnect: async (client) => {
      // one that breaks while it is in use tells it twice: by its query, and as an event that would end the process
      client.on('error', () => {})
      try {
        await prepareSession(client, options, servers.hasOthers)
        if (options.moment) await client.query(MOMENT)
      } catch (error) {
        if (client instanceof FollowingClient) servers.refused(client.address)
        throw error
      }
    },
  })
  // an idle connection that the server ends is replaced at the next use; without a listener it would end the process
  pool.on('error', () => {})
  return pool
}

/** One connection beside the pool, for what takes it for itself. @throws when no server can be reached, or none that can be written to */
export async function openClient(options: ServerOptions): Promise<Client> {
  const servers = serversOf(options.url)
  const asked = new Set<string>()
  let problem: unknown = null
  for (;;) {
    const address = servers.current()
    // what a server says is worth more than the silence of another
    if (asked.has(address)) throw problem
    asked.add(address)
    try {
      return await clientOf(address, options, servers.hasOthers)
    } catch (error) {
      if (!(problem instanceof DatabaseError)) problem = error
      servers.refused(address)
    }
  }
}

async function clientOf(
  address: string,
  options: ServerOptions,
  isOneOfSeveral: boolean,
): Promise<Client> {
  const client = new Client({ ...clientConfig(options), connectionString: address })
  client.on('error', () => {})
  try {
    await client.connect()
    await prepareSession(client, options, isOneOfSeveral)
    return client
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }
}

/** @throws when the session can only read, where another server may do more */
async function prepareSession(
  client: ClientBase,
  { statementTimeout = STATEMENT_TIMEOUT, readOnly = false }: ServerOptions,
  isOneOfSeveral: boolean,
): Promise<void> {
  const { rows } = await client.query<{ readonly: string }>(settings(statementTimeout))
  if (readOnly || !isOneOfSeveral || rows[0]?.readonly !== 'on') return
  const problem = new DatabaseError('read-only', 0, 'error')
  problem.code = READ_ONLY
  throw problem
}

function clientConfig(options: ServerOptions): ClientConfig {
  const statementTimeout = options.statementTimeout ?? STATEMENT_TIMEOUT
  const types = new TypeOverrides()
  types.setTypeParser(BIGINT, integer)
  types.setTypeParser(UUID, uuidBytes)
  return {
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
