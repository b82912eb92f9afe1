import type { Generated } from 'kysely'
import type { IdentityTables } from './identity-tables.ts'
import type { QuotaTables } from './quota-tables.ts'

/** The tables as the query builder sees them. */
export interface Schema extends IdentityTables, QuotaTables {
  readonly ledger: LedgerTable
  readonly ledger_writer: { number: number; name: string; seq: number; hash: Uint8Array }
  readonly tenant: { number: number; name: string }
  readonly destination_state: { tenant: string; id: string; state: string; at: number; by: string }
  readonly document: DocumentTable
}

export interface LedgerTable {
  place: number
  tenant: number
  type: number
  at: number
  id: Uint8Array
  prev: Uint8Array
  leaf: Uint8Array
  salt: Uint8Array | null
  payload: string | null
  class: string | null
  destination: string | null
  key: string | null
  refusal: string | null
  categories: string | null
}

export interface DocumentTable {
  number: Generated<number>
  kind: string
  version: string
  json: string
  at: number
}
