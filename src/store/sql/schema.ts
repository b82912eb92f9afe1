import type { Generated } from 'kysely'
import type { BudgetSchema } from './budget-schema.ts'
import type { IdentityTables } from './identity-tables.ts'
import type { QuotaTables } from './quota-tables.ts'

/** The tables as the query builder sees them. */
export interface Schema extends IdentityTables, QuotaTables, BudgetSchema {
  readonly ledger: LedgerTable
  readonly ledger_writer: { number: number; name: string; seq: number; hash: Uint8Array }
  readonly ledger_word: { number: number; text: string }
  readonly ledger_block: LedgerBlockTable
  readonly ledger_posting: { name: number; first: number; offsets: Uint8Array }
  readonly index_name: { number: Generated<number>; text: string }
  readonly rollup: RollupTable
  readonly rollup_until: { writer: string; seq: number }
  readonly ledger_checkpoint: { number: number; body: string; signature: Uint8Array }
  readonly signing_key: { generation: number; key: Uint8Array; signature: Uint8Array | null }
  readonly content_key: { tenant: string; owner: string; wrapped: Uint8Array | null }
  readonly content: ContentTable
  readonly held_answer: HeldAnswerTable
  readonly cached_answer: CachedAnswerTable
  readonly anchor: { name: string; number: number }
  readonly tenant: { number: number; name: string }
  readonly destination_state: { tenant: string; id: string; state: string; at: number; by: string }
  readonly document: DocumentTable
  readonly policy_change: PolicyChangeTable
  readonly model_admission: { digest: string; version: number; record: string }
  readonly data_set: { name: string; version: string; revision: number; record: string }
  readonly bill: { digest: string; bytes: Uint8Array }
  readonly shared_file: { name: string; version: string; bytes: Uint8Array }
  readonly vouched_session: VouchedSessionTable
  readonly sign_in_code: SignInCodeTable
}

export interface LedgerTable {
  place: number
  tenant: number
  type: number
  at: number
  id: Uint8Array
  /** The first bytes of the record's own hash. */
  link: Uint8Array
  /** Null: the record is erased. */
  salt: Uint8Array | null
  /** The payload, as `body/` writes it; of an erased record the leaf, which of all others is computed. Null: somebody took it away. */
  body: Uint8Array | null
}

/** A stretch of one chain whose records can be found by their facets. */
export interface LedgerBlockTable {
  /** Places of its first and last record. */
  first: number
  last: number
  lowest: Uint8Array
  highest: Uint8Array
  /** 1: its ids rise with their places. */
  ordered: number
}

export interface ContentTable {
  decision: Uint8Array
  part: 'request'
  tenant: string
  owner: string
  at: number
  sealed: Uint8Array
}

export interface HeldAnswerTable {
  id: Uint8Array
  tenant: string
  owner: string
  caller: string
  person: string | null
  at: number
  expires_at: number
  class: string
  categories: string
  undetermined: number
  surface: string
  destination: string
  model: string
  rule: string
  found: string
  state: string
  reviewer: string | null
  decided_at: number | null
  reason: string | null
  sealed: Uint8Array
}

export interface CachedAnswerTable {
  tenant: string
  key: string
  bucket: string | null
  owner: string
  subject: string | null
  at: number
  expires_at: number
  sealed: Uint8Array
}

export interface RollupTable {
  /** The name of tenant and dimension. */
  chart: number
  /** Milliseconds: an hour, a day or a week. */
  grain: number
  /** When it began. */
  start: number
  /** The name of the value. */
  name: number
  /** Figures; null is 0. */
  requests: number | null
  refused: number | null
  failed: number | null
  answered: number | null
  prompt_tokens: number | null
  completion_tokens: number | null
  cost_micro: number | null
  /** Answers whose price was unknown. */
  unpriced: number | null
  energy_mwh: number | null
  total_ms: number | null
}

export interface DocumentTable {
  number: Generated<number>
  kind: string
  version: string
  json: string
  at: number
}

export interface VouchedSessionTable {
  id: string
  tenant: string
  person: string
  provider: string
  subject: string
  sid: string | null
  digest: Uint8Array | null
  key_id: string | null
  sealed: Uint8Array
  refresh_at: number | null
  expires_at: number
}

export interface SignInCodeTable {
  digest: Uint8Array
  tenant: string
  person: string
  provider: string
  subject: string
  sid: string | null
  challenge: string
  sealed: Uint8Array
  expires_at: number
}

export interface PolicyChangeTable {
  tenant: string
  number: number
  action: string
  document: string | null
  digest: string | null
  in_force: number | null
  staged: number | null
  share: number
  share_by: string
  shadow: number | null
  reason: string
  by: string
  at: number
}
