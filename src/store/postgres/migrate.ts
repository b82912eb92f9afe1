import type { Client } from 'pg'
import type { Migration } from './migrations/migration.ts'
import { SCHEMA } from './pool.ts'

/** "ECLU" in ASCII, as in the SQLite file: whoever migrates holds this advisory lock. */
const LOCK = 0x45434c55

/** The number of the last migration the schema went through; 0 where there is none, null when it is somebody else's. */
export async function versionOf(client: Client): Promise<number | null> {
  const found = await client.query<{ tables: number; own: boolean }>(
    `SELECT count(*)::int AS tables, coalesce(bool_or(relname = 'schema_version'), false) AS own
      FROM pg_class WHERE relnamespace = to_regnamespace('${SCHEMA}') AND relkind IN ('r', 'p', 'v')`,
  )
  const { tables = 0, own = false } = found.rows[0] ?? {}
  if (!own) return tables === 0 ? 0 : null
  const kept = await client.query<{ version: number }>(
    `SELECT version FROM ${SCHEMA}.schema_version`,
  )
  return kept.rows[0]?.version ?? 0
}

/** The version that a schema of this program has. */
export const newestVersion = (migrations: readonly Migration[]): number =>
  Math.max(...migrations.map(({ version }) => version))

/** Applies what is missing, each step in a transaction of its own. Of several gateways that start at once, one does it and the others wait. */
export async function migrate(client: Client, migrations: readonly Migration[]): Promise<void> {
  await client.query('SELECT pg_advisory_lock($1)', [LOCK])
  try {
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`)
    await client.query(`CREATE TABLE IF NOT EXISTS ${SCHEMA}.schema_version (
      only_row BOOLEAN PRIMARY KEY DEFAULT true CHECK (only_row), version INTEGER NOT NULL)`)
    for (const { version, sql } of migrations) {
      if (((await versionOf(client)) ?? 0) >= version) continue
      await step(client, version, sql)
    }
  } finally {
    // a connection that broke has given the lock back by itself
    await client.query('SELECT pg_advisory_unlock($1)', [LOCK]).catch(() => {})
  }
}

async function step(client: Client, version: number, sql: string): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(sql)
    await client.query(
      `INSERT INTO ${SCHEMA}.schema_version (version) VALUES ($1)
        ON CONFLICT (only_row) DO UPDATE SET version = excluded.version`,
      [version],
    )
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}
