import { sql } from 'kysely'
import type { Client, Pool } from 'pg'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Store } from '../ports.ts'
import type { StoreProblem } from '../problem.ts'
import { createSharedStores } from '../sql/shared-stores.ts'
import { alone } from './alone.ts'
import { createChanges } from './changes.ts'
import { isUnfinished } from './copy.ts'
import { queriesOn } from './dialect.ts'
import { createLedgerErasure } from './ledger-erasure.ts'
import { createLedgerIndex } from './ledger-index.ts'
import { createLedgerStore } from './ledger-store.ts'
import { migrate, newestVersion, versionOf } from './migrate.ts'
import { MIGRATIONS } from './migrations/all.ts'
import { placeOf, problemOf } from './open-problem.ts'
import { packMonths } from './pack-months.ts'
import { openClient, openPool, REQUEST_PATIENCE, type ServerOptions } from './pool.ts'
import { createWriterLeases } from './writer-leases.ts'

/** The time of the database, milliseconds since 1970. */
const TIME = 'floor(extract(epoch from clock_timestamp()) * 1000)::bigint'
const NOW = sql<number>`${sql.raw(TIME)}`

/** As the triggers do: the counter for those who do not hear, and a word to those who do. */
const TELL = `WITH told AS (INSERT INTO change AS known (topic, number) VALUES ($1, 1)
  ON CONFLICT (topic) DO UPDATE SET number = known.number + 1 RETURNING topic)
  SELECT pg_notify('ecluse_change', topic) FROM told`

export interface OpenOptions extends ServerOptions {
  /** Reads only; the schema must exist and be up to date. */
  readonly readOnly?: boolean | undefined
}

/** Opens a database on a PostgreSQL server, creating or migrating our schema in it unless read-only. */
export async function openPostgres(options: OpenOptions): Promise<Result<Store, StoreProblem>> {
  const place = placeOf(options.url)
  if (place === null) return err({ code: 'unreachable', path: '?', found: 'address' })
  const problem = await prepare(options, place)
  if (problem) return err(problem)
  const pool = openPool(options)
  const connect = () => openClient({ ...options, statementTimeout: 0 })
  return ok(storeOn(pool, connect))
}

function storeOn(pool: Pool, connect: () => Promise<Client>): Store {
  const changes = createChanges(pool, connect)
  const queries = queriesOn(pool)
  const prompt = queriesOn(pool, REQUEST_PATIENCE)
  return {
    ledger: createLedgerStore(pool, queries),
    ...createSharedStores(queries, NOW, prompt, (topic) => pool.query(TELL, [topic])),
    index: createLedgerIndex(pool, queries),
    erasure: createLedgerErasure(pool, queries),
    leases: createWriterLeases(pool),
    changes,
    async version() {
      const { rows } = await pool.query<{ server_version: string }>('SHOW server_version')
      return rows[0]?.server_version ?? null
    },
    async time() {
      const { rows } = await pool.query<{ now: number }>(`SELECT ${TIME} AS now`)
      return rows[0]?.now ?? Number.NaN
    },
    alone: (name, work) => alone(connect, name, work),
    tidy: (signal) => packMonths(connect, signal),
    async close() {
      await changes.close()
      await pool.end()
    },
  }
}

async function prepare(options: OpenOptions, path: string): Promise<StoreProblem | null> {
  const { readOnly = false } = options
  try {
    // migrating, and waiting for another gateway that does, may take long
    const client = await openClient({ ...options, statementTimeout: 0 })
    try {
      const [version, newest] = [await versionOf(client), newestVersion(MIGRATIONS)]
      if (version === null) return { code: 'foreign', path, found: '' }
      if (version > newest) return { code: 'newer', path, found: `${version} > ${newest}` }
      if (await isUnfinished(client)) return { code: 'unfinished', path, found: '' }
      if (version === newest) return null
      if (readOnly && version === 0) return { code: 'missing', path, found: '' }
      if (readOnly) return { code: 'older', path, found: `${version} < ${newest}` }
      await migrate(client, MIGRATIONS)
      return null
    } finally {
      await client.end()
    }
  } catch (error) {
    return problemOf(error, path)
  }
}
