import type { DatabaseSync } from 'node:sqlite'

/**
 * Runs synchronous work in one write transaction: all or nothing, durable on return. Never spans an `await`:
 * the connection is shared, and another write would find itself inside a transaction that is not its own.
 */
export function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    work()
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
