import { ledgerKeysState } from './0001-ledger-keys-state.ts'
import { ledgerBodies } from './0006-ledger-bodies.ts'
import type { Migration } from './migration.ts'

/** Every migration, in order; a new one is one file and one line here. */
export const MIGRATIONS: readonly Migration[] = [ledgerKeysState, ledgerBodies]

/** The version that a database has after all of them. */
export const NEWEST = MIGRATIONS.reduce((newest, { version }) => Math.max(newest, version), 0)
